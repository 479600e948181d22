// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.CallException;
import org.orcrt.api.Execution;
import org.orcrt.api.Task;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.api.TransportException;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.type.TypeId;

/// Runs the handlers that an executor calls. Leaves run in place; so does everything else if there is no dispatcher for
/// it. An executor may leave only so many calls unanswered: each costs the controller memory.
final class HandlerCalls implements ReplySink {

    /// How many bytes of arguments wait for threads at most.
    private static final long MAX_QUEUED_BYTES = 256L << 20;

    private final Link link;
    private final HandlerRegistry handlers;
    private final int maxOpen;
    private final @Nullable TaskDispatcher dispatcher;
    private final AtomicInteger open = new AtomicInteger();

    /// The bytes of arguments that wait for a thread.
    private final AtomicLong queuedBytes = new AtomicLong();

    /// Closed when the connection is over: what waits for a thread then never starts.
    private final Gate gate = new Gate();

    /// @param maxOpen how many calls may be unanswered at once
    HandlerCalls(Link link, HandlerRegistry handlers, int maxOpen, @Nullable TaskDispatcher dispatcher) {
        this.link = link;
        this.handlers = handlers;
        this.maxOpen = maxOpen;
        this.dispatcher = dispatcher;
    }

    /// A call has come. On the reader.
    ///
    /// @throws TransportException if there are too many
    void call(long tag, MemorySegment args, long offset, long length, long callId) {
        if (open.incrementAndGet() > maxOpen) {
            throw new TransportException(
                    TransportException.PROTOCOL_VIOLATION,
                    "protocol violation by the peer: more than " + maxOpen + " calls are unanswered");
        }
        WrapperFunction handler = handlers.at(tag);
        if (handler.execution() == Execution.LEAF) {
            LeafReply.run(handler, args, offset, length, callId, this);
        } else if (dispatcher == null) {
            run(handler, args, offset, length, new CallReply(this, callId));
        } else {
            CallReply reply = new CallReply(this, callId);
            if (queuedBytes.addAndGet(length) > MAX_QUEUED_BYTES) {
                queuedBytes.addAndGet(-length);
                reply.refuse(
                        CallException.OVERLOADED,
                        "overloaded: the arguments of calls that wait take %d bytes".formatted(MAX_QUEUED_BYTES));
                return;
            }
            byte[] copy = args.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
            dispatch(dispatcher, new HandlerCall(handler, copy, reply));
        }
    }

    /// The connection is over: no handler starts any more. Those that run go on.
    void close() {
        gate.close();
    }

    private void dispatch(TaskDispatcher to, HandlerCall call) {
        try {
            if (!to.dispatch(call)) {
                call.refuse(CallException.OVERLOADED, "overloaded: the controller has no thread for this call");
            }
        } catch (RuntimeException | Error broken) {
            // a dispatcher of somebody else's: the call ends all the same
            report(broken);
            call.refuse(CallReply.kindOf(broken), CallReply.textOf(broken));
        }
    }

    private static void run(WrapperFunction handler, MemorySegment args, long offset, long length, CallReply reply) {
        try {
            handler.call(args, offset, length, reply);
        } catch (Throwable failure) {
            // the boundary to code that is not ours: the caller always gets an answer
            reply.fail(failure);
        }
    }

    @Override
    public void sendResult(MemorySegment bytes, long offset, long length, long callId) {
        link.sendResult(bytes, offset, length, callId);
        open.decrementAndGet(); // not before: bytes that cannot be read are no answer, and another one follows
    }

    @Override
    public void sendOutOfBandError(TypeId kind, String text, long callId) {
        open.decrementAndGet();
        link.sendOutOfBandError(kind, text, callId);
    }

    @Override
    public void report(Throwable failure) {
        link.report(failure);
    }

    /// A call whose handler is no leaf.
    private final class HandlerCall implements Task {

        private final WrapperFunction handler;

        /// A copy that belongs to this call.
        private final byte[] args;

        private final CallReply reply;
        private final AtomicBoolean over = new AtomicBoolean();

        HandlerCall(WrapperFunction handler, byte[] args, CallReply reply) {
            this.handler = handler;
            this.args = args;
            this.reply = reply;
        }

        @Override
        public void run() {
            if (!gate.tryEnter()) {
                discard();
                return;
            }
            try {
                HandlerCalls.run(handler, MemorySegment.ofArray(args), 0, args.length, reply);
            } finally {
                gate.leave();
                end();
            }
        }

        @Override
        public void discard() {
            refuse(CallException.OVERLOADED, "the call was discarded: the controller has no thread for it any more");
        }

        void refuse(TypeId kind, String text) {
            try {
                reply.refuse(kind, text);
            } finally {
                end();
            }
        }

        private void end() {
            if (over.compareAndSet(false, true)) {
                queuedBytes.addAndGet(-args.length);
            }
        }
    }
}
