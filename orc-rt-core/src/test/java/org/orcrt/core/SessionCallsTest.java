// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.Session;
import org.orcrt.core.InMemoryController.Reply;
import org.orcrt.core.SessionHarness.Stuck;
import org.orcrt.testing.Bounded;

/// Calls of the controller: which thread runs what, and what it is told if nothing can run.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionCallsTest {

    private SessionHarness harness = new SessionHarness();

    @AfterEach
    void end() {
        harness.close();
    }

    private void limits(int running, int queued, long stackBytes) {
        harness.close();
        harness = new SessionHarness(new SessionLimits(running, queued, stackBytes, 64, 64, SessionHarness.LONG));
    }

    @ParameterizedTest
    @EnumSource(Execution.class)
    void a_call_gets_its_arguments_and_the_controller_its_answer(Execution execution) throws Exception {
        long echo = harness.echo(execution);
        harness.attach();
        for (int size : new int[] {0, 1, 8, 9, 4096, 1 << 20}) {
            byte[] args = new byte[size];
            for (int k = 0; k < size; k++) {
                args[k] = (byte) (k * 31 + 1);
            }
            assertThat(harness.controller.callAndWait(echo, args, size)).satisfies(reply -> {
                assertThat(reply.error()).isNull();
                assertThat(reply.bytes()).isEqualTo(args);
            });
        }
    }

    @Test
    @Tag("SE-2")
    void a_leaf_runs_in_place_on_the_reader_and_reads_the_frame_itself() throws Exception {
        AtomicReference<Thread> ranOn = new AtomicReference<>();
        AtomicReference<Long> sawOffset = new AtomicReference<>();
        long leaf = harness.function(Execution.LEAF, (args, offset, length, reply) -> {
            ranOn.set(Thread.currentThread());
            sawOffset.set(offset);
            reply.result(args, offset, length);
        });
        harness.attach();
        harness.controller.callAndWait(leaf, SessionHarness.NO_ARGS, 1);
        assertThat(ranOn).hasValue(harness.controller.reader());
        assertThat(sawOffset.get()).isPositive();
    }

    @ParameterizedTest
    @Tag("SE-3")
    @EnumSource(
            value = Execution.class,
            names = {"DISPATCHED", "OWN_THREAD"})
    void other_functions_run_elsewhere_each_call_on_a_thread_of_its_own(Execution execution) throws Exception {
        List<Thread> threads = new ArrayList<>();
        long function = harness.function(execution, (args, offset, length, reply) -> {
            threads.add(Thread.currentThread());
            reply.result(args, offset, length);
        });
        harness.attach();
        for (int k = 0; k < 20; k++) {
            harness.controller.callAndWait(function, SessionHarness.NO_ARGS, k);
        }
        assertThat(threads)
                .hasSize(20)
                .doesNotHaveDuplicates()
                .doesNotContain(harness.controller.reader())
                .noneMatch(Thread::isVirtual);
    }

    @Test
    @Tag("SE-3")
    void the_reader_goes_on_while_a_function_runs() throws Exception {
        Stuck stuck = harness.stuckFunction();
        long leaf = harness.echo(Execution.LEAF);
        harness.attach();
        harness.controller.call(stuck.address(), new byte[] {7}, 1);
        stuck.awaitStarted();
        assertThat(harness.controller.callAndWait(leaf, new byte[] {8}, 2).bytes())
                .containsExactly(8);
        stuck.letGo();
        assertThat(harness.controller.awaitReply().bytes()).containsExactly(7);
    }

    @Test
    @Tag("SE-3")
    @Tag("WF-7")
    void arguments_outlive_the_frame_they_came_in() throws Exception {
        Stuck stuck = harness.stuckFunction();
        harness.attach();
        harness.controller.call(stuck.address(), new byte[] {1, 2, 3}, 1);
        stuck.awaitStarted();
        harness.controller.awaitRead(); // the fixture has overwritten the frame by now
        stuck.letGo();
        assertThat(harness.controller.awaitReply().bytes()).containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @Tag("SE-4")
    @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void every_call_id_is_legal_and_comes_back(long callId) throws Exception {
        long leaf = harness.echo(Execution.LEAF);
        long own = harness.echo(Execution.OWN_THREAD);
        harness.attach();
        harness.controller.callAndWait(leaf, SessionHarness.NO_ARGS, callId);
        harness.controller.callAndWait(own, SessionHarness.NO_ARGS, callId);
        assertThat(harness.controller
                        .callAndWait(0, SessionHarness.NO_ARGS, callId)
                        .error())
                .isNotNull();
    }

    @Test
    @Tag("SE-6")
    void the_null_address_is_refused() throws Exception {
        long leaf = harness.echo(Execution.LEAF);
        long own = harness.echo(Execution.OWN_THREAD);
        harness.attach();
        assertThat(harness.controller.callAndWait(0, new byte[3], 1).error())
                .isEqualTo("the controller calls the null address");
        assertThat(harness.reports).isEmpty();
        harness.assertServes(leaf, own);
    }

    @ParameterizedTest
    @Tag("SE-6")
    @ValueSource(longs = {1, 0x7000_0000_0000L, -1})
    void a_native_address_without_the_module_that_calls_native_code_is_an_error_that_names_it(long address)
            throws Exception {
        harness.attach();
        assertThat(harness.controller
                        .callAndWait(address, SessionHarness.NO_ARGS, 1)
                        .error())
                .contains("0x" + Long.toHexString(address), "org.orcrt.ffm");
    }

    @Test
    @Tag("SE-5")
    @Tag("D1")
    void beyond_its_bounds_a_call_gets_an_error_and_the_others_their_answers() throws Exception {
        limits(1, 2, 1 << 20);
        Stuck stuck = harness.stuckFunction();
        long echo = harness.echo(Execution.OWN_THREAD);
        long leaf = harness.echo(Execution.LEAF);
        harness.attach();
        harness.controller.call(stuck.address(), SessionHarness.NO_ARGS, 1);
        stuck.awaitStarted();
        harness.controller.call(echo, SessionHarness.NO_ARGS, 2);
        harness.controller.call(echo, SessionHarness.NO_ARGS, 3);
        assertThat(harness.controller
                        .callAndWait(echo, SessionHarness.NO_ARGS, 4)
                        .error())
                .isEqualTo("overloaded: 1 calls run and 2 wait, or the system has no more threads");
        assertThat(harness.controller
                        .callAndWait(leaf, SessionHarness.NO_ARGS, 5)
                        .error())
                .isNull();
        stuck.letGo();
        Set<Long> answered = new HashSet<>();
        for (int k = 0; k < 3; k++) {
            Reply reply = harness.controller.awaitReply();
            assertThat(reply.error()).isNull();
            answered.add(reply.callId());
        }
        assertThat(answered).containsExactlyInAnyOrder(1L, 2L, 3L);
        harness.assertCleanShutdown();
    }

    @Test
    @Tag("SE-1")
    @Tag("SE-5")
    @Tag("D1")
    void of_a_flood_of_calls_each_gets_one_answer() throws Exception {
        limits(2, 16, 1 << 20);
        long echo = harness.echo(Execution.OWN_THREAD);
        harness.attach();
        int count = 2000;
        for (int k = 0; k < count; k++) {
            harness.controller.call(echo, SessionHarness.NO_ARGS, k);
        }
        Set<Long> answered = new HashSet<>();
        for (int k = 0; k < count; k++) {
            assertThat(answered.add(harness.controller.awaitReply().callId())).isTrue();
        }
        harness.assertCleanShutdown();
        assertThat(harness.controller.replies).isEmpty();
    }

    @Test
    @Tag("D6")
    void without_a_thread_to_be_had_a_call_gets_an_error_and_the_session_still_ends() throws Exception {
        limits(2, 2, 1L << 50);
        long echo = harness.echo(Execution.OWN_THREAD);
        harness.attach();
        assertThat(harness.controller
                        .callAndWait(echo, SessionHarness.NO_ARGS, 1)
                        .error())
                .contains("the system has no more threads");
        harness.assertCleanShutdown();
    }

    @Test
    void arguments_too_long_to_copy_end_the_connection_but_leave_nothing_behind() {
        long echo = harness.echo(Execution.OWN_THREAD);
        harness.attach();
        harness.controller.onReader(() -> harness.session.onWrapperCall(echo, MemorySegment.NULL, 0, 1L << 31, 1));
        Bounded.await(harness.controller.ended);
        assertThat(harness.controller.thrownOnReader).hasSize(1);
        assertThat(harness.session.shutdown(Duration.ofMillis(200)).isClean()).isTrue();
        assertThat(harness.linker.boundAt(echo)).as("bound after the end").isNull();
    }

    @Test
    void calls_find_each_function_at_the_address_under_its_name() throws Exception {
        for (byte k = 0; k < 10; k++) {
            byte mine = k;
            harness.setup.function("f." + k, (args, offset, length, reply) -> {
                MemorySegment result = MemorySegment.ofArray(new byte[] {9, mine});
                reply.result(result, 1, 1);
            });
        }
        harness.attach();
        Map<String, ExecutorAddress> symbols = harness.controller.info.symbols();
        for (byte k = 0; k < 10; k++) {
            ExecutorAddress address = symbols.get("f." + k);
            assertThat(harness.controller
                            .callAndWait(address.value(), SessionHarness.NO_ARGS, k)
                            .bytes())
                    .containsExactly(k);
        }
    }

    @Test
    void calls_of_two_sessions_do_not_mix() throws Exception {
        try (SessionHarness other = new SessionHarness()) {
            long here = harness.echo(Execution.LEAF);
            other.function(Execution.LEAF, (args, offset, length, reply) -> reply.outOfBandError("the other"));
            harness.attach();
            other.attach();
            assertThat(harness.controller.callAndWait(here, new byte[1], 1).error())
                    .isNull();
            assertThat(other.controller.callAndWait(here, new byte[1], 1).error())
                    .isEqualTo("the other");
            harness.assertCleanShutdown();
            assertThat(other.controller.callAndWait(here, new byte[1], 2).error())
                    .isEqualTo("the other");
        }
    }

    @Test
    @Tag("C4")
    void a_function_may_call_the_controller_and_wait_while_the_reader_reads() throws Exception {
        long asks = harness.function(Execution.OWN_THREAD, (args, offset, length, reply) -> {
            CountDownLatch told = new CountDownLatch(1);
            LinkedBlockingQueue<byte[]> answer = new LinkedBlockingQueue<>();
            harness.session.callController(
                    SessionOutgoingTest.TAG,
                    args,
                    offset,
                    length,
                    (status, bytes, at, size, context) -> {
                        answer.add(bytes.asSlice(at, size).toArray(ValueLayout.JAVA_BYTE));
                        told.countDown();
                    },
                    0,
                    Session.NO_TIMEOUT);
            Bounded.await(told);
            reply.result(MemorySegment.ofArray(answer.remove()), 0, 2);
        });
        harness.attach();
        harness.controller.call(asks, new byte[] {40}, 1);
        InMemoryController.Outgoing question = Bounded.take(harness.controller.outgoing);
        assertThat(question.args()).containsExactly(40);
        harness.controller.answer(question, new byte[] {41, 42});
        assertThat(harness.controller.awaitReply().bytes()).containsExactly(41, 42);
    }
}
