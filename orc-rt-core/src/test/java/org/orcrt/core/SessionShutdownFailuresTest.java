// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.api.Execution;
import org.orcrt.api.Keepalive;
import org.orcrt.api.SessionException;
import org.orcrt.api.ShutdownReport;
import org.orcrt.core.SessionHarness.Stuck;
import org.orcrt.testing.Bounded;
import org.orcrt.testing.Bounded.Running;

/// The end of a session that does not end well: nothing is freed under running code, and no failure is lost.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionShutdownFailuresTest {

    private final SessionHarness harness = new SessionHarness();

    @AfterEach
    void end() {
        harness.close();
    }

    @Test
    @Tag("RM-6")
    @Tag("X8")
    void whichever_managers_fail_the_rest_still_run_and_every_failure_is_collected_in_order() {
        for (int mask = 0; mask < 16; mask++) {
            try (SessionHarness one = new SessionHarness()) {
                List<Throwable> onDetach = new ArrayList<>();
                List<Throwable> onShutdown = new ArrayList<>();
                List<String> expected = new ArrayList<>();
                for (int k = 0; k < 4; k++) {
                    boolean fails = (mask & 1 << k) != 0;
                    one.manager("" + k, () -> failIf(fails, onDetach), () -> failIf(fails, onShutdown));
                }
                for (String step : List.of("detach ", "shutdown ")) {
                    for (int k = 3; k >= 0; k--) {
                        expected.add(step + k);
                    }
                }
                one.attach();
                ShutdownReport report = one.session.shutdown(SessionHarness.LONG);
                assertThat(one.events).containsExactlyElementsOf(expected);
                assertThat(onShutdown).hasSize(Integer.bitCount(mask));
                assertThat(report.failures()).containsExactlyElementsOf(onShutdown);
                assertThat(one.reports).containsExactlyElementsOf(onDetach);
                assertThat(report.stillRunning()).isEmpty();
                assertThat(report.isClean()).isEqualTo(mask == 0);
            }
        }
    }

    /// Throws an exception or, every second time, an error.
    private static void failIf(boolean fails, List<Throwable> thrown) {
        if (fails) {
            Throwable failure = thrown.size() % 2 == 0 ? new AssertionError("planted") : new IllegalStateException();
            thrown.add(failure);
            DispatcherShutdownTest.<RuntimeException>sneak(failure);
        }
    }

    @Test
    void close_reports_what_failed() {
        IllegalStateException planted = new IllegalStateException("planted");
        harness.manager("m", () -> {}, () -> {
            throw planted;
        });
        harness.attach();
        harness.session.close();
        assertThat(harness.reports).containsExactly(planted);
    }

    @Test
    void a_function_that_somebody_unbound_is_a_failure_and_the_others_are_unbound_all_the_same() {
        long first = harness.echo(Execution.LEAF);
        long second = harness.echo(Execution.OWN_THREAD);
        long third = harness.echo(Execution.DISPATCHED);
        harness.linker.unbind(harness.linker.boundAt(second));
        harness.attach();
        ShutdownReport report = harness.session.shutdown(SessionHarness.LONG);
        assertThat(report.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessageContaining("not bound"));
        assertThat(harness.linker.boundAt(first)).isNull();
        assertThat(harness.linker.boundAt(third)).isNull();
    }

    @Test
    @Tag("SE-16")
    @Tag("RM-7")
    @Tag("SE-13")
    @Tag("D4")
    void under_a_call_that_does_not_end_nothing_is_freed_and_the_report_names_it() {
        Stuck stuck = harness.stuckFunction();
        harness.manager("m");
        harness.attach();
        harness.controller.call(stuck.address(), SessionHarness.NO_ARGS, 1);
        Thread thread = stuck.awaitStarted();
        Bounded.untilWaiting(thread);
        long beforeNs = System.nanoTime();
        ShutdownReport report = harness.session.shutdown(SessionHarness.SHORT);
        assertThat(Duration.ofNanos(System.nanoTime() - beforeNs))
                .isBetween(SessionHarness.SHORT, SessionHarness.SHORT.plusSeconds(10));
        assertThat(report.isClean()).isFalse();
        assertThat(report.stillRunning())
                .singleElement()
                .asString()
                .contains(thread.getName())
                .contains("standInThisFunction");
        assertThat(harness.events).containsExactly("detach m");
        assertThat(harness.linker.boundAt(stuck.address())).isNotNull();
        assertThat(harness.session.tryEnter()).isNull();
        stuck.letGo();
        harness.assertCleanShutdown();
        assertThat(harness.events).containsExactly("detach m", "shutdown m");
    }

    @Test
    @Tag("RM-7")
    @Tag("SE-13")
    @Tag("D4")
    void under_an_open_keepalive_nothing_is_freed_and_the_report_says_so() {
        harness.manager("m");
        harness.attach();
        try (Keepalive alive = harness.session.tryEnter();
                Keepalive other = harness.session.tryEnter()) {
            assertThat(alive).isNotSameAs(other);
            ShutdownReport report = harness.session.shutdown(SessionHarness.SHORT);
            assertThat(report.isClean()).isFalse();
            assertThat(report.stillRunning()).containsExactly("2 keepalives of Session.tryEnter are open");
        }
        assertThat(harness.events).containsExactly("detach m");
    }

    @Test
    @Tag("D4")
    void calls_and_keepalives_that_do_not_end_are_both_named() {
        Stuck stuck = harness.stuckFunction();
        harness.attach();
        harness.controller.call(stuck.address(), SessionHarness.NO_ARGS, 1);
        Thread thread = stuck.awaitStarted();
        try (Keepalive alive = harness.session.tryEnter()) {
            assertThat(alive).isNotNull();
            assertThat(harness.session.shutdown(SessionHarness.SHORT).stillRunning())
                    .hasSize(2)
                    .anySatisfy(text -> assertThat(text).contains(thread.getName()))
                    .contains("1 keepalives of Session.tryEnter are open");
        }
        stuck.letGo();
    }

    @Test
    void close_reports_that_nothing_was_freed_and_why() {
        SessionLimits impatient = new SessionLimits(8, 8, 1 << 20, 64, 64, SessionHarness.SHORT);
        try (SessionHarness one = new SessionHarness(impatient)) {
            Stuck stuck = one.stuckFunction();
            one.attach();
            one.controller.call(stuck.address(), SessionHarness.NO_ARGS, 1);
            Thread thread = stuck.awaitStarted();
            one.session.close();
            assertThat(one.reports).singleElement().satisfies(report -> {
                assertThat(report).isInstanceOf(SessionException.class);
                assertThat(((SessionException) report).typeId()).isEqualTo(SessionException.SHUTTING_DOWN);
                assertThat(report).hasMessageContainingAll("nothing was freed", "PT0.03S", thread.getName());
            });
        }
    }

    @Test
    void calls_still_queued_after_the_bound_never_run() throws Exception {
        SessionLimits narrow = new SessionLimits(1, 4, 1 << 20, 64, 64, SessionHarness.LONG);
        try (SessionHarness one = new SessionHarness(narrow)) {
            Stuck stuck = one.stuckFunction();
            LinkedBlockingQueue<String> ran = new LinkedBlockingQueue<>();
            long queued = one.function(Execution.OWN_THREAD, (args, offset, length, reply) -> ran.add("ran"));
            one.attach();
            one.controller.call(stuck.address(), SessionHarness.NO_ARGS, 0);
            Thread thread = stuck.awaitStarted();
            one.controller.call(queued, SessionHarness.NO_ARGS, 1);
            one.controller.call(queued, SessionHarness.NO_ARGS, 2);
            one.controller.awaitRead();
            assertThat(one.session.shutdown(SessionHarness.SHORT).stillRunning())
                    .as("a discarded call does not run any more")
                    .hasSize(1);
            stuck.letGo();
            thread.join(SessionHarness.LONG);
            assertThat(thread.isAlive()).isFalse();
            assertThat(ran).isEmpty();
        }
    }

    @Test
    @Tag("D7")
    void an_interrupt_ends_the_wait_for_a_running_call_and_nothing_is_freed() throws Exception {
        Stuck stuck = harness.stuckFunction();
        harness.manager("m");
        harness.attach();
        harness.controller.call(stuck.address(), SessionHarness.NO_ARGS, 1);
        stuck.awaitStarted();
        harness.session.detach();
        Running<Boolean> shutdown = Bounded.start(() -> {
            Thread.currentThread().interrupt();
            assertThat(harness.session.shutdown(SessionHarness.LONG).stillRunning())
                    .hasSize(1);
            return Thread.currentThread().isInterrupted();
        });
        assertThat(shutdown.get()).isTrue();
        assertThat(harness.events).containsExactly("detach m");
        stuck.letGo();
    }
}
