// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.CallException;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorProcessControl;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.OrcException;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.SessionException;
import org.orcrt.api.WrapperFunction;
import org.orcrt.spi.SessionPort;

/// The contract of the controller's end notices what it is for: each one here breaks one rule.
class PlantedControlsTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 8, 10})
    void the_end_that_the_broken_ones_extend_keeps_the_rule(int rule) {
        Planted.passes(Sound.class, "PC-" + rule);
    }

    @Test
    void an_end_that_tells_an_answer_twice_is_caught() {
        Planted.isCaught(TellsTwice.class, "PC-2");
    }

    @Test
    void an_end_that_writes_beyond_the_room_it_was_given_is_caught() {
        Planted.isCaught(WritesAll.class, "PC-3");
    }

    @Test
    void an_end_that_does_not_count_what_it_refuses_is_caught() {
        Planted.isCaught(CountsNothing.class, "PC-7");
    }

    @Test
    void an_end_that_takes_a_second_handler_is_caught() {
        Planted.isCaught(TakesASecond.class, "PC-8");
    }

    @Test
    void an_end_that_does_not_wait_for_the_end_is_caught() {
        Planted.isCaught(DoesNotWait.class, "PC-10");
    }

    /// The controller's end over [PlantedAccessesTest.Small]: right as far as the rules above go.
    static class Small implements ExecutorProcessControl {

        final AtomicLong refused = new AtomicLong();
        final Map<Long, WrapperFunction> handlers = new ConcurrentHashMap<>();
        private final AtomicLong last = new AtomicLong();
        private volatile BootstrapInfo info;

        final PlantedAccessesTest.Small access = new PlantedAccessesTest.Small() {
            @Override
            public void attach(SessionPort to, BootstrapInfo told) {
                info = told;
                super.attach(to, told);
            }

            @Override
            void arrive(HandlerTag tag, MemorySegment args, long id) {
                serve(tag, handlers.getOrDefault(tag.value(), (a, o, l, reply) -> {
                    refuse();
                    reply.outOfBandError("nobody registered " + tag);
                }));
                super.arrive(tag, args, id);
            }
        };

        void refuse() {
            refused.incrementAndGet();
        }

        @Override
        public BootstrapInfo bootstrapInfo() {
            return info;
        }

        @Override
        public SendStatus callWrapper(
                ExecutorAddress function,
                MemorySegment args,
                long offset,
                long length,
                ResultHandler handler,
                long context,
                long timeoutNs) {
            handler.onPending(last.incrementAndGet());
            byte[] copy = args.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
            access.call(function.value(), copy).whenComplete((bytes, failure) -> {
                CallStatus status = failure == null ? CallStatus.RESULT : CallStatus.OUT_OF_BAND_ERROR;
                byte[] told = failure == null ? bytes : failure.getMessage().getBytes(UTF_8);
                handler.onResult(status, MemorySegment.ofArray(told), 0, told.length, context);
            });
            return SendStatus.SENT;
        }

        @Override
        public boolean cancelCall(long callId) {
            return false;
        }

        @Override
        public long callWrapperAndWait(
                ExecutorAddress function,
                MemorySegment args,
                long offset,
                long length,
                MemorySegment result,
                long resultOffset,
                long resultLimit,
                long timeoutNs) {
            byte[] copy = args.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
            byte[] answer;
            try {
                answer = callWrapperAsync(function, copy, Duration.ZERO)
                        .toCompletableFuture()
                        .join();
            } catch (CompletionException failed) {
                throw (CallException) failed.getCause();
            }
            int written = (int) Math.min(answer.length, limit(resultLimit));
            MemorySegment.copy(answer, 0, result, ValueLayout.JAVA_BYTE, resultOffset, written);
            return answer.length;
        }

        long limit(long resultLimit) {
            return resultLimit;
        }

        @Override
        public CompletionStage<byte[]> callWrapperAsync(ExecutorAddress function, byte[] args, Duration timeout) {
            return access.call(function.value(), args).exceptionallyCompose(failure -> {
                throw new CallException(CallException.HANDLER_FAILED, failure.getMessage());
            });
        }

        @Override
        public void registerHandler(HandlerTag tag, WrapperFunction handler) {
            if (handlers.putIfAbsent(tag.value(), handler) != null) {
                taken();
            }
        }

        void taken() {
            throw new IllegalArgumentException("the tag has a handler");
        }

        @Override
        public void unregisterHandler(HandlerTag tag) {
            handlers.remove(tag.value());
        }

        @Override
        public long refusedCalls() {
            return refused.get();
        }

        @Override
        public long lateReplies() {
            return 0;
        }

        @Override
        public Optional<OrcException> awaitDisconnected(Duration bound) throws InterruptedException {
            if (!access.awaitEnd(bound)) {
                stillThere();
            }
            @Nullable OrcException none = null;
            return Optional.ofNullable(none);
        }

        void stillThere() {
            throw new SessionException(SessionException.KIND, "still there");
        }

        @Override
        public void disconnect() {
            access.disconnect(Duration.ofSeconds(1));
        }
    }

    static class Sound extends ExecutorProcessControlContract {
        @Override
        protected Ends connect() {
            Small control = control();
            return new Ends(control, control.access);
        }

        Small control() {
            return new Small();
        }
    }

    static class TellsTwice extends Sound {
        @Override
        Small control() {
            return new Small() {
                @Override
                public SendStatus callWrapper(
                        ExecutorAddress function,
                        MemorySegment args,
                        long offset,
                        long length,
                        ResultHandler handler,
                        long context,
                        long timeoutNs) {
                    super.callWrapper(function, args, offset, length, handler, context, timeoutNs);
                    return super.callWrapper(function, args, offset, length, handler, context, timeoutNs);
                }
            };
        }
    }

    static class WritesAll extends Sound {
        @Override
        Small control() {
            return new Small() {
                @Override
                long limit(long resultLimit) {
                    return resultLimit + 1;
                }
            };
        }
    }

    static class CountsNothing extends Sound {
        @Override
        Small control() {
            return new Small() {
                @Override
                void refuse() {}
            };
        }
    }

    static class TakesASecond extends Sound {
        @Override
        Small control() {
            return new Small() {
                @Override
                void taken() {}
            };
        }
    }

    static class DoesNotWait extends Sound {
        @Override
        Small control() {
            return new Small() {
                @Override
                void stillThere() {}
            };
        }
    }
}
