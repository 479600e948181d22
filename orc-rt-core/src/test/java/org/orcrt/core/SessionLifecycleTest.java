// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.Keepalive;
import org.orcrt.api.OrcException;
import org.orcrt.api.ResourceManager;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.Session;
import org.orcrt.api.ShutdownReport;
import org.orcrt.api.TransportException;
import org.orcrt.testing.Bounded;

/// Ends that come from everywhere, and additions that come late.
@Timeout(60)
class SessionLifecycleTest {

    private static final OrcException GONE = new TransportException(TransportException.PEER_GONE, "gone");

    private static SessionHarness harness(List<Optional<OrcException>> heard) {
        return new SessionHarness(SessionHarness.LIMITS, heard::add);
    }

    @Test
    void the_owner_hears_of_an_abnormal_end_once_before_the_managers_and_nobody_else_does() {
        List<Optional<OrcException>> heard = new CopyOnWriteArrayList<>();
        try (SessionHarness harness = harness(heard)) {
            harness.manager("m", () -> assertThat(heard).hasSize(1), () -> {});
            harness.attach();
            harness.controller.hangUp(GONE);
            Bounded.await(harness.controller.ended);
            harness.assertCleanShutdown();
            assertThat(heard).containsExactly(Optional.of(GONE));
            assertThat(harness.reports).isEmpty();
            assertThat(harness.events).containsExactly("detach m", "shutdown m");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_owner_hears_of_an_orderly_end_once_also_if_there_never_was_a_controller(boolean attached) {
        List<Optional<OrcException>> heard = new CopyOnWriteArrayList<>();
        try (SessionHarness harness = harness(heard)) {
            if (attached) {
                harness.attach();
            } else {
                harness.complete();
            }
            harness.session.detach();
            harness.session.detach();
            harness.assertCleanShutdown();
            assertThat(heard).containsExactly(Optional.empty());
        }
    }

    @Test
    void without_an_owner_an_abnormal_end_goes_to_the_reporter_and_an_orderly_one_does_not() {
        try (SessionHarness broken = new SessionHarness().attach();
                SessionHarness orderly = new SessionHarness().attach()) {
            broken.controller.hangUp(GONE);
            Bounded.await(broken.controller.ended);
            orderly.controller.hangUp(null);
            Bounded.await(orderly.controller.ended);
            assertThat(broken.reports).containsExactly(GONE);
            assertThat(orderly.reports).isEmpty();
        }
    }

    @Test
    @Tag("RM-8")
    void a_manager_added_after_the_detach_is_told_at_once_and_shut_down_with_the_others() {
        try (SessionHarness harness = new SessionHarness()) {
            harness.manager("early");
            harness.attach();
            harness.session.detach();
            harness.manager("late");
            assertThat(harness.events).containsExactly("detach early", "detach late");
            harness.assertCleanShutdown();
            assertThat(harness.events.subList(2, 4)).containsExactly("shutdown late", "shutdown early");
        }
    }

    @Test
    @Tag("RM-8")
    void a_manager_added_after_the_shutdown_is_told_and_shut_down_at_once() {
        try (SessionHarness harness = new SessionHarness()) {
            harness.attach();
            harness.assertCleanShutdown();
            harness.manager("late");
            assertThat(harness.events).containsExactly("detach late", "shutdown late");
        }
    }

    @Test
    void a_manager_added_by_one_that_hears_of_the_detach_hears_of_it_too() {
        try (SessionHarness harness = new SessionHarness()) {
            harness.manager("outer", () -> harness.manager("inner"), () -> {});
            harness.attach();
            harness.session.detach();
            assertThat(harness.events).containsExactly("detach outer", "detach inner");
            harness.assertCleanShutdown();
            assertThat(harness.events.subList(2, 4)).containsExactly("shutdown inner", "shutdown outer");
        }
    }

    @Test
    void a_manager_added_by_one_that_shuts_down_is_shut_down_too() {
        try (SessionHarness harness = new SessionHarness()) {
            harness.manager("outer", () -> {}, () -> harness.manager("inner"));
            harness.attach();
            harness.assertCleanShutdown();
            assertThat(harness.events)
                    .containsExactly("detach outer", "shutdown outer", "detach inner", "shutdown inner");
        }
    }

    @Test
    @Tag("X11")
    void a_manager_added_by_the_owner_who_hears_of_the_end_hears_of_it_once() {
        AtomicReference<SessionHarness> self = new AtomicReference<>();
        try (SessionHarness harness =
                new SessionHarness(SessionHarness.LIMITS, why -> self.get().manager("late"))) {
            self.set(harness);
            harness.manager("early");
            harness.attach();
            harness.assertCleanShutdown();
            assertThat(harness.events)
                    .containsExactly("detach late", "detach early", "shutdown late", "shutdown early");
        }
    }

    @Test
    void a_manager_may_wait_for_a_thread_that_adds_another_one() {
        try (SessionHarness harness = new SessionHarness()) {
            harness.manager(
                    "waits",
                    () -> {
                        try {
                            Bounded.start(() -> {
                                        harness.manager("added");
                                        return "added";
                                    })
                                    .get();
                        } catch (Exception failure) {
                            throw new AssertionError(failure);
                        }
                    },
                    () -> {});
            harness.attach();
            harness.assertCleanShutdown();
            assertThat(harness.reports).isEmpty();
            assertThat(harness.events)
                    .containsExactly("detach waits", "detach added", "shutdown added", "shutdown waits");
        }
    }

    @Test
    void ten_thousand_managers_are_told_without_a_deep_stack() {
        try (SessionHarness harness = new SessionHarness()) {
            for (int k = 0; k < 10_000; k++) {
                harness.manager("m");
            }
            harness.attach();
            harness.assertCleanShutdown();
            assertThat(harness.events).hasSize(20_000);
        }
    }

    @ParameterizedTest
    @Tag("SE-14")
    @ValueSource(strings = {"LEAF", "DISPATCHED", "OWN_THREAD"})
    @Tag("X4")
    void a_call_may_ask_for_the_end_without_waiting_for_it(String execution) throws Exception {
        try (SessionHarness harness = new SessionHarness()) {
            harness.manager("m");
            AtomicReference<CompletionStage<ShutdownReport>> end = new AtomicReference<>();
            long function = harness.function(Execution.valueOf(execution), (args, offset, length, reply) -> {
                end.set(harness.session.shutdownAsync(SessionHarness.LONG));
                reply.result(args, offset, length);
            });
            harness.attach();
            harness.controller.call(function, SessionHarness.NO_ARGS, 1);
            Bounded.until("the call has asked", () -> end.get() != null);
            assertThat(end.get().toCompletableFuture().get(20, TimeUnit.SECONDS).isClean())
                    .isTrue();
            assertThat(harness.events).containsExactly("detach m", "shutdown m");
        }
    }

    @Test
    void a_manager_that_hears_of_the_detach_may_ask_for_the_shutdown_which_comes_after_all_have_heard()
            throws Exception {
        try (SessionHarness harness = new SessionHarness()) {
            AtomicReference<CompletionStage<ShutdownReport>> end = new AtomicReference<>();
            harness.manager("first");
            harness.manager("second", () -> end.set(harness.session.shutdownAsync(SessionHarness.LONG)), () -> {});
            harness.attach();
            harness.session.detachAsync().toCompletableFuture().get(20, TimeUnit.SECONDS);
            end.get().toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(harness.events)
                    .containsExactly("detach second", "detach first", "shutdown second", "shutdown first");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_owner_may_ask_for_the_shutdown_when_it_hears_of_the_end(boolean hungUp) {
        AtomicReference<SessionHarness> self = new AtomicReference<>();
        CountDownLatch down = new CountDownLatch(1);
        try (SessionHarness harness = new SessionHarness(
                SessionHarness.LIMITS,
                why -> self.get().session.shutdownAsync(SessionHarness.LONG).thenRun(down::countDown))) {
            self.set(harness);
            harness.manager("m");
            harness.attach();
            if (hungUp) {
                harness.controller.hangUp(GONE);
            } else {
                harness.session.detach();
            }
            Bounded.await(down);
            assertThat(harness.events).containsExactly("detach m", "shutdown m");
            assertThat(harness.reports).isEmpty();
        }
    }

    @Test
    @Tag("RM-7")
    @Tag("SE-13")
    @Tag("SE-15")
    @Tag("X7")
    void a_keepalive_delays_the_shutdown_and_no_new_one_is_given() throws Exception {
        try (SessionHarness harness = new SessionHarness()) {
            harness.manager("m");
            harness.attach();
            Keepalive alive = harness.session.tryEnter();
            assertThat(alive).isNotNull();
            Bounded.Running<ShutdownReport> shutdown =
                    Bounded.start(() -> harness.session.shutdown(SessionHarness.LONG));
            Bounded.until("nobody gets in", () -> harness.session.gate().isClosed());
            assertThat(harness.events).containsExactly("detach m");
            assertThat(harness.session.tryEnter()).isNull();
            assertThat(harness.session.runWithKeepalive(() -> harness.events.add("ran")))
                    .isFalse();
            assertThat(harness.session.callWithKeepalive(() -> 42)).isEmpty();
            alive.close();
            alive.close();
            assertThat(shutdown.get().isClean()).isTrue();
            assertThat(harness.events).containsExactly("detach m", "shutdown m");
        }
    }

    @Test
    @Tag("X7")
    void work_with_a_keepalive_runs_before_the_shutdown_and_its_failure_lets_go() {
        try (SessionHarness harness = new SessionHarness().attach()) {
            List<String> ran = new ArrayList<>();
            assertThat(harness.session.runWithKeepalive(() -> ran.add("ran"))).isTrue();
            assertThat(harness.session.callWithKeepalive(() -> 42)).contains(42);
            try {
                harness.session.runWithKeepalive(() -> {
                    throw new IllegalStateException("planted");
                });
            } catch (IllegalStateException planted) {
                ran.add("threw");
            }
            assertThat(ran).containsExactly("ran", "threw");
            harness.assertCleanShutdown();
        }
    }

    @Test
    @Tag("RM-5")
    @Tag("RM-6")
    @Tag("X8")
    void whichever_of_four_managers_fail_the_others_are_told_in_reverse_order_and_all_failures_are_kept() {
        for (int detaching = 0; detaching < 16; detaching++) {
            for (int ending = 0; ending < 16; ending++) {
                assertFailuresAreKept(detaching, ending);
            }
        }
    }

    private static void assertFailuresAreKept(int detaching, int ending) {
        try (SessionHarness harness = new SessionHarness()) {
            for (int k = 0; k < 4; k++) {
                int bit = 1 << k;
                harness.manager(
                        "m" + k,
                        () -> failIf((detaching & bit) != 0, "detach"),
                        () -> failIf((ending & bit) != 0, "shutdown"));
            }
            harness.attach();
            ShutdownReport report = harness.session.shutdown(SessionHarness.LONG);
            assertThat(harness.events)
                    .as("subsets %d, %d", detaching, ending)
                    .containsExactly(
                            "detach m3",
                            "detach m2",
                            "detach m1",
                            "detach m0",
                            "shutdown m3",
                            "shutdown m2",
                            "shutdown m1",
                            "shutdown m0");
            assertThat(harness.reports).hasSize(Integer.bitCount(detaching));
            assertThat(report.failures())
                    .hasSize(Integer.bitCount(ending))
                    .allMatch(failure -> "shutdown".equals(failure.getMessage()));
            assertThat(report.stillRunning()).isEmpty();
        }
    }

    private static void failIf(boolean fails, String text) {
        if (fails) {
            throw new IllegalStateException(text);
        }
    }

    /// A manager of things: those that were given back one by one are gone, the others are cleaned at the
    /// end, once.
    private static final class Counting implements ResourceManager {
        private final AtomicInteger[] cleaned;
        private final boolean[] held;
        private int detaches;
        private int shutdowns;

        Counting(int things) {
            cleaned = new AtomicInteger[things];
            held = new boolean[things];
            for (int k = 0; k < things; k++) {
                cleaned[k] = new AtomicInteger();
                held[k] = true;
            }
        }

        void deallocate(int thing) {
            if (held[thing]) {
                held[thing] = false;
                cleaned[thing].incrementAndGet();
            }
        }

        @Override
        public void detach() {
            detaches++;
        }

        @Override
        public void shutdown() {
            shutdowns++;
            for (int k = 0; k < held.length; k++) {
                deallocate(k);
            }
        }
    }

    @Test
    @Tag("RM-4")
    @Tag("X11")
    void in_a_hundred_thousand_histories_every_manager_hears_each_end_once_and_every_thing_is_cleaned_once() {
        Random random = new Random(11);
        for (int history = 0; history < 100_000; history++) {
            DefaultSession session = SessionHarness.bareSession();
            List<Counting> managers = new ArrayList<>();
            int steps = 3 + random.nextInt(8);
            for (int step = 0; step < steps; step++) {
                switch (random.nextInt(6)) {
                    case 0, 1 -> {
                        Counting manager = new Counting(3);
                        managers.add(manager);
                        session.addResource(manager);
                    }
                    case 2, 3 -> {
                        if (!managers.isEmpty()) {
                            managers.get(random.nextInt(managers.size())).deallocate(random.nextInt(3));
                        }
                    }
                    case 4 -> session.detach();
                    default -> {
                        if (random.nextInt(4) == 0) {
                            session.shutdown(Duration.ZERO);
                        }
                    }
                }
            }
            session.shutdown(Duration.ZERO);
            for (Counting manager : managers) {
                if (manager.detaches != 1 || manager.shutdowns != 1) {
                    throw new AssertionError("seed 11, history %d: %d detaches, %d shutdowns"
                            .formatted(history, manager.detaches, manager.shutdowns));
                }
                for (AtomicInteger thing : manager.cleaned) {
                    assertThat(thing).hasValue(1);
                }
            }
        }
    }

    @Test
    @Tag("X2")
    void no_handler_starts_after_the_first_of_many_disconnects_has_returned() throws Exception {
        int rounds = Rows.scaled(10_000);
        int threads = 64;
        AtomicInteger late = new AtomicInteger();
        AtomicInteger started = new AtomicInteger();
        for (int round = 0; round < rounds; round++) {
            try (DisconnectRound one = new DisconnectRound(late, started)) {
                one.run(threads);
            }
        }
        assertThat(started).as("handlers started before").hasPositiveValue();
        assertThat(late).as("handlers started after").hasValue(0);
    }

    /// One in-process pair whose both ends call each other while many threads disconnect it.
    private static final class DisconnectRound implements AutoCloseable {
        private final InProcessHarness harness = new InProcessHarness();
        private final AtomicInteger returned = new AtomicInteger();
        private final HandlerTag tag = new HandlerTag(5);
        private final ExecutorAddress leaf;

        DisconnectRound(AtomicInteger late, AtomicInteger started) {
            leaf = harness.function(Execution.LEAF, (args, offset, length, reply) -> {
                started.incrementAndGet();
                late.addAndGet(returned.get() > 0 ? 1 : 0);
                reply.result(args, offset, length);
            });
            harness.pair.control().registerHandler(tag, (args, offset, length, reply) -> {
                started.incrementAndGet();
                late.addAndGet(returned.get() > 0 ? 1 : 0);
                reply.result(args, offset, length);
            });
            harness.attach();
        }

        void run(int threads) throws Exception {
            byte[] args = new byte[4];
            MemorySegment bytes = MemorySegment.ofArray(args);
            Bounded.together(threads, k -> () -> {
                if (k % 2 == 0) {
                    if (k % 4 == 0) {
                        harness.pair.control().disconnect();
                    } else {
                        harness.session.detach();
                    }
                    returned.incrementAndGet();
                    return k;
                }
                for (int call = 0; call < 20; call++) {
                    if (k % 4 == 1) {
                        harness.pair.control().callWrapper(leaf, bytes, 0, 4, IGNORED, 0, Session.NO_TIMEOUT);
                    } else {
                        harness.session.callController(tag, bytes, 0, 4, IGNORED, 0, Session.NO_TIMEOUT);
                    }
                }
                return k;
            });
        }

        @Override
        public void close() {
            harness.close();
        }
    }

    private static final ResultHandler IGNORED = (status, bytes, offset, length, context) -> {};
}
