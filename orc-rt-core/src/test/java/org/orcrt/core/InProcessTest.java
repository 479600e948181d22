// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.orcrt.api.CallException;
import org.orcrt.api.CallStatus;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.testing.Bounded;

/// Executor and controller in one process.
class InProcessTest {

    private static final HandlerTag TAG = new HandlerTag(0x1234);
    private static final Duration SOON = Duration.ofMillis(20);
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(20);

    private InProcessHarness harness;

    @BeforeEach
    void pair() {
        harness = new InProcessHarness();
    }

    @AfterEach
    void end() {
        harness.close();
    }

    private static void echo(MemorySegment args, long offset, long length, WrapperReturn reply) {
        reply.result(args, offset, length);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource
    void the_controller_calls_functions_of_every_kind_in_every_form(Execution execution) throws Exception {
        ExecutorAddress echo = harness.function(execution, InProcessTest::echo);
        harness.attach();
        assertThat(harness.callAndWait(echo, utf8("waits"))).isEqualTo(utf8("waits"));
        CompletionStage<byte[]> stage =
                harness.pair.control().callWrapperAsync(echo, utf8("stage"), Duration.ofSeconds(20));
        assertThat(stage.toCompletableFuture().get(20, TimeUnit.SECONDS)).isEqualTo(utf8("stage"));
        LinkedBlockingQueue<Long> told = new LinkedBlockingQueue<>();
        SendStatus status = harness.pair
                .control()
                .callWrapper(
                        echo,
                        MemorySegment.ofArray(utf8("xhandlerx")),
                        1,
                        7,
                        (how, bytes, offset, length, context) -> told.add(length + context),
                        100,
                        LONG_NS);
        assertThat(status).isEqualTo(SendStatus.SENT);
        assertThat(Bounded.take(told)).isEqualTo(107);
    }

    @ParameterizedTest
    @EnumSource(
            value = Execution.class,
            names = {"LEAF", "DISPATCHED"})
    void a_caller_that_waits_runs_a_java_function_itself(Execution execution) {
        AtomicReference<Thread> ran = new AtomicReference<>();
        ExecutorAddress function = harness.function(execution, (args, offset, length, reply) -> {
            ran.set(Thread.currentThread());
            reply.result(args, offset, length);
        });
        harness.attach();
        harness.callAndWait(function, new byte[3]);
        assertThat(ran).hasValue(Thread.currentThread());
    }

    @Test
    void the_executor_calls_a_handler_on_its_own_thread_in_every_form() throws Exception {
        AtomicReference<Thread> ran = new AtomicReference<>();
        harness.pair.control().registerHandler(TAG, (args, offset, length, reply) -> {
            ran.set(Thread.currentThread());
            reply.result(args, offset, length);
        });
        harness.attach();
        assertThat(harness.callController(TAG, utf8("waits"))).isEqualTo(utf8("waits"));
        assertThat(ran).hasValue(Thread.currentThread());
        assertThat(harness.session
                        .callControllerAsync(TAG, utf8("stage"), Duration.ofSeconds(20))
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS))
                .isEqualTo(utf8("stage"));
    }

