// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.TransportException;
import org.orcrt.api.WrapperFunction;
import org.orcrt.spi.CallingConvention;
import org.orcrt.spi.NativeCall;
import org.orcrt.spi.WrapperFunctionLinker;
import org.orcrt.testing.Bounded;

/// What a recording says of a session that did real work.
class SessionEventsTest {

    private static final HandlerTag TAG = new HandlerTag(0xabcd);
    private static final byte[] FIVE = {1, 2, 3, 4, 5};

    @TempDir
    private Path scratch;

    @Test
    void calls_are_recorded_with_their_bytes_place_and_outcome() throws Exception {
        List<RecordedEvent> calls = recorded("org.orcrt.Call", () -> {
            try (SessionHarness harness = new SessionHarness()) {
                long leaf = harness.echo(Execution.LEAF);
                long dispatched = harness.echo(Execution.DISPATCHED);
                long own = harness.echo(Execution.OWN_THREAD);
                long failing = harness.function(Execution.OWN_THREAD, (args, offset, length, reply) -> {
                    throw new IllegalStateException("planted");
                });
                harness.attach();
                long id = 70;
                for (long target : new long[] {leaf, dispatched, own, failing}) {
                    harness.controller.callAndWait(target, FIVE, id++);
                }
                harness.assertCleanShutdown();
            }
        });
        assertThat(calls)
                .extracting(SessionEventsTest::describe)
                .containsExactlyInAnyOrder(
                        "#70 reader result 5 -> 5",
                        "#71 dispatcher result 5 -> 5",
                        "#72 own thread result 5 -> 5",
                        "#73 own thread error 5 -> 0");
        assertThat(calls)
                .extracting(call -> call.getLong("session"))
                .containsOnly(calls.getFirst().getLong("session"));
        assertThat(calls).extracting(call -> call.getLong("target")).doesNotHaveDuplicates();
        assertThat(calls).allSatisfy(call -> {
            assertThat(call.getEventType().getCategoryNames()).containsExactly("ORC runtime");
            assertThat(call.getStackTrace()).isNull();
            assertThat(call.getDuration("queueTime")).isBetween(Duration.ZERO, call.getDuration());
        });
    }

    @Test
    void a_call_that_never_ran_ran_nowhere() throws Exception {
        List<RecordedEvent> calls = recorded("org.orcrt.Call", () -> {
            SessionLimits limits = new SessionLimits(1, 1, 1 << 20, 64, 64, SessionHarness.LONG);
            try (SessionHarness harness = new SessionHarness(limits)) {
                SessionHarness.Stuck first = harness.stuckFunction();
                harness.attach();
                harness.controller.call(first.address(), FIVE, 1);
                first.awaitStarted();
                harness.controller.call(first.address(), FIVE, 2);
                assertThat(harness.controller
                                .callAndWait(first.address(), FIVE, 3)
                                .error())
                        .startsWith("overloaded");
                first.letGo();
                Bounded.take(harness.controller.replies);
                Bounded.take(harness.controller.replies);
                harness.assertCleanShutdown();
            }
        });
        assertThat(calls)
                .extracting(SessionEventsTest::describe)
                .containsExactlyInAnyOrder(
                        "#1 own thread result 5 -> 5", "#2 own thread result 5 -> 5", "#3 nowhere error 5 -> 0");
        RecordedEvent waited = calls.stream()
                .filter(call -> call.getLong("callId") == 2)
                .findFirst()
                .orElseThrow();
        assertThat(waited.getDuration("queueTime")).isPositive();
    }

    @Test
    void an_in_process_call_that_its_caller_waits_for_ran_on_the_caller() throws Exception {
        List<RecordedEvent> calls = recorded("org.orcrt.Call", () -> {
            try (InProcessHarness harness = new InProcessHarness()) {
                ExecutorAddress echo = harness.function(Execution.DISPATCHED, SessionHarness::echo);
                harness.attach();
                harness.callAndWait(echo, FIVE);
            }
        });
        assertThat(calls).extracting(SessionEventsTest::describe).containsExactly("#0 caller result 5 -> 5");
    }

