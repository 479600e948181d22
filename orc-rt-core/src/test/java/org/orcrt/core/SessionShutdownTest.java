// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.Execution;
import org.orcrt.api.Keepalive;
import org.orcrt.api.ShutdownReport;
import org.orcrt.core.SessionHarness.Stuck;
import org.orcrt.testing.Bounded;
import org.orcrt.testing.Bounded.Running;

/// The end of a session that ends well: disconnect, detach, drain, shut down; everything once and in order.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionShutdownTest {

    private final SessionHarness harness = new SessionHarness();

    @AfterEach
    void end() {
        harness.close();
    }

    private Running<ShutdownReport> shuttingDown(Duration bound) {
        return Bounded.start(() -> harness.session.shutdown(bound));
    }

    @Test
    void a_session_that_did_nothing_ends_cleanly_and_makes_no_thread() {
        harness.complete();
        harness.assertCleanShutdown();
        assertThat(harness.reports).isEmpty();
        assertThat(harness.controller.ends).hasValue(0);
    }

    @Test
    void a_session_that_was_never_completed_ends_cleanly() {
        harness.manager("m");
        harness.assertCleanShutdown();
        assertThat(harness.events).containsExactly("detach m", "shutdown m");
        assertThatIllegalStateException().isThrownBy(harness.session::bootstrapInfo);
    }

    @Test
    void without_a_controller_managers_hear_detach_and_then_shutdown() {
        harness.manager("m");
        harness.complete();
        harness.assertCleanShutdown();
        assertThat(harness.events).containsExactly("detach m", "shutdown m");
    }

    @Test
    @Tag("RM-4")
    @Tag("RM-5")
    void every_detach_comes_before_every_shutdown_both_in_reverse_order() {
        for (String name : List.of("0", "1", "2")) {
            harness.manager(name);
        }
        harness.attach();
        harness.assertCleanShutdown();
        assertThat(harness.events)
                .containsExactly("detach 2", "detach 1", "detach 0", "shutdown 2", "shutdown 1", "shutdown 0");
    }

    @Test
    @Tag("X3")
    void a_shutdown_during_a_hang_up_shuts_nobody_down_who_has_not_heard_of_it() throws Exception {
        CountDownLatch door = new CountDownLatch(1);
        CountDownLatch telling = new CountDownLatch(1);
        harness.manager("0");
        harness.manager(
                "1",
                () -> {
                    telling.countDown();
                    Bounded.await(door);
                },
                () -> {});
        harness.attach();
        harness.controller.hangUp(null);
        Bounded.await(telling);
        Running<ShutdownReport> shutdown = shuttingDown(SessionHarness.LONG);
        Bounded.untilWaiting(shutdown.thread());
        assertThat(harness.events).containsExactly("detach 1");
        door.countDown();
        assertThat(shutdown.get().isClean()).isTrue();
        assertThat(harness.events).containsExactly("detach 1", "detach 0", "shutdown 1", "shutdown 0");
    }

    @Test
    @Tag("X3")
    void a_hang_up_that_races_a_shutdown_tells_everybody_once_and_in_order() throws Exception {
        for (int round = 0; round < 100; round++) {
            try (SessionHarness one = new SessionHarness()) {
                one.manager("0");
                one.manager("1");
                one.attach();
                Bounded.together(2, k -> () -> {
                    if (k == 0) {
                        one.controller.hangUp(null);
                        return true;
                    }
                    return one.session.shutdown(SessionHarness.LONG).isClean();
                });
                assertThat(one.events).containsExactly("detach 1", "detach 0", "shutdown 1", "shutdown 0");
            }
        }
    }

    @Test
    @Tag("RM-7")
    @Tag("SE-13")
    @Tag("X7")
    void running_calls_drain_before_any_manager_shuts_down() throws Exception {
        Stuck stuck = harness.stuckFunction();
        harness.manager("m", () -> {}, () -> assertThat(stuck.door().getCount()).isZero());
        harness.attach();
        harness.controller.call(stuck.address(), SessionHarness.NO_ARGS, 1);
        stuck.awaitStarted();
        Running<ShutdownReport> shutdown = shuttingDown(SessionHarness.LONG);
        Bounded.await(harness.controller.ended);
        Bounded.untilWaiting(shutdown.thread());
        assertThat(harness.events).containsExactly("detach m");
        assertThat(harness.linker.boundAt(stuck.address())).isNotNull();
        stuck.letGo();
        assertThat(shutdown.get().isClean()).isTrue();
        assertThat(harness.events).containsExactly("detach m", "shutdown m");
    }

    @Test
    @Tag("X7")
    void an_open_keepalive_delays_the_end_and_no_new_one_is_given() throws Exception {
        harness.manager("m");
        harness.attach();
        Keepalive alive = harness.session.tryEnter();
        Keepalive other = harness.session.tryEnter();
        assertThat(alive).isNotNull();
        Running<ShutdownReport> shutdown = shuttingDown(SessionHarness.LONG);
        Bounded.until("the gate closes", harness.session.gate()::isClosed);
        assertThat(harness.session.tryEnter()).isNull();
        Bounded.untilWaiting(shutdown.thread());
        alive.close();
        alive.close(); // a second close does not stand for the other one
        Bounded.untilWaiting(shutdown.thread());
        assertThat(shutdown.task().isDone()).isFalse();
        assertThat(harness.events).containsExactly("detach m");
        other.close();
        assertThat(shutdown.get().isClean()).isTrue();
        assertThat(harness.events).containsExactly("detach m", "shutdown m");
        assertThat(harness.session.tryEnter()).isNull();
    }

    @Test
    @Tag("X7")
    void work_that_another_thread_ends_holds_its_keepalive_until_then() throws Exception {
        harness.manager("m");
        harness.attach();
        CompletableFuture<Integer> work = new CompletableFuture<>();
        Keepalive alive = harness.session.tryEnter();
        CompletableFuture<Integer> done = work.whenComplete((value, failure) -> alive.close());
        Running<ShutdownReport> shutdown = shuttingDown(SessionHarness.LONG);
        Bounded.until("the gate closes", harness.session.gate()::isClosed);
        Bounded.untilWaiting(shutdown.thread());
        assertThat(harness.events).containsExactly("detach m");
        assertThat(Bounded.start(() -> work.complete(42)).get()).isTrue();
        assertThat(shutdown.get().isClean()).isTrue();
        assertThat(done).isCompletedWithValue(42);
        assertThat(harness.events).containsExactly("detach m", "shutdown m");
    }

    @Test
    void a_reply_that_is_still_owed_delays_nothing() throws Exception {
        CountDownLatch returned = new CountDownLatch(1);
        long never = harness.function(Execution.DISPATCHED, (args, offset, length, reply) -> returned.countDown());
        harness.attach();
        harness.controller.call(never, SessionHarness.NO_ARGS, 1);
        Bounded.await(returned);
        harness.assertCleanShutdown();
    }

    @Test
    void queued_calls_are_given_up_because_their_controller_is_gone() throws Exception {
        SessionLimits narrow = new SessionLimits(1, 4, 1 << 20, 64, 64, SessionHarness.LONG);
        try (SessionHarness one = new SessionHarness(narrow)) {
            Stuck stuck = one.stuckFunction();
            CountDownLatch ran = new CountDownLatch(4);
            long counts = one.function(Execution.OWN_THREAD, (args, offset, length, reply) -> ran.countDown());
            one.attach();
            one.controller.call(stuck.address(), SessionHarness.NO_ARGS, 0);
            stuck.awaitStarted();
            for (int k = 1; k <= 4; k++) {
                one.controller.call(counts, SessionHarness.NO_ARGS, k);
            }
            Running<ShutdownReport> shutdown = Bounded.start(() -> one.session.shutdown(SessionHarness.LONG));
            Bounded.await(one.controller.ended);
            stuck.letGo();
            assertThat(shutdown.get().isClean()).isTrue();
            assertThat(ran.getCount()).isEqualTo(4);
        }
    }

    @Test
    void functions_are_bound_until_managers_have_shut_down_and_not_longer() {
        long echo = harness.echo(Execution.LEAF);
        List<Boolean> bound = new ArrayList<>();
        harness.manager("m", () -> {}, () -> bound.add(harness.linker.boundAt(echo) != null));
        harness.attach();
        harness.assertCleanShutdown();
        assertThat(bound).containsExactly(true);
        assertThat(harness.linker.boundAt(echo)).isNull();
    }

    @Test
    void a_function_that_others_bind_too_stays_bound_for_them() {
        long echo = harness.echo(Execution.LEAF);
        harness.linker.bind(harness.linker.boundAt(echo));
        harness.attach();
        harness.assertCleanShutdown();
        assertThat(harness.linker.boundAt(echo)).isNotNull();
    }

    @Test
    void eight_threads_that_shut_down_at_once_get_one_report() throws Exception {
        for (int round = 0; round < 50; round++) {
            try (SessionHarness one = new SessionHarness()) {
                IllegalStateException planted = new IllegalStateException("planted");
                one.manager("0");
                one.manager("1", Thread::yield, () -> {
                    throw planted;
                });
                one.attach();
                List<ShutdownReport> reports =
                        Bounded.together(8, k -> () -> one.session.shutdown(SessionHarness.LONG));
                assertThat(reports).allSatisfy(report -> assertThat(report).isSameAs(reports.getFirst()));
                assertThat(reports.getFirst().failures()).containsExactly(planted);
                assertThat(one.events).containsExactly("detach 1", "detach 0", "shutdown 1", "shutdown 0");
                assertThat(one.controller.ends).hasValue(1);
            }
        }
    }

    @Test
    @Tag("SE-16")
    void a_later_shutdown_returns_the_first_report_and_does_nothing() {
        harness.manager("m");
        harness.attach();
        ShutdownReport first = harness.session.shutdown(SessionHarness.LONG);
        assertThat(harness.session.shutdown(Duration.ZERO)).isSameAs(first);
        harness.session.close();
        harness.session.detach();
        assertThat(harness.events).containsExactly("detach m", "shutdown m");
        assertThat(harness.reports).isEmpty();
    }

    @Test
    void who_asks_for_the_end_of_an_ended_session_hears_of_it_too() throws Exception {
        harness.manager("m");
        harness.attach();
        ShutdownReport first = harness.session.shutdown(SessionHarness.LONG);
        assertThat(harness.session
                        .shutdownAsync(Duration.ZERO)
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS))
                .isSameAs(first);
        assertThat(harness.events).containsExactly("detach m", "shutdown m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shutdown", "close"})
    @Tag("X4")
    void shutdown_from_a_manager_that_shuts_down_is_an_error_and_not_a_wait_for_itself(String operation) {
        List<IllegalStateException> refusals = new ArrayList<>();
        harness.manager("0");
        harness.manager("1", () -> {}, () -> {
            try {
                if (operation.equals("close")) {
                    harness.session.close();
                } else {
                    harness.session.shutdown(SessionHarness.LONG);
                }
            } catch (IllegalStateException refused) {
                refusals.add(refused);
            }
        });
        harness.attach();
        harness.assertCleanShutdown();
        assertThat(refusals)
                .singleElement()
                .satisfies(refused -> assertThat(refused).hasMessageContaining("waits for itself"));
        assertThat(harness.events).containsExactly("detach 1", "detach 0", "shutdown 1", "shutdown 0");
    }

    @Test
    void a_manager_that_shuts_down_finds_the_session_detached_and_may_say_so_again() {
        harness.manager("m", () -> {}, harness.session::detach);
        harness.attach();
        harness.assertCleanShutdown();
        assertThat(harness.events).containsExactly("detach m", "shutdown m");
    }

    @Test
    void a_bound_of_centuries_is_a_bound() {
        harness.manager("m");
        harness.attach();
        assertThat(harness.session.shutdown(Duration.ofSeconds(Long.MAX_VALUE)).isClean())
                .isTrue();
    }

    @Test
    @Tag("D7")
    void an_interrupt_does_not_matter_if_nothing_runs_and_is_kept() throws Exception {
        harness.manager("m");
        harness.complete();
        Running<Boolean> shutdown = Bounded.start(() -> {
            Thread.currentThread().interrupt();
            assertThat(harness.session.shutdown(SessionHarness.LONG).isClean()).isTrue();
            return Thread.currentThread().isInterrupted();
        });
        assertThat(shutdown.get()).isTrue();
        assertThat(harness.events).containsExactly("detach m", "shutdown m");
    }
}
