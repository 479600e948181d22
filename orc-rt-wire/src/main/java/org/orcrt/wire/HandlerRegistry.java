// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.CallException;
import org.orcrt.api.Execution;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;

/// The handlers that a controller lets one executor call, by tag. A tag is a capability: nothing else of the controller
/// can be reached. Look-up takes no lock and allocates nothing. Any thread.
public final class HandlerRegistry {

    /// Who waits longer for a handler to end has met a bug.
    private static final Duration UNREGISTER_BOUND = Duration.ofSeconds(30);

    /// Of all registries: one of each would make a thread that serves many sessions carry something of each.
    private static final ThreadLocal<Inside> INSIDE = ThreadLocal.withInitial(Inside::new);

    /// One handler, and who is in it.
    private final class Registration implements WrapperFunction {

        private final long tag;
        private final WrapperFunction handler;
        private final Gate gate = new Gate();

        Registration(long tag, WrapperFunction handler) {
            this.tag = tag;
            this.handler = handler;
        }

        @Override
        public Execution execution() {
            return handler.execution();
        }

        @Override
        public void call(MemorySegment args, long offset, long length, WrapperReturn reply) {
            if (!gate.tryEnter()) {
                refuse(tag, reply);
                return;
            }
            Inside mine = INSIDE.get();
            mine.push(this);
            try {
                handler.call(args, offset, length, reply);
            } finally {
                mine.pop();
                gate.leave();
            }
        }
    }

    /// Tags in ascending order with their registrations; replaced, never changed.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Table(long[] tags, Registration[] registrations) {

        @Nullable Registration find(long tag) {
            int at = Arrays.binarySearch(tags, tag);
            return at < 0 ? null : registrations[at];
        }
    }

    /// The handlers that a thread is in, the innermost last.
    private static final class Inside {
        private @Nullable Registration[] stack = new Registration[8];
        private int depth;

        void push(Registration registration) {
            if (depth == stack.length) {
                stack = Arrays.copyOf(stack, 2 * depth);
            }
            stack[depth++] = registration;
        }

        void pop() {
            stack[--depth] = null; // the thread may outlive the registry and what its handlers know
        }

        boolean contains(Registration registration) {
            for (int k = 0; k < depth; k++) {
                if (stack[k] == registration) {
                    return true;
                }
            }
            return false;
        }
    }

    private final LongAdder refused = new LongAdder();
    private volatile Table table = new Table(new long[0], new Registration[0]);

    /// Makes a registry without handlers.
    public HandlerRegistry() {}

    /// Lets a handler be called.
    ///
    /// @param tag its tag
    /// @param handler runs on the thread that delivers the call
    /// @throws IllegalArgumentException if the tag has a handler already
    public synchronized void register(HandlerTag tag, WrapperFunction handler) {
        Table old = table;
        int at = Arrays.binarySearch(old.tags, tag.value());
        Registration added = new Registration(tag.value(), handler);
        if (at >= 0) {
            if (!old.registrations[at].gate.isClosed()) {
                throw new IllegalArgumentException("register: " + tag + " has a handler already; unregister it first");
            }
            // it is being taken back, and its last call may still run: for everybody else the tag is free
            Registration[] replaced = old.registrations.clone();
            replaced[at] = added;
            table = new Table(old.tags, replaced);
            return;
        }
        int place = -at - 1;
        long[] tags = new long[old.tags.length + 1];
        Registration[] registrations = new Registration[tags.length];
        System.arraycopy(old.tags, 0, tags, 0, place);
        System.arraycopy(old.tags, place, tags, place + 1, old.tags.length - place);
        System.arraycopy(old.registrations, 0, registrations, 0, place);
        System.arraycopy(old.registrations, place, registrations, place + 1, old.tags.length - place);
        tags[place] = tag.value();
        registrations[place] = added;
        table = new Table(tags, registrations);
    }

    /// Takes a handler back, and waits until nobody is in it.
    ///
    /// @param tag which handler; one that is not there does nothing
    /// @throws IllegalStateException from inside that handler, or if a call of it runs for more than 30 seconds, or
    ///     this thread is interrupted; it cannot be called any more in any case but the first
    public void unregister(HandlerTag tag) {
        Registration registration = table.find(tag.value());
        if (registration == null) {
            return;
        }
        if (INSIDE.get().contains(registration)) {
            throw new IllegalStateException("unregister: from inside the handler of " + tag + " waits for itself");
        }
        registration.gate.close();
        try {
            if (!registration.gate.awaitEmpty(UNREGISTER_BOUND.toNanos())) {
                throw new IllegalStateException(
                        "unregister: the handler of %s still runs after %s; it gets no new call; unregister it again later"
                                .formatted(tag, UNREGISTER_BOUND));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("unregister: interrupted while the handler of " + tag + " runs", stop);
        }
        remove(registration); // not before: another thread that takes it back must find it, and wait, too
    }

    /// Finds what a call of the executor runs.
    ///
    /// @param tag what the executor asks for
    /// @return the handler, which may be taken back at any time and then refuses the call; or, if there is
    ///     none, a leaf that refuses the call
    public WrapperFunction at(long tag) {
        Registration registration = table.find(tag);
        return registration != null
                ? registration
                : WrapperFunction.on(Execution.LEAF, (args, offset, length, reply) -> refuse(tag, reply));
    }

    private void refuse(long tag, WrapperReturn reply) {
        refused.increment();
        reply.outOfBandError(CallException.UNKNOWN_TAG, "no handler is registered under tag 0x%x".formatted(tag));
    }

    /// How many calls met no handler.
    ///
    /// @return the count since the beginning
    public long refused() {
        return refused.sum();
    }

    private synchronized void remove(Registration registration) {
        Table old = table;
        int at = Arrays.binarySearch(old.tags, registration.tag);
        if (at < 0 || old.registrations[at] != registration) {
            return; // another thread was first, and waits as we do
        }
        long[] tags = new long[old.tags.length - 1];
        Registration[] registrations = new Registration[tags.length];
        System.arraycopy(old.tags, 0, tags, 0, at);
        System.arraycopy(old.tags, at + 1, tags, at, tags.length - at);
        System.arraycopy(old.registrations, 0, registrations, 0, at);
        System.arraycopy(old.registrations, at + 1, registrations, at, tags.length - at);
        table = new Table(tags, registrations);
    }
}