    @Test
    void calls_to_the_controller_are_recorded_with_their_tag_and_end() throws Exception {
        List<RecordedEvent> calls = recorded("org.orcrt.ControllerCall", () -> {
            try (InProcessHarness harness = new InProcessHarness()) {
                harness.attach();
                harness.pair.control().registerHandler(TAG, SessionHarness::echo);
                assertThat(harness.callController(TAG, FIVE)).isEqualTo(FIVE);
            }
        });
        assertThat(calls).singleElement().satisfies(call -> {
            assertThat(call.getLong("tag")).isEqualTo(0xabcd);
            assertThat(call.getLong("callId")).isZero();
            assertThat(call.getLong("argumentBytes")).isEqualTo(5);
            assertThat(call.getLong("resultBytes")).isEqualTo(5);
            assertThat(call.getString("status")).isEqualTo("RESULT");
        });
    }

    @Test
    void a_call_that_is_not_sent_says_why() throws Exception {
        List<RecordedEvent> calls = recorded("org.orcrt.ControllerCall", () -> {
            try (SessionHarness harness = new SessionHarness()) {
                harness.attach();
                harness.controller.nextStatus = SendStatus.BACK_PRESSURED;
                ResultHandler nobody = (status, bytes, offset, length, context) -> {};
                MemorySegment args = MemorySegment.ofArray(FIVE);
                assertThat(harness.session.callController(TAG, args, 0, 5, nobody, 0, Session.NO_TIMEOUT))
                        .isEqualTo(SendStatus.BACK_PRESSURED);
                harness.assertCleanShutdown();
            }
        });
        assertThat(calls).singleElement().satisfies(call -> {
            assertThat(call.getString("status")).isEqualTo("BACK_PRESSURED");
            assertThat(call.getLong("callId")).isEqualTo(-1);
        });
    }

    @Test
    void a_session_is_told_at_its_end_with_how_it_ended() throws Exception {
        List<RecordedEvent> sessions = recorded("org.orcrt.Session", () -> {
            try (SessionHarness harness = new SessionHarness()) {
                harness.session.events().reachedBy("scripted:here");
                harness.echo(Execution.LEAF);
                harness.echo(Execution.LEAF);
                SessionHarness.Stuck stuck = harness.stuckFunction();
                harness.attach();
                harness.controller.call(stuck.address(), FIVE, 1);
                stuck.awaitStarted();
                harness.controller.hangUp(new TransportException(TransportException.PEER_GONE, "gone\nfor good", null));
                Bounded.await(harness.controller.ended);
                assertThat(harness.session.shutdown(SessionHarness.SHORT).stillRunning())
                        .hasSize(1);
            }
        });
        assertThat(sessions).singleElement().satisfies(session -> {
            assertThat(session.getString("peer")).isEqualTo("scripted:here");
            assertThat(session.getInt("symbols")).isEqualTo(3);
            assertThat(session.getString("failure")).isEqualTo("gone\\u000afor good");
            assertThat(session.getInt("stuck")).isEqualTo(1);
            assertThat(session.getInt("shutdownFailures")).isZero();
            assertThat(session.getDuration("lifetime")).isGreaterThanOrEqualTo(SessionHarness.SHORT);
            assertThat(session.getInstant("began")).isBefore(session.getStartTime());
        });
    }

    @Test
    void a_recording_that_begins_later_sees_what_begins_after_it() throws Exception {
        try (SessionHarness harness = new SessionHarness()) {
            long leaf = harness.echo(Execution.LEAF);
            harness.attach();
            harness.controller.callAndWait(leaf, FIVE, 1);
            List<RecordedEvent> calls = recorded("org.orcrt.Call", () -> harness.controller.callAndWait(leaf, FIVE, 2));
            harness.controller.callAndWait(leaf, FIVE, 3);
            assertThat(calls).extracting(call -> call.getLong("callId")).containsExactly(2L);
        }
    }

