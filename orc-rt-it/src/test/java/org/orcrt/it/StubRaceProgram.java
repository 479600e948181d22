// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.orcrt.api.Session;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.core.InProcessPair;
import org.orcrt.core.Sessions;
import org.orcrt.ffm.FfmLinker;
import org.orcrt.ffm.StubPool;
import org.orcrt.ffm.WrapperCaller;
import org.orcrt.ffm.WrapperResult;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.ExecutorSetup;

/// The child of [StubRaceTest]: a thread calls whatever address was there last, from native code, while the main thread
/// gives addresses and takes them back.
final class StubRaceProgram {

    private static final byte[] ANSWER = {'a', 'n', 's', 'w', 'e', 'r', 's', ' ', 'l', 'o', 'n', 'g'};

    private static final WrapperFunction FUNCTION = (args, offset, length, reply) -> answer(reply);

    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong gone = new AtomicLong();
    private final AtomicLong other = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();

    /// What the callers call; never taken away, because native code keeps what it once got.
    private volatile long address;

    private StubRaceProgram() {}

    public static void main(String[] args) throws Exception {
        new StubRaceProgram().run(args[0], Integer.parseInt(args[1]));
    }

    private void run(String kind, int races) throws Exception {
        Thread caller = Thread.ofPlatform().unstarted(this::call);
        for (int race = 0; race < races; race++) {
            Runnable end = begin(kind);
            if (race == 0) {
                caller.start();
            }
            long before = answered.get();
            if (race % 4 != 0) { // else the end comes at once
                while (answered.get() == before) {
                    Thread.yield();
                }
            }
            end.run();
            if (race % 8 == 0) {
                long late = gone.get();
                while (gone.get() == late) {
                    Thread.yield();
                }
            }
        }
        over.set(true);
        caller.join();
        System.out.printf("races %d, answered %d, gone %d, other %d%n", races, answered.get(), gone.get(), other.get());
    }

    /// Gives an address.
    ///
    /// @return takes it back
    private Runnable begin(String kind) {
        return switch (kind) {
            case "unbind" -> {
                FfmLinker linker = new FfmLinker();
                address = linker.bind(FUNCTION).value();
                yield () -> linker.unbind(FUNCTION);
            }
            case "lease" -> {
                long leased = StubPool.lease((a, b, c, d, result) ->
                        WrapperResult.write(result, MemorySegment.ofArray(ANSWER), 0, ANSWER.length));
                address = leased;
                yield () -> StubPool.release(leased);
            }
            case "session" -> {
                Session session = Sessions.builder()
                        .plugin(new Plugin())
                        .attach(InProcessPair.create(Throwable::printStackTrace).access());
                yield session::close;
            }
            default -> throw new IllegalArgumentException(kind);
        };
    }

    /// Publishes the function in a session.
    private final class Plugin implements ExecutorPlugin {
        @Override
        public String name() {
            return "stub-race";
        }

        @Override
        public void install(ExecutorSetup setup) {
            address = setup.function("race", FUNCTION).value();
        }
    }

    private static void answer(WrapperReturn reply) {
        reply.result(MemorySegment.ofArray(ANSWER), 0, ANSWER.length);
    }

    private void call() {
        MemorySegment args = MemorySegment.ofArray(new byte[8]);
        WrapperReturn reply = new WrapperReturn() {
            @Override
            public void result(MemorySegment bytes, long offset, long length) {
                boolean ours = length == ANSWER.length
                        && MemorySegment.mismatch(
                                        bytes, offset, offset + length, MemorySegment.ofArray(ANSWER), 0, length)
                                < 0;
                (ours ? answered : other).incrementAndGet();
            }

            @Override
            public void outOfBandError(String text) {
                (text.contains("gone") ? gone : other).incrementAndGet();
            }
        };
        while (!over.get()) {
            WrapperCaller.call(address, args, 0, 8, reply);
        }
    }
}
