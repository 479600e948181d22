// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.orcrt.api.Execution;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.WrapperReturn;
import org.orcrt.core.InMemoryController.Outgoing;
import org.orcrt.core.InMemoryController.Reply;
import org.orcrt.testing.Bounded;

/// Threads made for one call that all wait for the controller, and calls that wait for a thread.
@Timeout(60)
class StalledCallsTest {

    private enum Form {
        BUFFER,
        HANDLER
    }

    private static final int THREADS = 3;
    private static final Duration BOUND = Duration.ofSeconds(1);
    private static final byte[] ASKED = {1};

    private final SessionHarness harness =
            new SessionHarness(new SessionLimits(THREADS, 8, 1 << 20, 64, 64, SessionHarness.LONG, BOUND));

    @AfterEach
    void end() {
        harness.close();
    }

    /// A function that asks the controller as often as its one argument says, and answers with the last answer.
    private long asks(Form form) {
        return harness.function(Execution.OWN_THREAD, (args, offset, length, reply) -> {
            byte[] answer = new byte[1];
            for (int left = args.get(ValueLayout.JAVA_BYTE, offset); left > 0; left--) {
                ask(form, answer);
            }
            reply.result(MemorySegment.ofArray(answer), 0, 1);
        });
    }

    private void ask(Form form, byte[] answer) {
        MemorySegment args = MemorySegment.ofArray(ASKED);
        MemorySegment result = MemorySegment.ofArray(answer);
        switch (form) {
            case BUFFER ->
                harness.session.callControllerAndWait(
                        SessionOutgoingTest.TAG, args, 0, 1, result, 0, 1, Session.NO_TIMEOUT);
            case HANDLER -> {
                SendStatus sent = harness.session.callControllerAndWait(
                        SessionOutgoingTest.TAG,
                        args,
                        0,
                        1,
                        (status, bytes, at, size, context) -> MemorySegment.copy(bytes, at, result, 0, size),
                        Session.NO_TIMEOUT);
                assertThat(sent).isEqualTo(SendStatus.SENT);
            }
        }
    }

    private List<Outgoing> fill(long function, int times) throws InterruptedException {
        List<Outgoing> questions = new ArrayList<>();
        for (int k = 0; k < THREADS; k++) {
            harness.controller.call(function, new byte[] {(byte) times}, k);
            questions.add(Bounded.take(harness.controller.outgoing));
        }
        return questions;
    }

    private Set<Long> answered(int count) throws InterruptedException {
        Set<Long> ids = new HashSet<>();
        for (int k = 0; k < count; k++) {
            Reply reply = harness.controller.awaitReply();
            assertThat(reply.bytes()).as("%s", reply).containsExactly(42);
            ids.add(reply.callId());
        }
        return ids;
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    @Tag("C4")
    void calls_that_no_thread_will_ever_take_are_refused_and_nothing_is_stuck(Form form) throws Exception {
        long asks = asks(form);
        harness.attach();
        List<Outgoing> questions = fill(asks, 1);
        long startedNs = System.nanoTime();
        harness.controller.call(asks, new byte[] {1}, 70);
        harness.controller.call(asks, new byte[] {1}, 71);
        for (long id = 70; id <= 71; id++) {
            Reply refused = harness.controller.awaitReply();
            assertThat(refused.callId()).isEqualTo(id);
            assertThat(refused.error())
                    .isEqualTo("overloaded: all 3 threads for native calls have been waiting for the controller for"
                            + " 1000 ms");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - startedNs)).isGreaterThanOrEqualTo(BOUND.dividedBy(2));
        questions.forEach(question -> harness.controller.answer(question, new byte[] {42}));
        assertThat(answered(THREADS)).containsExactlyInAnyOrder(0L, 1L, 2L);
        harness.controller.call(asks, new byte[] {1}, 80);
        harness.controller.answer(Bounded.take(harness.controller.outgoing), new byte[] {42});
        assertThat(answered(1)).as("the places are free again").containsExactly(80L);
    }

    @Test
    @Tag("C4")
    void a_call_waits_for_a_thread_as_long_as_answers_still_come() throws Exception {
        long asks = asks(Form.HANDLER);
        harness.attach();
        int rounds = 100;
        List<Outgoing> questions = fill(asks, rounds);
        harness.controller.call(asks, new byte[] {1}, 70);
        // all threads wait nearly all the time, for longer than the bound; but one after the other gets on
        for (int k = 0; k < rounds - 1; k++) {
            TimeUnit.MILLISECONDS.sleep(2 * BOUND.toMillis() / rounds);
            harness.controller.answer(questions.removeFirst(), new byte[] {42});
            questions.add(Bounded.take(harness.controller.outgoing));
            assertThat(harness.controller.replies).isEmpty();
        }
        for (int k = 0; k < rounds * THREADS - (rounds - 1) + 1; k++) {
            Outgoing next = questions.isEmpty() ? Bounded.take(harness.controller.outgoing) : questions.removeFirst();
            harness.controller.answer(next, new byte[] {42});
        }
        assertThat(answered(THREADS + 1)).containsExactlyInAnyOrder(0L, 1L, 2L, 70L);
    }

    @Test
    @Tag("C4")
    void calls_nest_as_deep_as_there_are_threads_and_one_deeper_is_refused() throws Exception {
        try (InProcessHarness inProcess =
                new InProcessHarness(new SessionLimits(THREADS, 8, 1 << 20, 64, 64, SessionHarness.LONG, BOUND), 64)) {
            var function = inProcess.function(Execution.OWN_THREAD, (args, offset, length, reply) -> {
                byte left = args.get(ValueLayout.JAVA_BYTE, offset);
                byte depth = left == 0
                        ? 1
                        : (byte) (1
                                + inProcess.callController(SessionOutgoingTest.TAG, new byte[] {(byte) (left - 1)})[0]);
                reply.result(MemorySegment.ofArray(new byte[] {depth}), 0, 1);
            });
            // the answer comes later, from another thread
            inProcess
                    .pair
                    .control()
                    .registerHandler(
                            SessionOutgoingTest.TAG,
                            (args, offset, length, reply) -> inProcess
                                    .pair
                                    .control()
                                    .callWrapperAsync(
                                            function,
                                            args.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE),
                                            SessionHarness.LONG)
                                    .whenComplete((bytes, failure) -> answer(reply, bytes, failure)));
            inProcess.attach();
            for (int depth = 1; depth <= THREADS; depth++) {
                assertThat(inProcess.callAndWait(function, new byte[] {(byte) (depth - 1)}))
                        .containsExactly(depth);
            }
            assertThat(inProcess
                            .pair
                            .control()
                            .callWrapperAsync(function, new byte[] {THREADS}, SessionHarness.LONG)
                            .toCompletableFuture())
                    .failsWithin(SessionHarness.LONG)
                    .withThrowableThat()
                    .withMessageContaining("overloaded: all 3 threads");
            assertThat(inProcess.callAndWait(function, new byte[] {1})).containsExactly(2);
        }
    }

    private static void answer(WrapperReturn reply, byte[] bytes, Throwable failure) {
        if (failure == null) {
            reply.result(MemorySegment.ofArray(bytes), 0, bytes.length);
        } else {
            reply.outOfBandError(String.valueOf(failure.getMessage()));
        }
    }
}
