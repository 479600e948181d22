// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.CallStatus;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Task;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.spi.ControllerAccess;
import org.orcrt.spi.SessionPort;

/// The contract of ways to a controller notices what it is for: each access here breaks one rule.
class PlantedAccessesTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 20})
    void the_access_that_the_broken_ones_extend_keeps_the_rule(int rule) {
        Planted.passes(Sound.class, "CA-" + rule);
    }

    @Test
    void an_access_that_tells_an_outcome_twice_is_caught() {
        Planted.isCaught(TellsTwice.class, "CA-2");
        Planted.isCaught(TellsTwice.class, "CA-5");
    }

    @Test
    void an_access_that_reads_arguments_after_the_call_returned_is_caught() {
        Planted.isCaught(ReadsLate.class, "CA-3");
    }

    @Test
    void an_access_that_leaves_calls_pending_at_the_end_is_caught() {
        Planted.isCaught(LeavesPending.class, "CA-9");
    }

    @Test
    void an_access_whose_disconnect_returns_while_another_one_tells_the_port_is_caught() {
        Planted.isCaught(Hasty.class, "CA-7");
    }

    @Test
    void an_access_that_tells_the_port_each_time_is_caught() {
        Planted.isCaught(TellsEachTime.class, "CA-8");
    }

    @Test
    void an_access_that_runs_what_is_left_to_do_twice_is_caught() {
        Planted.isCaught(RunsTwice.class, "CA-13");
    }

    @Test
    void an_access_that_mixes_up_answers_is_caught() {
        Planted.isCaught(MixesUp.class, "CA-11");
    }

    @Test
    void an_access_that_withdraws_what_was_withdrawn_is_caught() {
        Planted.isCaught(WithdrawsTwice.class, "CA-15");
    }

    /// Both ends in one object: right as far as the rules above go, with a place for each mistake.
    static class Small implements ControllerAccess, ControllerAccessContract.Peer {

        private record Pending(ResultHandler handler, long context) {}

        private final Map<Long, WrapperFunction> handlers = new ConcurrentHashMap<>();
        private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
        private final Map<Long, CompletableFuture<byte[]>> calls = new ConcurrentHashMap<>();
        private final AtomicLong last = new AtomicLong();
        private final AtomicBoolean ending = new AtomicBoolean();
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile SessionPort port;

        @Override
        public ControllerAccess access() {
            return this;
        }

        @Override
        public void serve(HandlerTag tag, WrapperFunction handler) {
            handlers.put(tag.value(), handler);
        }

        @Override
        public CompletionStage<byte[]> call(long target, byte[] args) {
            long id = last.incrementAndGet();
            CompletableFuture<byte[]> answer = new CompletableFuture<>();
            calls.put(id, answer);
            Task rest = port.onWrapperCall(target, MemorySegment.ofArray(args), 0, args.length, id);
            if (rest != null) {
                finish(rest);
            }
            return answer;
        }

        void finish(Task rest) {
            rest.run();
        }

        @Override
        public void hangUp() {
            disconnect(Duration.ofSeconds(1));
        }

        @Override
        public void attach(SessionPort to, BootstrapInfo info) {
            if (port != null || ending.get()) {
                throw new IllegalStateException("attached once");
            }
            port = to;
        }

        @Override
        public SendStatus callController(
                HandlerTag tag,
                MemorySegment args,
                long offset,
                long length,
                ResultHandler handler,
                long context,
                long timeoutNs) {
            if (port == null || ending.get()) {
                return SendStatus.DISCONNECTED;
            }
            long id = last.incrementAndGet();
            pending.put(id, new Pending(handler, context));
            handler.onPending(id);
            arrive(tag, args.asSlice(offset, length), id);
            return SendStatus.SENT;
        }

        void arrive(HandlerTag tag, MemorySegment args, long id) {
            byte[] copy = args.toArray(ValueLayout.JAVA_BYTE);
            handlers.get(tag.value()).call(MemorySegment.ofArray(copy), 0, copy.length, new Reply(id));
        }

        void tell(long id, CallStatus status, MemorySegment bytes) {
            Pending call = pending.remove(id);
            if (call != null) {
                call.handler.onResult(status, bytes, 0, bytes.byteSize(), call.context);
            }
        }

        private final class Reply implements WrapperReturn {

            private final long id;

            Reply(long id) {
                this.id = id;
            }

            @Override
            public void result(MemorySegment bytes, long offset, long length) {
                tell(id, CallStatus.RESULT, bytes.asSlice(offset, length));
            }

            @Override
            public void outOfBandError(String text) {
                tell(id, CallStatus.OUT_OF_BAND_ERROR, MemorySegment.ofArray(text.getBytes(UTF_8)));
            }
        }

        @Override
        public boolean cancelCall(long callId, CallStatus why) {
            boolean there = pending.containsKey(callId);
            tell(callId, why, MemorySegment.NULL);
            return there;
        }

        @Override
        public boolean deliversOn(Thread thread) {
            return false;
        }

        @Override
        public void sendWrapperResult(MemorySegment bytes, long offset, long length, long callId) {
            calls.get(callId).complete(bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
        }

        @Override
        public void sendOutOfBandError(String text, long callId) {
            calls.get(callId).completeExceptionally(new IllegalStateException(text));
        }

        @Override
        public boolean disconnect(Duration bound) {
            if (ending.compareAndSet(false, true)) {
                failPending();
                if (port != null) {
                    port.onDisconnected(null);
                }
                ended.countDown();
                return true;
            }
            return awaitEnd(bound);
        }

        void failPending() {
            pending.keySet().forEach(id -> tell(id, CallStatus.DISCONNECTED, MemorySegment.NULL));
        }

        boolean awaitEnd(Duration bound) {
            try {
                return ended.await(bound.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException stop) {
                throw new AssertionError(stop);
            }
        }

        final void tellPort() {
            port.onDisconnected(null);
        }
    }

    static class Sound extends ControllerAccessContract {
        @Override
        protected Peer connect() {
            return new Small();
        }
    }

    static class TellsTwice extends ControllerAccessContract {
        @Override
        protected Peer connect() {
            return new Small() {
                @Override
                public SendStatus callController(
                        HandlerTag tag,
                        MemorySegment args,
                        long offset,
                        long length,
                        ResultHandler handler,
                        long context,
                        long timeoutNs) {
                    SendStatus status = super.callController(tag, args, offset, length, handler, context, timeoutNs);
                    handler.onResult(CallStatus.RESULT, MemorySegment.NULL, 0, 0, context);
                    return status;
                }
            };
        }
    }

    static class ReadsLate extends ControllerAccessContract {
        @Override
        protected Peer connect() {
            return new Small() {
                @Override
                void arrive(HandlerTag tag, MemorySegment args, long id) {
                    Patience.start(() -> {
                        Patience.until("the caller has gone on", () -> args.get(ValueLayout.JAVA_BYTE, 0) == '!');
                        super.arrive(tag, args, id);
                        return true;
                    });
                }
            };
        }
    }

    static class LeavesPending extends ControllerAccessContract {
        @Override
        protected Peer connect() {
            return new Small() {
                @Override
                void failPending() {}
            };
        }
    }

    static class Hasty extends ControllerAccessContract {
        @Override
        protected Peer connect() {
            return new Small() {
                @Override
                boolean awaitEnd(Duration bound) {
                    return true;
                }
            };
        }
    }

    static class TellsEachTime extends ControllerAccessContract {
        @Override
        protected Peer connect() {
            return new Small() {
                @Override
                boolean awaitEnd(Duration bound) {
                    boolean over = super.awaitEnd(bound);
                    tellPort();
                    return over;
                }
            };
        }
    }

    static class RunsTwice extends ControllerAccessContract {
        @Override
        protected Peer connect() {
            return new Small() {
                @Override
                void finish(Task rest) {
                    rest.run();
                    rest.run();
                }
            };
        }
    }

    static class MixesUp extends ControllerAccessContract {
        @Override
        protected Peer connect() {
            return new Small() {
                @Override
                public void sendWrapperResult(MemorySegment bytes, long offset, long length, long callId) {
                    super.sendWrapperResult(bytes, offset, length, Math.max(1, callId ^ 1));
                }
            };
        }
    }

    static class WithdrawsTwice extends ControllerAccessContract {
        @Override
        protected Peer connect() {
            return new Small() {
                @Override
                public boolean cancelCall(long callId, CallStatus why) {
                    super.cancelCall(callId, why);
                    return true;
                }
            };
        }
    }
}