    @Test
    void an_answer_may_come_later_and_from_another_thread() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        AtomicReference<WrapperReturn> later = new AtomicReference<>();
        harness.pair.control().registerHandler(TAG, (args, offset, length, reply) -> {
            later.set(reply);
            asked.countDown();
        });
        harness.attach();
        Bounded.Running<byte[]> call = Bounded.start(() -> harness.callController(TAG, utf8("?")));
        Bounded.await(asked);
        Bounded.untilWaiting(call.thread());
        later.get().result(MemorySegment.ofArray(utf8("!")), 0, 1);
        assertThat(call.get()).isEqualTo(utf8("!"));
        assertThatIllegalStateException()
                .isThrownBy(() -> later.get().outOfBandError("again"))
                .withMessageContaining("answered already");
    }

    @Test
    @Tag("C1")
    void only_registered_tags_reach_a_handler_and_all_others_are_counted() {
        int known = 10;
        int calls = 1_000_000;
        Random random = new Random(42);
        AtomicInteger[] invoked = new AtomicInteger[known];
        for (int k = 0; k < known; k++) {
            AtomicInteger counter = new AtomicInteger();
            invoked[k] = counter;
            harness.pair
                    .control()
                    .registerHandler(
                            new HandlerTag(k * 3L),
                            WrapperFunction.on(Execution.LEAF, (args, offset, length, reply) -> {
                                counter.incrementAndGet();
                                reply.result(args, offset, 0);
                            }));
        }
        harness.attach();
        int[] ends = new int[CallStatus.values().length];
        int expectedHits = 0;
        for (int k = 0; k < calls; k++) {
            long tag = random.nextInt(50) == 0 ? random.nextInt(30) : random.nextLong();
            expectedHits += tag >= 0 && tag < 30 && tag % 3 == 0 ? 1 : 0;
            SendStatus status = harness.session.callController(
                    new HandlerTag(tag),
                    MemorySegment.ofArray(new byte[1]),
                    0,
                    1,
                    (how, bytes, offset, length, context) -> ends[how.ordinal()]++,
                    0,
                    Session.NO_TIMEOUT);
            assertThat(status).isEqualTo(SendStatus.SENT);
        }
        int hits = 0;
        for (AtomicInteger one : invoked) {
            hits += one.get();
        }
        assertThat(hits).isEqualTo(expectedHits).isPositive();
        assertThat(ends[CallStatus.RESULT.ordinal()]).isEqualTo(hits);
        assertThat(ends[CallStatus.OUT_OF_BAND_ERROR.ordinal()]).isEqualTo(calls - hits);
        assertThat(harness.pair.control().refusedCalls()).isEqualTo(calls - hits);
    }

    @Test
    void a_tag_has_one_handler_and_can_be_given_again_after_it_was_taken_back() {
        harness.pair.control().registerHandler(TAG, InProcessTest::echo);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> harness.pair.control().registerHandler(TAG, InProcessTest::echo))
                .withMessageContaining("tag 0x1234");
        harness.attach();
        harness.pair.control().unregisterHandler(TAG);
        harness.pair.control().unregisterHandler(TAG);
        assertThatExceptionOfType(CallException.class)
                .isThrownBy(() -> harness.callController(TAG, new byte[0]))
                .withMessage("no handler is registered under tag 0x1234");
        harness.pair.control().registerHandler(TAG, InProcessTest::echo);
        assertThat(harness.callController(TAG, utf8("b"))).isEqualTo(utf8("b"));
    }

    @Test
    @Tag("PC-11")
    @Tag("C2")
    void taking_a_handler_back_returns_when_nobody_is_in_it_and_not_before() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch door = new CountDownLatch(1);
        harness.pair.control().registerHandler(TAG, (args, offset, length, reply) -> {
            inside.countDown();
            SessionHarness.standInThisFunction(door);
            reply.result(args, offset, length);
        });
        harness.attach();
        Bounded.Running<byte[]> call = Bounded.start(() -> harness.callController(TAG, utf8("in")));
        Bounded.await(inside);
        Bounded.Running<String> back = Bounded.start(() -> {
            harness.pair.control().unregisterHandler(TAG);
            return "back";
        });
        Bounded.untilWaiting(back.thread());
        Bounded.Running<String> backAgain = Bounded.start(() -> {
            harness.pair.control().unregisterHandler(TAG);
            return "back again";
        });
        Bounded.untilWaiting(backAgain.thread());
        assertThat(back.task().isDone()).isFalse();
        assertThat(backAgain.task().isDone()).isFalse();
        assertThatExceptionOfType(CallException.class)
                .as("nobody else gets in")
                .isThrownBy(() -> harness.callController(TAG, utf8("out")));
        door.countDown();
        assertThat(back.get()).isEqualTo("back");
        assertThat(backAgain.get()).isEqualTo("back again");
        assertThat(call.get()).isEqualTo(utf8("in"));
    }

    @Test
    @Tag("PC-11")
    @Tag("C2")
    void a_handler_that_takes_itself_back_is_told_that_it_waits_for_itself() {
        AtomicReference<Throwable> refused = new AtomicReference<>();
        harness.pair.control().registerHandler(TAG, (args, offset, length, reply) -> {
            try {
                harness.pair.control().unregisterHandler(TAG);
            } catch (IllegalStateException wrongThread) {
                refused.set(wrongThread);
            }
            reply.result(args, offset, length);
        });
        harness.attach();
        assertThat(harness.callController(TAG, utf8("x"))).isEqualTo(utf8("x"));
        assertThat(refused.get()).hasMessageContaining("waits for itself");
        assertThat(harness.callController(TAG, utf8("y")))
                .as("it is still there")
                .isEqualTo(utf8("y"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Execution.class,
            names = {"LEAF", "DISPATCHED"})
    @Tag("C3")
    void a_handler_that_throws_is_an_error_to_its_caller_and_the_next_call_works(Execution execution) {
        List<Throwable> thrown = List.of(
                new IllegalStateException("planted"),
                new AssertionError("planted"),
                new StackOverflowError("planted"),
                new OutOfMemoryError("planted"),
                new IOException("planted"));
        int[] call = new int[1];
        harness.pair.control().registerHandler(TAG, WrapperFunction.on(execution, (args, offset, length, reply) -> {
            if (call[0] < thrown.size()) {
                DispatcherShutdownTest.<RuntimeException>sneak(thrown.get(call[0]++));
            }
            reply.result(args, offset, length);
        }));
        harness.attach();
        for (Throwable failure : thrown) {
            assertThatExceptionOfType(CallException.class)
                    .isThrownBy(() -> harness.callController(TAG, new byte[1]))
                    .withMessage("the function threw " + failure)
                    .satisfies(error -> assertThat(error.typeId()).isEqualTo(CallException.HANDLER_FAILED));
        }
        assertThat(harness.callController(TAG, utf8("alive"))).isEqualTo(utf8("alive"));
        assertThat(harness.reports).containsExactlyElementsOf(thrown);
    }

    @Test
    @Tag("SE-10")
    @Tag("C7")
    void a_call_that_nobody_answers_ends_with_its_deadline_in_every_form() {
        AtomicReference<WrapperReturn> later = new AtomicReference<>();
        harness.pair.control().registerHandler(TAG, (args, offset, length, reply) -> later.set(reply));
        harness.attach();
        assertThatExceptionOfType(CallException.class)
                .isThrownBy(() -> harness.callController(TAG, new byte[0], SOON))
                .satisfies(error -> assertThat(error.typeId()).isEqualTo(CallException.DEADLINE_EXCEEDED));
        later.get().result(MemorySegment.NULL, 0, 0); // too late, and no violation of anything
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> harness.session
                        .callControllerAsync(TAG, new byte[0], SOON)
                        .toCompletableFuture()
                        .join())
                .havingCause()
                .isInstanceOfSatisfying(
                        CallException.class,
                        error -> assertThat(error.typeId()).isEqualTo(CallException.DEADLINE_EXCEEDED));
    }

    @Test
    @Tag("C7")
    void a_call_that_is_withdrawn_ends_at_once_and_its_late_answer_is_dropped_and_counted() {
        AtomicReference<WrapperReturn> later = new AtomicReference<>();
        ExecutorAddress function =
                harness.function(Execution.LEAF, (args, offset, length, reply) -> reply.result(args, 0, 0));
        ExecutorAddress slow =
                harness.function(Execution.DISPATCHED, (args, offset, length, reply) -> later.set(reply));
        harness.attach();
        CompletionStage<byte[]> stage =
                harness.pair.control().callWrapperAsync(slow, new byte[0], Duration.ofSeconds(20));
        Bounded.until("the function was called", () -> later.get() != null);
        assertThat(stage.toCompletableFuture().cancel(true)).isTrue();
        assertThat(harness.pair.control().lateReplies()).isZero();
        later.get().result(MemorySegment.NULL, 0, 0);
        assertThat(harness.pair.control().lateReplies()).isOne();
        assertThat(harness.callAndWait(function, new byte[0])).isEmpty();
    }

    @Test
    @Tag("SE-10")
    @Tag("C7")
    @Tag("D7")
    void a_waiting_thread_that_is_interrupted_withdraws_its_call_and_stays_interrupted() throws Exception {
        harness.pair.control().registerHandler(TAG, (args, offset, length, reply) -> {});
        harness.attach();
        Bounded.Running<String> call = Bounded.start(() -> {
            try {
                harness.callController(TAG, new byte[0]);
                return "answered";
            } catch (CallException error) {
                return error.typeId() + " " + Thread.currentThread().isInterrupted();
            }
        });
        Bounded.untilWaiting(call.thread());
        call.thread().interrupt();
        assertThat(call.get()).isEqualTo(CallException.CANCELLED + " true");
    }

    @Test
    @Tag("CA-18")
    void more_calls_than_may_wait_find_no_room_and_a_caller_that_waits_gives_up_in_time() {
        harness.pair.control().registerHandler(TAG, (args, offset, length, reply) -> {});
        harness.attach();
        AtomicInteger ends = new AtomicInteger();
        for (int k = 0; k < InProcessHarness.MAX_IN_FLIGHT; k++) {
            assertThat(call(ends)).isEqualTo(SendStatus.SENT);
        }
        assertThat(call(ends)).isEqualTo(SendStatus.BACK_PRESSURED);
        assertThatExceptionOfType(CallException.class)
                .isThrownBy(() -> harness.callController(TAG, new byte[0], SOON))
                .satisfies(error -> assertThat(error.typeId()).isEqualTo(CallException.OVERLOADED));
        assertThat(ends).hasValue(0);
        harness.session.detach();
        assertThat(ends).hasValue(InProcessHarness.MAX_IN_FLIGHT);
    }

    private SendStatus call(AtomicInteger ends) {
        return harness.session.callController(
                TAG,
                MemorySegment.NULL,
                0,
                0,
                (how, bytes, offset, length, context) -> ends.incrementAndGet(),
                0,
                Session.NO_TIMEOUT);
    }

    @Test
    void an_answer_longer_than_the_callers_buffer_is_cut_and_its_length_told() {
        ExecutorAddress echo = harness.function(Execution.LEAF, InProcessTest::echo);
        harness.attach();
        byte[] buffer = new byte[8];
        long length = harness.pair
                .control()
                .callWrapperAndWait(
                        echo,
                        MemorySegment.ofArray(utf8("0123456789")),
                        0,
                        10,
                        MemorySegment.ofArray(buffer),
                        2,
                        4,
                        LONG_NS);
        assertThat(length).isEqualTo(10);
        assertThat(buffer).isEqualTo(new byte[] {0, 0, '0', '1', '2', '3', 0, 0});
    }

    @Test
    void names_meet_whichever_end_comes_first() throws Exception {
        for (boolean executorFirst : new boolean[] {true, false}) {
            String name = "meet-" + executorFirst;
            Bounded.Running<Session> executor = Bounded.start(() -> {
                if (!executorFirst) {
                    Bounded.until("the controller waits", () -> InProcess.isAwaited(name));
                }
                return harness.connect("inproc:" + name);
            });
            if (executorFirst) {
                Bounded.until("the executor waits", () -> InProcess.isAwaited(name));
            }
            try (var control = InProcess.control(name, Duration.ofSeconds(20));
                    Session session = executor.get()) {
                control.registerHandler(TAG, InProcessTest::echo);
                byte[] answer = session.callControllerAsync(TAG, utf8("hello"), Duration.ofSeconds(20))
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS);
                assertThat(answer).isEqualTo(utf8("hello"));
                assertThat(control.bootstrapInfo().processInfo().triple()).isNotEmpty();
            }
        }
    }

    @Test
    void a_name_that_nobody_answers_to_is_an_error_in_time_and_free_again() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> InProcess.control("nobody", SOON))
                .withMessageContaining("inproc:nobody: no executor came");
        assertThat(InProcess.isAwaited("nobody")).isFalse();
    }

    @Test
    void what_the_executor_said_first_is_there_once_it_is_attached() {
        assertThatIllegalStateException()
                .isThrownBy(() -> harness.pair.control().bootstrapInfo())
                .withMessageContaining("no executor is attached");
        ExecutorAddress echo = harness.function(Execution.LEAF, InProcessTest::echo);
        harness.attach();
        assertThat(harness.pair.control().bootstrapInfo().symbols().values()).contains(echo);
        assertThat(List.copyOf(harness.reports)).isEmpty();
    }

    @Test
    @Tag("C7")
    void a_stage_whose_answer_cannot_be_read_ends_with_an_error_and_one_that_is_late_ends_off_the_timers_thread()
            throws Exception {
        harness.pair.control().registerHandler(TAG, (args, offset, length, reply) -> {
            if (length == 0) {
                return; // never answers
            }
            MemorySegment gone;
            try (Arena arena = Arena.ofConfined()) {
                gone = arena.allocate(8);
            }
            reply.result(gone, 0, 8);
        });
        harness.attach();
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> harness.session
                        .callControllerAsync(TAG, new byte[1], Duration.ofSeconds(20))
                        .toCompletableFuture()
                        .orTimeout(5, TimeUnit.SECONDS)
                        .join())
                .havingCause()
                .isInstanceOf(CallException.class)
                .withMessageContaining("cannot be copied");
        AtomicReference<String> thread = new AtomicReference<>();
        harness.session
                .callControllerAsync(TAG, new byte[0], SOON)
                .whenComplete(
                        (result, failure) -> thread.set(Thread.currentThread().getName()))
                .toCompletableFuture()
                .exceptionally(failure -> new byte[0])
                .get(20, TimeUnit.SECONDS);
        Bounded.until("the dependent ran", () -> thread.get() != null);
        assertThat(thread.get()).isNotEqualTo("orc-deadlines");
    }
}
