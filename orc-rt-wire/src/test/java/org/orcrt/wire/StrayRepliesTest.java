// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.api.CallStatus;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.OrcException;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.TransportException;
import org.orcrt.testing.Bounded;
import org.orcrt.testing.CallLedger;
import org.orcrt.wire.Outcomes.Outcome;

/// Answers that come twice or too late: the one breaks the protocol, the other does not.
class StrayRepliesTest {

    private static final HandlerTag TAG = new HandlerTag(1);
    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

    private final QueueChannel channel = new QueueChannel(4096);
    private final RecordingPort port = new RecordingPort();
    private final Outcomes outcomes = new Outcomes();
    private final Connection connection = new Connection(channel, Llvm22.DIALECT, 8, failure -> {});

    @AfterEach
    void end() {
        connection.disconnect();
    }

    @Test
    @Tag("WI-4")
    @Tag("W6")
    void of_two_answers_the_first_counts_and_the_second_breaks_the_protocol() throws Exception {
        attach();
        for (int k = 0; k < 3; k++) {
            call(k, Session.NO_TIMEOUT);
        }
        channel.receive(Frames.result(1, Frames.ascii("first")));
        channel.receive(Frames.result(1, Frames.ascii("second")));
        OrcException failure = port.awaitEnd();
        assertThat(failure.isA(TransportException.PROTOCOL_VIOLATION)).isTrue();
        assertThat(failure).hasMessageContaining("result of call #1, which is not pending");
        assertThat(outcomes.soFar())
                .containsExactly(
                        new Outcome(CallStatus.RESULT, "first", 1),
                        new Outcome(CallStatus.DISCONNECTED, "", 0),
                        new Outcome(CallStatus.DISCONNECTED, "", 2));
    }

    @Test
    @Tag("WI-5")
    @Tag("W7")
    @Tag("C7")
    void a_late_answer_to_a_withdrawn_call_is_dropped_and_counted_and_the_session_lives() throws Exception {
        attach();
        call(7, Session.NO_TIMEOUT);
        assertThat(connection.cancelCall(0, CallStatus.CANCELLED)).isTrue();
        assertThat(connection.cancelCall(0, CallStatus.CANCELLED)).isFalse();
        assertThat(outcomes.next()).isEqualTo(new Outcome(CallStatus.CANCELLED, "", 7));
        channel.receive(Frames.result(0, Frames.ascii("late")));
        assertServes(1);
        assertThat(connection.lateReplies()).isOne();
        channel.receive(Frames.result(0, Frames.ascii("once more")));
        assertThat(port.awaitEnd().isA(TransportException.PROTOCOL_VIOLATION))
                .as("nobody answers twice")
                .isTrue();
        assertThat(connection.lateReplies()).isOne();
    }

    @Test
    @Tag("WI-5")
    @Tag("W7")
    @Tag("C7")
    void a_late_answer_after_the_deadline_is_dropped_and_counted_and_the_session_lives() throws Exception {
        attach();
        call(7, TimeUnit.MILLISECONDS.toNanos(1));
        assertThat(outcomes.next()).isEqualTo(new Outcome(CallStatus.DEADLINE_EXCEEDED, "", 7));
        assertThat(connection.cancelCall(0, CallStatus.CANCELLED))
                .as("it has ended")
                .isFalse();
        channel.receive(Frames.result(0, Frames.ascii("late")));
        assertServes(1);
        assertThat(connection.lateReplies()).isOne();
        assertThat(outcomes.soFar()).isEmpty();
    }

    @Test
    @Tag("W7")
    void a_hundred_thousand_answers_that_come_too_late_break_nothing() throws Exception {
        int batches = 100;
        int perBatch = 1000;
        EchoChannel slow = new EchoChannel(EchoChannel.Fault.NONE, 0);
        slow.hold();
        RecordingPort ownPort = new RecordingPort();
        Connection own = new Connection(slow, Llvm22.DIALECT, 1024, failure -> {});
        own.attach(ownPort, ConnectionTest.INFO);
        CallLedger ledger = new CallLedger(batches * perBatch);
        for (int batch = 1; batch <= batches; batch++) {
            for (int k = 0; k < perBatch; k++) {
                int number = ledger.issue();
                assertThat(own.callController(TAG, NOTHING, 0, 0, ledger, number, TimeUnit.MICROSECONDS.toNanos(200)))
                        .isEqualTo(SendStatus.SENT);
            }
            int due = batch * perBatch;
            Bounded.until("the deadlines pass", () -> ledger.ended() == due);
            slow.release();
            Bounded.until("the answers come", () -> own.lateReplies() == due);
        }
        assertThat(ownPort.ends()).isZero();
        own.disconnect();
        assertThat(ownPort.awaitEnd()).isNull();
        ledger.assertConserved("late answers");
        assertThat(ledger.ended(CallStatus.DEADLINE_EXCEEDED)).isEqualTo(batches * perBatch);
    }

    private void attach() throws InterruptedException {
        connection.attach(port, ConnectionTest.INFO);
        channel.nextSent();
    }

    private void call(long context, long timeoutNs) throws InterruptedException {
        ResultHandler handler = outcomes;
        assertThat(connection.callController(TAG, NOTHING, 0, 0, handler, context, timeoutNs))
                .isEqualTo(SendStatus.SENT);
        channel.nextSent();
    }

    /// A whole round trip, so that whatever came before it was looked at.
    private void assertServes(long id) throws InterruptedException {
        call(99, Session.NO_TIMEOUT);
        channel.receive(Frames.result(id, Frames.ascii("alive")));
        assertThat(outcomes.next()).isEqualTo(new Outcome(CallStatus.RESULT, "alive", 99));
        assertThat(port.ends()).isZero();
    }
}
