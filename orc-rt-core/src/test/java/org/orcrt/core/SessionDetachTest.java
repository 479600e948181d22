// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.Execution;
import org.orcrt.api.Keepalive;
import org.orcrt.api.OrcException;
import org.orcrt.api.Session;
import org.orcrt.api.SessionException;
import org.orcrt.api.TransportException;
import org.orcrt.core.SessionHarness.Stuck;
import org.orcrt.testing.Bounded;
import org.orcrt.testing.Bounded.Running;

/// The end of the connection: who hears of it, in which order, how often.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionDetachTest {

    private final SessionHarness harness = new SessionHarness();

    @AfterEach
    void end() {
        harness.close();
    }

    private void threeManagers() {
        harness.manager("0");
        harness.manager("1");
        harness.manager("2");
    }

    @Test
    @Tag("RM-4")
    @Tag("RM-5")
    void managers_hear_of_a_detach_once_in_reverse_order() {
        threeManagers();
        harness.attach();
        harness.session.detach();
        harness.session.detach();
        assertThat(harness.events).containsExactly("detach 2", "detach 1", "detach 0");
        assertThat(harness.controller.ends).hasValue(1);
        assertThat(harness.reports).isEmpty();
    }

    @Test
    void managers_hear_of_a_hang_up_once_in_reverse_order() throws Exception {
        threeManagers();
        harness.attach();
        harness.controller.hangUp(null);
        assertThat(harness.session.awaitDetached(SessionHarness.LONG)).isEmpty();
        harness.session.detach();
        assertThat(harness.events).containsExactly("detach 2", "detach 1", "detach 0");
    }

    @Test
    @Tag("RM-4")
    void managers_hear_of_a_detach_also_if_there_never_was_a_controller() throws Exception {
        threeManagers();
        harness.complete();
        harness.session.detach();
        assertThat(harness.events).containsExactly("detach 2", "detach 1", "detach 0");
        assertThat(harness.session.awaitDetached(Duration.ZERO)).isEmpty();
    }

    @Test
    void the_failure_that_ended_the_connection_is_handed_on_as_it_is() throws Exception {
        OrcException failure = new TransportException(TransportException.PEER_GONE, "no sign of it");
        harness.attach();
        harness.controller.hangUp(failure);
        assertThat(harness.session.awaitDetached(SessionHarness.LONG)).containsSame(failure);
        assertThat(harness.session.awaitDetached(Duration.ZERO)).containsSame(failure);
        assertThat(harness.reports).as("nobody else was named to hear of it").containsExactly(failure);
    }

    @Test
    void waiting_for_the_end_ends_with_an_error_if_the_controller_stays() {
        harness.attach();
        assertThatExceptionOfType(SessionException.class)
                .isThrownBy(() -> harness.session.awaitDetached(Duration.ofMillis(5)))
                .withMessage("the controller is still connected after PT0.005S");
    }

    @Test
    void waiting_for_the_end_may_take_for_ever() throws Exception {
        harness.attach();
        Running<Boolean> waiter = Bounded.start(() -> harness.session
                .awaitDetached(Duration.ofSeconds(Long.MAX_VALUE))
                .isEmpty());
        Bounded.untilWaiting(waiter.thread());
        harness.controller.hangUp(null);
        assertThat(waiter.get()).isTrue();
    }

    @Test
    void the_end_is_announced_only_after_all_managers_heard_of_it() throws Exception {
        harness.manager("m", () -> assertStillAttached(harness), () -> {});
        harness.attach();
        harness.controller.hangUp(null);
        harness.session.awaitDetached(SessionHarness.LONG);
        assertThat(harness.reports).isEmpty();
    }

    private static void assertStillAttached(SessionHarness harness) {
        try {
            harness.session.awaitDetached(Duration.ZERO);
            throw new IllegalArgumentException("announced too early");
        } catch (SessionException notYet) {
            // as it should be
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    @Test
    @Tag("SE-11")
    @Tag("X2")
    void many_threads_may_detach_at_once_and_all_return_when_everybody_was_told() throws Exception {
        for (int round = 0; round < 50; round++) {
            try (SessionHarness one = new SessionHarness()) {
                one.manager("0");
                one.manager("1", Thread::yield, () -> {});
                one.attach();
                List<List<String>> seen = Bounded.together(8, k -> () -> {
                    one.session.detach();
                    return List.copyOf(one.events);
                });
                assertThat(seen).allSatisfy(events -> assertThat(events).containsExactly("detach 1", "detach 0"));
                assertThat(one.controller.ends).hasValue(1);
            }
        }
    }

    @Test
    @Tag("X2")
    void many_threads_may_detach_a_session_without_controller() throws Exception {
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
        harness.complete();
        Running<Boolean> first = detaching();
        Bounded.await(telling);
        Running<Boolean> second = detaching();
        Bounded.untilWaiting(second.thread());
        assertThat(harness.events).containsExactly("detach 1");
        assertThat(second.task().isDone()).isFalse();
        door.countDown();
        first.get();
        second.get();
        assertThat(harness.events).containsExactly("detach 1", "detach 0");
    }

    private Running<Boolean> detaching() {
        return Bounded.start(() -> {
            harness.session.detach();
            return true;
        });
    }

    @Test
    @Tag("X3")
    void a_detach_during_a_hang_up_returns_when_managers_have_been_told() throws Exception {
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
        Running<Boolean> detach = detaching();
        Bounded.untilWaiting(detach.thread());
        assertThat(detach.task().isDone()).isFalse();
        assertThat(harness.events).containsExactly("detach 1");
        door.countDown();
        detach.get();
        assertThat(harness.events).containsExactly("detach 1", "detach 0");
    }

    @Test
    @Tag("X3")
    void a_hang_up_that_races_a_detach_is_one_end() throws Exception {
        for (int round = 0; round < 100; round++) {
            try (SessionHarness one = new SessionHarness()) {
                one.manager("m");
                one.attach();
                Bounded.together(3, k -> () -> {
                    if (k == 0) {
                        one.controller.hangUp(new TransportException(TransportException.PEER_GONE, "gone"));
                    } else {
                        one.session.detach();
                    }
                    return k;
                });
                assertThat(one.events).containsExactly("detach m");
                assertThat(one.controller.ends).hasValue(1);
                one.session.awaitDetached(Duration.ZERO);
            }
        }
    }

    @Test
    @Tag("X8")
    void a_manager_that_fails_keeps_nobody_from_hearing_and_is_reported() throws Exception {
        IllegalStateException first = new IllegalStateException("planted");
        AssertionError second = new AssertionError("planted");
        harness.manager("0");
        harness.manager("1", () -> DispatcherShutdownTest.<RuntimeException>sneak(first), () -> {});
        harness.manager("2", () -> DispatcherShutdownTest.<RuntimeException>sneak(second), () -> {});
        harness.attach();
        harness.controller.hangUp(null);
        assertThat(harness.session.awaitDetached(SessionHarness.LONG)).isEmpty();
        assertThat(harness.events).containsExactly("detach 2", "detach 1", "detach 0");
        assertThat(harness.reports).containsExactly(second, first);
        Bounded.await(harness.controller.ended);
        assertThat(harness.controller.thrownOnReader).isEmpty();
    }

    @ParameterizedTest
    @Tag("SE-14")
    @ValueSource(strings = {"detach", "shutdown", "close"})
    @Tag("X4")
    void ending_the_session_from_inside_any_call_or_callback_is_an_error_and_changes_nothing(String operation)
            throws Exception {
        LinkedBlockingQueue<IllegalStateException> refusals = new LinkedBlockingQueue<>();
        Runnable attempt = () -> {
            try {
                end(operation);
            } catch (IllegalStateException refused) {
                refusals.add(refused);
            }
        };
        long leaf = ending(Execution.LEAF, attempt);
        long dispatched = ending(Execution.DISPATCHED, attempt);
        long own = ending(Execution.OWN_THREAD, attempt);
        harness.attach();
        for (long target : new long[] {leaf, dispatched, own}) {
            harness.controller.callAndWait(target, SessionHarness.NO_ARGS, target);
            assertThat(Bounded.take(refusals)).hasMessageContaining("waits for itself");
        }
        harness.session.callController(
                SessionOutgoingTest.TAG,
                MemorySegment.NULL,
                0,
                0,
                (status, bytes, offset, length, context) -> attempt.run(),
                0,
                Session.NO_TIMEOUT);
        harness.controller.answer(Bounded.take(harness.controller.outgoing), SessionHarness.NO_ARGS);
        assertThat(Bounded.take(refusals)).hasMessageContaining("waits for itself");
        assertThat(harness.controller.ends).hasValue(0);
        harness.controller.callAndWait(leaf, SessionHarness.NO_ARGS, 1);
        harness.assertCleanShutdown();
    }

    private long ending(Execution execution, Runnable attempt) {
        return harness.function(execution, (args, offset, length, reply) -> {
            attempt.run();
            reply.result(args, offset, length);
        });
    }

    private void end(String operation) {
        switch (operation) {
            case "detach" -> harness.session.detach();
            case "shutdown" -> harness.session.shutdown(Duration.ofMillis(100));
            default -> harness.session.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"detach", "shutdown", "close"})
    @Tag("X4")
    void ending_the_session_from_a_manager_that_hears_of_the_end_is_an_error(String operation) {
        LinkedBlockingQueue<IllegalStateException> refusals = new LinkedBlockingQueue<>();
        harness.manager("0");
        harness.manager(
                "1",
                () -> assertThatIllegalStateException()
                        .isThrownBy(() -> end(operation))
                        .satisfies(refusals::add),
                () -> {});
        harness.attach();
        harness.session.detach();
        assertThat(refusals).hasSize(1);
        assertThat(harness.events).containsExactly("detach 1", "detach 0");
        harness.assertCleanShutdown();
        assertThat(harness.reports).isEmpty();
    }

    @ParameterizedTest
    @Tag("SE-12")
    @EnumSource(
            value = Execution.class,
            names = {"DISPATCHED", "OWN_THREAD"})
    void running_code_goes_on_after_a_detach_and_more_may_enter(Execution execution) throws Exception {
        CountDownLatch door = new CountDownLatch(1);
        LinkedBlockingQueue<String> ended = new LinkedBlockingQueue<>();
        CountDownLatch started = new CountDownLatch(1);
        long running = harness.function(execution, (args, offset, length, reply) -> {
            started.countDown();
            Bounded.await(door);
            ended.add("ended");
        });
        harness.attach();
        harness.controller.call(running, SessionHarness.NO_ARGS, 1);
        Bounded.await(started);
        harness.session.detach();
        assertThat(ended).isEmpty();
        try (Keepalive alive = harness.session.tryEnter()) {
            assertThat(alive).isNotNull();
        }
        door.countDown();
        assertThat(Bounded.take(ended)).isEqualTo("ended");
        harness.assertCleanShutdown();
    }

    @Test
    @Tag("X2")
    void a_call_that_waits_for_a_thread_when_the_controller_goes_never_starts() throws Exception {
        SessionLimits one = new SessionLimits(1, 1, 1 << 20, 64, 64, SessionHarness.LONG);
        try (SessionHarness narrow = new SessionHarness(one)) {
            Stuck stuck = narrow.stuckFunction();
            AtomicInteger started = new AtomicInteger();
            long queued =
                    narrow.function(Execution.OWN_THREAD, (args, offset, length, reply) -> started.incrementAndGet());
            narrow.attach();
            narrow.controller.call(stuck.address(), SessionHarness.NO_ARGS, 1);
            narrow.controller.call(queued, SessionHarness.NO_ARGS, 2);
            stuck.awaitStarted();
            narrow.session.detach();
            stuck.letGo();
            narrow.assertCleanShutdown();
            assertThat(started).hasValue(0);
        }
    }
}
