// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.api.CallException;
import org.orcrt.api.CallStatus;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.Session;
import org.orcrt.api.ShutdownReport;
import org.orcrt.api.Task;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.testing.Bounded;

/// Ends that meet somebody who does not end: bounded, named, and to be tried again.
@Timeout(60)
class SessionBoundsTest {

    private static final HandlerTag TAG = new HandlerTag(9);
    private static final Duration SHORT = Duration.ofMillis(100);

    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch door = new CountDownLatch(1);

    private static void assertWithin(Duration bound, long startNs) {
        assertThat(Duration.ofNanos(System.nanoTime() - startNs)).isLessThan(bound);
    }

    private void stand() {
        inside.countDown();
        SessionHarness.standInThisFunction(door);
    }

    @Test
    @Tag("D4")
    void a_handler_of_the_controller_that_does_not_return_is_named_within_the_bound() throws Exception {
        try (InProcessHarness harness = new InProcessHarness()) {
            harness.pair.control().registerHandler(TAG, (args, offset, length, reply) -> {
                stand();
                reply.result(args, offset, length);
            });
            ExecutorAddress asks = harness.function(Execution.DISPATCHED, (args, offset, length, reply) -> {
                harness.callController(TAG, new byte[1]);
                reply.result(args, offset, length);
            });
            harness.attach();
            harness.pair
                    .control()
                    .callWrapper(
                            asks,
                            MemorySegment.ofArray(new byte[1]),
                            0,
                            1,
                            (status, bytes, offset, length, context) -> {},
                            0,
                            Session.NO_TIMEOUT);
            Bounded.await(inside);
            long startNs = System.nanoTime();
            ShutdownReport report = harness.session.shutdown(SHORT);
            assertWithin(Duration.ofSeconds(10), startNs);
            assertThat(report.stillRunning()).anyMatch(name -> name.contains("standInThisFunction"));
            assertThat(report.stillRunning()).anyMatch(name -> name.contains("still delivers"));
            door.countDown();
            assertThat(harness.session.shutdown(SessionHarness.LONG).isClean()).isTrue();
        }
    }

    @Test
    @Tag("D4")
    void a_call_on_the_stack_of_a_caller_in_this_process_is_named_and_is_no_keepalive() throws Exception {
        try (InProcessHarness harness = new InProcessHarness()) {
            ExecutorAddress stuck = harness.function(Execution.DISPATCHED, (args, offset, length, reply) -> {
                stand();
                reply.result(args, offset, length);
            });
            harness.attach();
            Bounded.Running<String> caller = Bounded.start(() -> {
                try {
                    harness.callAndWait(stuck, new byte[1]);
                    return "answered";
                } catch (CallException gone) {
                    return "gone";
                }
            });
            Bounded.await(inside);
            ShutdownReport report = harness.session.shutdown(SHORT);
            assertThat(report.stillRunning()).singleElement().asString().contains("standInThisFunction");
            door.countDown();
            assertThat(caller.get()).isEqualTo("gone");
            assertThat(harness.session.shutdown(SessionHarness.LONG).isClean()).isTrue();
        }
    }

    @Test
    @Tag("D5")
    void who_asks_beside_a_slow_shutdown_waits_no_longer_than_told() throws Exception {
        try (SessionHarness harness = new SessionHarness()) {
            harness.manager("slow", () -> {}, this::stand);
            harness.attach();
            Bounded.Running<ShutdownReport> driver = Bounded.start(() -> harness.session.shutdown(SessionHarness.LONG));
            Bounded.await(inside);
            long startNs = System.nanoTime();
            ShutdownReport joined = harness.session.shutdown(SHORT);
            assertWithin(Duration.ofSeconds(10), startNs);
            assertThat(joined.stillRunning())
                    .singleElement()
                    .asString()
                    .contains("another thread shuts the session down", "standInThisFunction");
            door.countDown();
            assertThat(driver.get().isClean()).isTrue();
            assertThat(harness.session.shutdown(SHORT)).isSameAs(driver.get());
        }
    }

    /// A dispatcher of somebody else's.
    private static final class Broken implements TaskDispatcher {
        @Override
        public boolean dispatch(Task task) {
            throw new IllegalStateException("planted in dispatch");
        }

        @Override
        public boolean runsOn(Thread thread) {
            return false;
        }

        @Override
        public List<String> shutdown(Duration bound) {
            throw new IllegalStateException("planted in shutdown");
        }
    }

    @Test
    void a_dispatcher_that_throws_loses_no_call_and_keeps_nobody_waiting() throws Exception {
        List<Throwable> reports = new CopyOnWriteArrayList<>();
        InProcessPair pair = InProcessPair.create(reports::add);
        DefaultSession session = new DefaultSession(
                SessionHarness.LIMITS, new SessionHooks(reports::add, null, new Broken()), new JavaOnlyLinker());
        PluginSetup setup = new PluginSetup(session, "test", SessionHarness.PROCESS, false, Map.of());
        ExecutorAddress function =
                setup.function("f", (args, offset, length, reply) -> reply.result(args, offset, length));
        session.parts().complete(SessionHarness.PROCESS);
        session.attach(pair.access());
        List<CallStatus> told = new CopyOnWriteArrayList<>();
        pair.control()
                .callWrapper(
                        function,
                        MemorySegment.ofArray(new byte[1]),
                        0,
                        1,
                        (status, bytes, offset, length, context) -> told.add(status),
                        0,
                        Session.NO_TIMEOUT);
        assertThat(told).containsExactly(CallStatus.OUT_OF_BAND_ERROR);
        ShutdownReport report = session.shutdown(SessionHarness.LONG);
        assertThat(report.stillRunning()).isEmpty();
        assertThat(report.failures())
                .singleElement()
                .extracting(Throwable::getMessage)
                .isEqualTo("planted in shutdown");
        assertThat(session.shutdown(SHORT)).isSameAs(report);
    }
}
