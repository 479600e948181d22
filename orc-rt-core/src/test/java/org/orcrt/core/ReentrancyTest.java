// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.CallException;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.WrapperReturn;
import org.orcrt.testing.Bounded;

/// Calls inside calls: the executor asks the controller, which asks the executor, and so on.
@Timeout(60)
class ReentrancyTest {

    private static final HandlerTag TAG = new HandlerTag(1);
    private static final int DEPTH = 64;

    /// One worker, which is in every call at once if calls are nested.
    private static final SessionLimits ONE_WORKER =
            new SessionLimits(1, 512, 1 << 22, 64, DEPTH, Duration.ofSeconds(20));

    private final BlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private InProcessHarness harness;
    private Thread controller;

    /// Where the controller's code runs that answers later: so no stack of a caller is used for it.
    @BeforeEach
    void start() {
        harness = new InProcessHarness(ONE_WORKER, 256);
        controller = Thread.ofPlatform().daemon().name("test-controller").start(() -> {
            while (!stopped.get()) {
                try {
                    posted.take().run();
                } catch (InterruptedException stop) {
                    return;
                }
            }
        });
    }

    @AfterEach
    void end() {
        stopped.set(true);
        controller.interrupt();
        harness.close();
        assertThat(harness.reports).isEmpty();
    }

    private static long number(MemorySegment bytes, long offset) {
        return bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
    }

    private static MemorySegment bytes(long number) {
        return MemorySegment.ofArray(new long[] {number});
    }

    private static void answer(WrapperReturn reply, long number) {
        reply.result(bytes(number), 0, Long.BYTES);
    }

    private long askController(long number) {
        long[] result = new long[1];
        harness.session.callControllerAndWait(
                TAG, bytes(number), 0, 8, MemorySegment.ofArray(result), 0, 8, 20_000_000_000L);
        return result[0];
    }

    /// A function that asks the controller with one less, until nothing is left; it answers how deep it went. The
    /// controller calls it again from its own thread, without waiting there.
    private ExecutorAddress descend() {
        AtomicLong self = new AtomicLong();
        ExecutorAddress address = harness.function(Execution.DISPATCHED, (args, offset, length, reply) -> {
            long left = number(args, offset);
            answer(reply, left == 0 ? 1 : 1 + askController(left - 1));
        });
        self.set(address.value());
        harness.pair.control().registerHandler(TAG, (args, offset, length, reply) -> {
            long left = number(args, offset);
            posted.add(() -> harness.pair
                    .control()
                    .callWrapper(
                            address,
                            bytes(left),
                            0,
                            8,
                            (status, bytes, at, size, context) -> {
                                switch (status) {
                                    case RESULT -> answer(reply, number(bytes, at));
                                    default -> reply.outOfBandError(text(bytes, at, size));
                                }
                            },
                            0,
                            20_000_000_000L));
        });
        harness.attach();
        return address;
    }