    @Test
    void short_calls_are_left_out_unless_somebody_asks_for_them() throws Exception {
        List<RecordedEvent> calls = recorded(new Recording(), "org.orcrt.Call", () -> {
            try (SessionHarness harness = new SessionHarness()) {
                long slow = harness.function(Execution.LEAF, (args, offset, length, reply) -> {
                    long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2);
                    while (System.nanoTime() < endNs) {
                        Thread.onSpinWait();
                    }
                    reply.result(args, offset, length);
                });
                harness.attach();
                harness.controller.callAndWait(slow, FIVE, 1);
                harness.assertCleanShutdown();
            }
        });
        assertThat(calls).extracting(call -> call.getLong("callId")).containsExactly(1L);
        assertThat(calls).allSatisfy(call -> assertThat(call.getDuration()).isGreaterThan(Duration.ofMillis(1)));
    }

    @Test
    void a_leaf_call_that_nobody_records_allocates_nothing() throws Exception {
        // Flight Recorder is there from now on, so that its presence alone is seen to cost nothing either
        recorded("org.orcrt.Call", () -> {});
        InProcessPair pair = InProcessPair.create(failure -> {});
        SessionHooks hooks = new SessionHooks(failure -> {}, null, new ThreadPerCallTaskDispatcher(1, 1, 1 << 20));
        try (DefaultSession session = new DefaultSession(SessionHarness.LIMITS, hooks, new OneFunction())) {
            session.parts().complete(SessionHarness.PROCESS);
            session.attach(pair.access());
            MemorySegment args = MemorySegment.ofArray(FIVE);
            ResultHandler nobody = (status, bytes, offset, length, context) -> {};
            Runnable calls = () -> {
                for (int k = 0; k < 1000; k++) {
                    pair.control().callWrapper(OneFunction.ADDRESS, args, 0, 5, nobody, 0, Session.NO_TIMEOUT);
                }
            };
            calls.run();
            assertThat(Allocations.bytesOf(calls)).as("bytes of 1000 calls").isLessThan(1000);
        }
    }

    @Test
    void a_call_to_the_controller_that_nobody_records_allocates_nothing() throws Exception {
        recorded("org.orcrt.Call", () -> {});
        try (InProcessHarness harness = new InProcessHarness()) {
            harness.attach();
            harness.pair.control().registerHandler(TAG, WrapperFunction.on(Execution.LEAF, SessionHarness::echo));
            MemorySegment args = MemorySegment.ofArray(FIVE);
            ResultHandler nobody = (status, bytes, offset, length, context) -> {};
            Runnable calls = () -> {
                for (int k = 0; k < 1000; k++) {
                    harness.session.callController(TAG, args, 0, 5, nobody, 0, Session.NO_TIMEOUT);
                }
            };
            calls.run();
            assertThat(Allocations.bytesOf(calls)).as("bytes of 1000 calls").isLessThan(1000);
        }
    }

    /// A linker without a map: one leaf at one address, looked up without a box.
    private static final class OneFunction implements WrapperFunctionLinker {

        static final ExecutorAddress ADDRESS = new ExecutorAddress(0x1000);

        private final WrapperFunction echo = WrapperFunction.on(Execution.LEAF, SessionHarness::echo);

        @Override
        public String name() {
            return "one function";
        }

        @Override
        public ExecutorAddress bind(WrapperFunction function, CallingConvention convention) {
            return ADDRESS;
        }

        @Override
        public void unbind(WrapperFunction function, CallingConvention convention) {}

        @Override
        public ExecutorAddress bindC(MethodHandle target, FunctionDescriptor signature, ErrorReporter reporter) {
            throw new AssertionError("there is no native code here");
        }

        @Override
        public void unbindC(ExecutorAddress address) {
            throw new AssertionError("there is no native code here");
        }

        @Override
        public WrapperFunction boundAt(long address) {
            return echo;
        }

        @Override
        public NativeCall prepare(
                long address,
                CallingConvention convention,
                ExecutorAddress session,
                MemorySegment args,
                long offset,
                long length) {
            throw new AssertionError("nobody calls native code here");
        }
    }

    private static String describe(RecordedEvent call) {
        return "#%d %s %s %d -> %d"
                .formatted(
                        call.getLong("callId"),
                        call.getString("place"),
                        call.getString("outcome"),
                        call.getLong("argumentBytes"),
                        call.getLong("resultBytes"));
    }

    /// Something that may throw.
    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    /// All events of a kind, however short.
    private List<RecordedEvent> recorded(String name, Work work) throws Exception {
        Recording recording = new Recording();
        recording.enable(name).withoutThreshold();
        return recorded(recording, name, work);
    }

    private List<RecordedEvent> recorded(Recording recording, String name, Work work) throws Exception {
        try (recording) {
            recording.start();
            work.run();
            recording.stop();
            return events(recording, name);
        }
    }

    private List<RecordedEvent> events(Recording recording, String name) throws IOException {
        Path file = scratch.resolve("recording-" + recording.getId() + ".jfr");
        recording.dump(file);
        List<RecordedEvent> events = new ArrayList<>(RecordingFile.readAllEvents(file));
        events.removeIf(event -> !event.getEventType().getName().equals(name));
        return events;
    }
}
