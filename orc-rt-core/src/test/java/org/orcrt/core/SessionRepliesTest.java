// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.orcrt.api.Execution;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.OrcException;
import org.orcrt.api.PeerText;
import org.orcrt.api.WrapperReturn;
import org.orcrt.core.InMemoryController.Reply;
import org.orcrt.testing.Bounded;
import org.orcrt.wire.CallReply;

/// Every call is answered exactly once, whatever the function does.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionRepliesTest {

    private static final MemorySegment ONE_BYTE = MemorySegment.ofArray(new byte[] {42});

    private final SessionHarness harness = new SessionHarness();

    @AfterEach
    void end() {
        harness.close();
    }

    private record Thrower(Execution execution, Throwable failure) {
        @Override
        public String toString() {
            return execution + " throws " + failure.getClass().getSimpleName();
        }
    }

    static Stream<Thrower> throwers() {
        return Stream.of(Execution.values())
                .flatMap(execution -> Stream.of(
                                new IllegalStateException("planted"),
                                new AssertionError("planted"),
                                new NoClassDefFoundError("planted"),
                                new StackOverflowError("planted"),
                                new OutOfMemoryError("planted"),
                                new IOException("planted"))
                        .map(failure -> new Thrower(execution, failure)));
    }

    @ParameterizedTest
    @Tag("SE-1")
    @Tag("WF-6")
    @MethodSource("throwers")
    @Tag("C3")
    void a_function_that_throws_gives_one_error_and_one_report_and_the_session_lives(Thrower thrower) throws Exception {
        long throwing = harness.function(
                thrower.execution,
                (args, offset, length, reply) -> DispatcherShutdownTest.<RuntimeException>sneak(thrower.failure));
        long leaf = harness.echo(Execution.LEAF);
        long own = harness.echo(Execution.OWN_THREAD);
        harness.attach();
        assertThat(harness.controller.callAndWait(throwing, new byte[3], 1).error())
                .isEqualTo("the function threw " + thrower.failure);
        harness.controller.awaitRead();
        assertThat(harness.reports).containsExactly(thrower.failure);
        harness.assertServes(leaf, own);
        harness.assertCleanShutdown();
        assertThat(harness.reports).hasSize(1);
    }

    @ParameterizedTest
    @Tag("SE-7")
    @EnumSource(Execution.class)
    @Tag("C3")
    void what_the_controller_is_told_of_a_failure_is_one_short_line_without_a_stack(Execution execution)
            throws Exception {
        String endless = "first\n\u001b[31m\u0416".repeat(100_000);
        List<Throwable> failures = List.of(
                new IllegalStateException(endless, new IOException(endless)),
                new MemoryMapException(MemoryMapException.RESERVE, endless));
        for (Throwable failure : failures) {
            try (SessionHarness one = new SessionHarness()) {
                long throwing = one.function(
                        execution,
                        (args, offset, length, reply) -> DispatcherShutdownTest.<RuntimeException>sneak(failure));
                one.attach();
                String told =
                        one.controller.callAndWait(throwing, new byte[1], 1).error();
                assertThat(told).isNotNull().doesNotContain("\n", "\u001b", "\tat ", "IOException");
                assertThat(told.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(900, 1024);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Execution.class)
    void a_failure_of_the_environment_is_told_once_in_its_own_words(Execution execution) throws Exception {
        OrcException expected = new MemoryMapException(MemoryMapException.RESERVE, "mmap of 4096 bytes failed");
        long failing = harness.function(execution, (args, offset, length, reply) -> {
            throw expected;
        });
        harness.attach();
        assertThat(harness.controller.callAndWait(failing, new byte[1], 1).error())
                .isEqualTo("mmap of 4096 bytes failed");
        harness.assertCleanShutdown();
        assertThat(harness.reports).as("the controller heard of it").isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Execution.class)
    void a_failure_of_the_environment_after_the_answer_is_reported_because_nobody_else_hears_of_it(Execution execution)
            throws Exception {
        OrcException late = new MemoryMapException(MemoryMapException.UNMAP, "munmap failed");
        long failing = harness.function(execution, (args, offset, length, reply) -> {
            reply.result(args, offset, length);
            throw late;
        });
        harness.attach();
        assertThat(harness.controller.callAndWait(failing, new byte[1], 1).error())
                .isNull();
        harness.assertCleanShutdown();
        assertThat(harness.reports).containsExactly(late);
        assertThat(harness.controller.replies).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Execution.class)
    @Tag("C3")
    void a_real_stack_overflow_is_an_error_like_any_other(Execution execution) throws Exception {
        long deep = harness.function(execution, (args, offset, length, reply) -> recurse(reply, 0));
        long leaf = harness.echo(Execution.LEAF);
        long own = harness.echo(Execution.OWN_THREAD);
        harness.attach();
        assertThat(harness.controller.callAndWait(deep, new byte[1], 1).error()).contains("StackOverflowError");
        harness.assertServes(leaf, own);
    }

    private static int recurse(WrapperReturn reply, int depth) {
        return recurse(reply, depth + 1) + recurse(reply, depth + 2);
    }

    @ParameterizedTest
    @Tag("SE-7")
    @EnumSource(Execution.class)
    @Tag("C3")
    void the_text_of_what_was_thrown_is_bounded_and_one_line(Execution execution) throws Exception {
        String hostile = "first\nsecond\u001b[2J" + "x".repeat(100_000);
        long throwing = harness.function(execution, (args, offset, length, reply) -> {
            throw new IllegalStateException(hostile);
        });
        harness.attach();
        assertThat(harness.controller.callAndWait(throwing, new byte[1], 1).error())
                .contains("first\\nsecond\\u001b[2J")
                .doesNotContain("\n", "\u001b")
                .hasSizeLessThan(PeerText.MAX_CHARS + 100);
    }

    @ParameterizedTest
    @Tag("WF-6")
    @EnumSource(Execution.class)
    void a_function_that_throws_after_its_answer_has_answered(Execution execution) throws Exception {
        IllegalStateException late = new IllegalStateException("planted, late");
        long throwing = harness.function(execution, (args, offset, length, reply) -> {
            reply.result(ONE_BYTE, 0, 1);
            throw late;
        });
        harness.attach();
        assertThat(harness.controller.callAndWait(throwing, new byte[1], 1).bytes())
                .containsExactly(42);
        harness.assertCleanShutdown();
        assertThat(harness.controller.replies).isEmpty();
        assertThat(harness.reports).containsExactly(late);
    }

    @ParameterizedTest
    @Tag("WF-2")
    @EnumSource(Execution.class)
    void a_second_answer_is_a_bug_of_the_function_and_changes_nothing(Execution execution) throws Exception {
        List<Consumer<WrapperReturn>> answers =
                List.of(reply -> reply.result(ONE_BYTE, 0, 1), reply -> reply.outOfBandError("told"));
        LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
        AtomicReference<List<Consumer<WrapperReturn>>> script = new AtomicReference<>();
        long twice = harness.function(execution, (args, offset, length, reply) -> {
            script.get().getFirst().accept(reply);
            assertThatIllegalStateException()
                    .isThrownBy(() -> script.get().get(1).accept(reply));
            seen.add("refused");
        });
        harness.attach();
        for (int first = 0; first < 2; first++) {
            for (int second = 0; second < 2; second++) {
                script.set(List.of(answers.get(first), answers.get(second)));
                Reply reply = harness.controller.callAndWait(twice, new byte[1], 10 * first + second);
                assertThat(reply.error()).isEqualTo(first == 0 ? null : "told");
                assertThat(Bounded.take(seen)).isEqualTo("refused");
            }
        }
        harness.assertCleanShutdown();
        assertThat(harness.controller.replies).isEmpty();
        assertThat(harness.reports).isEmpty();
    }

    @Test
    @Tag("WF-4")
    void a_leaf_that_does_not_answer_gets_an_error_in_its_place_and_cannot_answer_later() throws Exception {
        AtomicReference<WrapperReturn> kept = new AtomicReference<>();
        long silent = harness.function(Execution.LEAF, (args, offset, length, reply) -> kept.set(reply));
        harness.attach();
        assertThat(harness.controller.callAndWait(silent, new byte[1], 1).error())
                .isEqualTo("the function returned without an answer");
        assertThatIllegalStateException().isThrownBy(() -> kept.get().result(ONE_BYTE, 0, 1));
        harness.controller.awaitRead();
        assertThat(harness.controller.replies).isEmpty();
        assertThat(harness.reports).isEmpty();
    }

    @Test
    void another_thread_cannot_answer_in_the_place_of_a_leaf() throws Exception {
        AtomicReference<WrapperReturn> kept = new AtomicReference<>();
        long keeps = harness.function(Execution.LEAF, (args, offset, length, reply) -> {
            kept.set(reply);
            reply.result(ONE_BYTE, 0, 1);
        });
        long robbed = harness.function(Execution.LEAF, (args, offset, length, reply) -> {
            CountDownLatch tried = new CountDownLatch(1);
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    kept.get().outOfBandError("stolen");
                } catch (IllegalStateException refused) {
                    harness.events.add("refused");
                } finally {
                    tried.countDown();
                }
            });
            Bounded.await(tried);
            reply.result(args, offset, length);
        });
        harness.attach();
        harness.controller.callAndWait(keeps, new byte[1], 1);
        assertThat(harness.controller.callAndWait(robbed, new byte[] {5}, 2).bytes())
                .containsExactly(5);
        assertThat(harness.events).containsExactly("refused");
    }

    @Test
    @Tag("WF-3")
    void a_dispatched_function_may_answer_after_it_returned_and_from_another_thread() throws Exception {
        LinkedBlockingQueue<WrapperReturn> kept = new LinkedBlockingQueue<>();
        long later = harness.function(Execution.DISPATCHED, (args, offset, length, reply) -> kept.add(reply));
        harness.attach();
        harness.controller.call(later, new byte[1], 5);
        WrapperReturn reply = Bounded.take(kept);
        assertThat(harness.controller.replies).isEmpty();
        reply.result(ONE_BYTE, 0, 1);
        Reply answer = harness.controller.awaitReply();
        assertThat(answer.callId()).isEqualTo(5);
        assertThat(answer.bytes()).containsExactly(42);
        assertThatIllegalStateException()
                .isThrownBy(() -> reply.outOfBandError("again"))
                .withMessage("call #5 was answered already");
    }

    @Test
    @Tag("WF-2")
    void of_answers_that_race_one_counts() throws Exception {
        harness.attach();
        CallReply[] calls = new CallReply[20_000];
        Arrays.setAll(calls, id -> new CallReply(harness.session, id));
        List<Integer> accepted = Bounded.together(4, k -> () -> {
            int mine = 0;
            for (CallReply call : calls) {
                try {
                    call.result(ONE_BYTE, 0, 1);
                    mine++;
                } catch (IllegalStateException second) {
                    // another thread was first
                }
            }
            return mine;
        });
        assertThat(accepted.stream().mapToInt(n -> n).sum()).isEqualTo(calls.length);
        assertThat(harness.controller.replies)
                .hasSize(calls.length)
                .extracting(Reply::callId)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @Tag("WF-5")
    @EnumSource(Execution.class)
    void a_result_that_lies_outside_its_segment_is_not_an_answer(Execution execution) throws Exception {
        long wrong = harness.function(execution, (args, offset, length, reply) -> {
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> reply.result(ONE_BYTE, 0, 2));
            reply.result(ONE_BYTE, 1, 1);
        });
        harness.attach();
        assertThat(harness.controller.callAndWait(wrong, new byte[1], 1).error())
                .contains("IndexOutOfBoundsException");
        harness.controller.awaitRead();
        assertThat(harness.reports).hasSize(1);
        harness.assertCleanShutdown();
    }

    @ParameterizedTest
    @Tag("WF-5")
    @EnumSource(Execution.class)
    void a_result_in_memory_that_is_gone_is_not_an_answer(Execution execution) throws Exception {
        long wrong = harness.function(execution, (args, offset, length, reply) -> {
            MemorySegment gone;
            try (Arena arena = Arena.ofConfined()) {
                gone = arena.allocate(8);
            }
            reply.result(gone, 0, 8);
        });
        harness.attach();
        assertThat(harness.controller.callAndWait(wrong, new byte[1], 1).error())
                .contains("IllegalStateException");
        harness.controller.awaitRead();
        assertThat(harness.reports).hasSize(1);
    }

    @Test
    @Tag("X6")
    void answers_after_the_end_of_the_connection_are_dropped() throws Exception {
        LinkedBlockingQueue<WrapperReturn> kept = new LinkedBlockingQueue<>();
        long later = harness.function(Execution.DISPATCHED, (args, offset, length, reply) -> kept.add(reply));
        SessionHarness.Stuck stuck = harness.stuckFunction();
        harness.attach();
        harness.controller.call(later, new byte[1], 1);
        harness.controller.call(later, new byte[1], 2);
        harness.controller.call(stuck.address(), new byte[1], 3);
        WrapperReturn first = Bounded.take(kept);
        WrapperReturn second = Bounded.take(kept);
        stuck.awaitStarted();
        harness.session.detach();
        first.result(ONE_BYTE, 0, 1);
        second.outOfBandError("late");
        stuck.letGo();
        harness.assertCleanShutdown();
        assertThat(harness.controller.replies).isEmpty();
        assertThat(harness.controller.droppedReplies)
                .as("the session itself drops them")
                .hasValue(0);
        assertThat(harness.reports).isEmpty();
        assertThatIllegalStateException().isThrownBy(() -> first.result(ONE_BYTE, 0, 1));
    }
}