    private static String text(MemorySegment bytes, long offset, long length) {
        return new String(bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
    }

    /// Calls the function without waiting on the stack of this thread's own call: the one worker runs it.
    private String depth(ExecutorAddress function, long nested) throws Exception {
        try {
            byte[] result = harness.pair
                    .control()
                    .callWrapperAsync(function, bytes(nested).toArray(ValueLayout.JAVA_BYTE), Duration.ofSeconds(20))
                    .toCompletableFuture()
                    .get();
            return String.valueOf(MemorySegment.ofArray(result).get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
        } catch (ExecutionException error) {
            return String.valueOf(error.getCause().getMessage());
        }
    }

    @Test
    @Tag("SE-8")
    @Tag("C4")
    void calls_may_be_nested_as_deep_as_the_limit_with_one_worker_and_one_deeper_is_overloaded() throws Exception {
        ExecutorAddress function = descend();
        for (int depth = 1; depth <= DEPTH; depth++) {
            assertThat(depth(function, depth - 1)).isEqualTo(String.valueOf(depth));
        }
        assertThat(depth(function, DEPTH)).contains("overloaded: calls are nested 64 deep");
        assertThat(depth(function, 3)).as("nothing is left of it").isEqualTo("4");
    }

    @ParameterizedTest
    @ValueSource(ints = {DEPTH, DEPTH + 1})
    @Tag("C4")
    void the_same_holds_where_every_call_runs_on_the_callers_stack(int depth) {
        AtomicInteger deepest = new AtomicInteger();
        ExecutorAddress function = harness.function(Execution.DISPATCHED, (args, offset, length, reply) -> {
            deepest.incrementAndGet();
            long left = number(args, offset);
            answer(reply, left == 0 ? 1 : 1 + askController(left - 1));
        });
        harness.pair.control().registerHandler(TAG, (args, offset, length, reply) -> {
            long[] result = new long[1];
            try {
                harness.pair
                        .control()
                        .callWrapperAndWait(
                                function, args, offset, length, MemorySegment.ofArray(result), 0, 8, 20_000_000_000L);
                answer(reply, result[0]);
            } catch (CallException error) {
                reply.outOfBandError(String.valueOf(error.getMessage()));
            }
        });
        harness.attach();
        long[] result = new long[1];
        String outcome;
        try {
            harness.pair
                    .control()
                    .callWrapperAndWait(
                            function, bytes(depth - 1), 0, 8, MemorySegment.ofArray(result), 0, 8, 20_000_000_000L);
            outcome = String.valueOf(result[0]);
        } catch (CallException error) {
            outcome = String.valueOf(error.getMessage());
        }
        assertThat(deepest).hasValue(Math.min(depth, DEPTH));
        assertThat(outcome).contains(depth <= DEPTH ? "64" : "overloaded: calls are nested 64 deep");
    }

    @Test
    @Tag("C5")
    void one_worker_that_finds_no_room_runs_what_makes_room() throws Exception {
        try (InProcessHarness narrow = new InProcessHarness(ONE_WORKER, 1)) {
            AtomicReference<WrapperReturn> kept = new AtomicReference<>();
            CountDownLatch mayCall = new CountDownLatch(1);
            narrow.pair.control().registerHandler(TAG, (args, offset, length, reply) -> {
                if (!kept.compareAndSet(null, reply)) {
                    answer(reply, 5);
                }
            });
            ExecutorAddress waits = narrow.function(Execution.DISPATCHED, (args, offset, length, reply) -> {
                Bounded.await(mayCall);
                reply.result(MemorySegment.ofArray(narrow.callController(TAG, new byte[8])), 0, 8);
            });
            ExecutorAddress makesRoom = narrow.function(Execution.DISPATCHED, (args, offset, length, reply) -> {
                answer(kept.get(), 1);
                answer(reply, 2);
            });
            narrow.attach();
            // the window's one place is taken by a call whose answer depends on a task that waits for the worker
            narrow.session.callController(
                    TAG, bytes(0), 0, 8, (status, bytes, offset, length, context) -> {}, 0, Session.NO_TIMEOUT);
            var first = narrow.pair.control().callWrapperAsync(waits, new byte[8], Duration.ofSeconds(20));
            Bounded.until("the worker is inside", () -> narrow.session.gate().inside() == 1);
            // the other direction has one place, too: straight to the session, as a wire would do
            narrow.session.dispatch(narrow.session.onWrapperCall(makesRoom.value(), bytes(0), 0, 8, 77));
            mayCall.countDown();
            assertThat(first.toCompletableFuture().get(20, TimeUnit.SECONDS)).hasSize(8);
        }
    }

    @Test
    @Tag("C7")
    void the_deadline_of_a_worker_that_runs_other_calls_meanwhile_is_kept() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        ExecutorAddress busy = harness.function(Execution.DISPATCHED, (args, offset, length, reply) -> {
            Thread.onSpinWait();
            answer(reply, 1);
        });
        ExecutorAddress waits = harness.function(Execution.DISPATCHED, (args, offset, length, reply) -> {
            long startNs = System.nanoTime();
            try {
                harness.callController(TAG, new byte[0], Duration.ofMillis(50));
            } catch (CallException late) {
                over.set(true);
            }
            answer(reply, System.nanoTime() - startNs);
        });
        harness.pair.control().registerHandler(TAG, (args, offset, length, reply) -> {});
        harness.attach();
        var call = harness.pair
                .control()
                .callWrapperAsync(waits, new byte[0], Duration.ofSeconds(20))
                .toCompletableFuture();
        long untilNs = System.nanoTime() + 20_000_000_000L;
        while (!call.isDone() && System.nanoTime() < untilNs) {
            harness.pair.control().callWrapper(busy, bytes(0), 0, 8, (s, b, o, l, c) -> {}, 0, Session.NO_TIMEOUT);
        }
        assertThat(call.isDone()).as("ended although there was always a task").isTrue();
        assertThat(over).isTrue();
    }

    /// One direction of C5: calls until the window is full, again and again; the other end keeps the replies and a
    /// thread of its own gives them, the oldest first.
    private static final class Flood {
        private final BlockingQueue<WrapperReturn> replies = new LinkedBlockingQueue<>();
        private final AtomicInteger answered = new AtomicInteger();
        private int refused;

        void keep(MemorySegment args, long offset, long length, WrapperReturn reply) {
            replies.add(reply);
        }

        /// @param call sends one call whose handler counts it as answered
        int run(int rounds, Supplier<SendStatus> call) {
            for (int sent = 0; sent < rounds; ) {
                if (call.get() == SendStatus.SENT) {
                    sent++;
                } else {
                    refused++;
                    Thread.yield();
                }
            }
            Bounded.until("all are answered", () -> answered.get() == rounds);
            return refused;
        }

        int answerAll(int rounds) throws InterruptedException {
            for (int k = 0; k < rounds; k++) {
                Bounded.take(replies).result(bytes(k), 0, 8);
            }
            return 0;
        }
    }

    @Test
    @Tag("C5")
    void both_sides_call_each_other_with_full_windows_and_every_call_is_answered() throws Exception {
        int rounds = Rows.scaled(100_000);
        Flood down = new Flood();
        Flood up = new Flood();
        ExecutorAddress function = harness.function(Execution.DISPATCHED, up::keep);
        harness.pair.control().registerHandler(TAG, down::keep);
        harness.attach();
        ResultHandler countDown = (status, bytes, offset, length, context) -> down.answered.incrementAndGet();
        ResultHandler countUp = (status, bytes, offset, length, context) -> up.answered.incrementAndGet();
        List<Integer> refused = Bounded.together(4, k -> () -> switch (k) {
            case 0 ->
                down.run(
                        rounds,
                        () -> harness.session.callController(TAG, bytes(1), 0, 8, countDown, 0, Session.NO_TIMEOUT));
            case 1 ->
                up.run(
                        rounds,
                        () -> harness.pair
                                .control()
                                .callWrapper(function, bytes(1), 0, 8, countUp, 0, Session.NO_TIMEOUT));
            case 2 -> down.answerAll(rounds);
            default -> up.answerAll(rounds);
        });
        assertThat(refused.get(0)).as("the window was full").isPositive();
        assertThat(refused.get(1)).as("the window was full").isPositive();
        assertThat(down.answered).hasValue(rounds);
        assertThat(up.answered).hasValue(rounds);
    }
}
