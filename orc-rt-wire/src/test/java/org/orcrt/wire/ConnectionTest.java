// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.CallException;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.ProcessInfo;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.TransportException;
import org.orcrt.wire.Outcomes.Outcome;

/// Calls and answers over a connection that lives.
class ConnectionTest {

    static final BootstrapInfo INFO = new BootstrapInfo(
            new ProcessInfo("x86_64-pc-linux-gnu", 4096), Map.of("foo", new ExecutorAddress(0x1000)), Map.of());

    private static final int MAX_FRAME_BYTES = 256;
    private static final HandlerTag TAG = new HandlerTag(0xabc);

    private final QueueChannel channel = new QueueChannel(MAX_FRAME_BYTES);
    private final Queue<Throwable> reported = new ConcurrentLinkedQueue<>();
    private final RecordingPort port = new RecordingPort();
    private final Outcomes outcomes = new Outcomes();
    private final Connection connection = new Connection(channel, Llvm22.DIALECT, 4, reported::add);

    @AfterEach
    void end() throws Exception {
        connection.disconnect();
        assertThat(channel.isClosed()).isTrue();
    }

    @Test
    @Tag("WI-2")
    void setup_is_the_first_frame_and_a_call_that_waited_for_it_is_served() throws Exception {
        channel.receive(Frames.frame(Frames.CALL, 5, 0x1000, Frames.ascii("early")));
        connection.attach(port, INFO);
        byte[] payload = SetupMessage.write(INFO).toByteArray();
        assertThat(channel.nextSent()).isEqualTo(Frames.frame(Frames.SETUP, 0, 0, payload));
        RecordingPort.Call call = port.next();
        assertThat(call.args()).isEqualTo(Frames.ascii("early"));
        assertThat(call.thread().getName()).isEqualTo("orc-reader");
        assertThat(call.thread().isDaemon()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void an_answer_carries_the_number_of_its_call_whatever_that_is(long callId) throws Exception {
        attach();
        connection.sendWrapperResult(MemorySegment.ofArray(Frames.ascii("0123456789")), 3, 4, callId);
        assertThat(channel.nextSent()).isEqualTo(Frames.result(callId, Frames.ascii("3456")));
    }

    @Test
    void calls_to_the_controller_are_numbered_and_their_results_find_them() throws Exception {
        attach();
        assertThat(call("one", 11)).isEqualTo(SendStatus.SENT);
        assertThat(call("two", 12)).isEqualTo(SendStatus.SENT);
        assertThat(channel.nextSent()).isEqualTo(Frames.frame(Frames.CALL, 0, 0xabc, Frames.ascii("one")));
        assertThat(channel.nextSent()).isEqualTo(Frames.frame(Frames.CALL, 1, 0xabc, Frames.ascii("two")));
        channel.receive(Frames.result(1, Frames.ascii("second")));
        channel.receive(Frames.result(0, Frames.ascii("first")));
        assertThat(outcomes.next()).isEqualTo(new Outcome(CallStatus.RESULT, "second", 12));
        assertThat(outcomes.next()).isEqualTo(new Outcome(CallStatus.RESULT, "first", 11));
    }

    @Test
    @Tag("CA-18")
    @Tag("C10")
    void more_calls_than_may_wait_are_pushed_back_and_leave_nothing_behind() throws Exception {
        attach();
        for (int k = 0; k < 4; k++) {
            assertThat(call("", k)).isEqualTo(SendStatus.SENT);
            channel.nextSent();
        }
        assertThat(call("", 4)).isEqualTo(SendStatus.BACK_PRESSURED);
        assertThat(channel.sentFrames()).isZero();
        channel.receive(Frames.result(2));
        assertThat(outcomes.next().context()).isEqualTo(2);
        assertThat(call("", 5)).isEqualTo(SendStatus.SENT);
        assertThat(call("", 6)).isEqualTo(SendStatus.BACK_PRESSURED);
    }

    @Test
    @Tag("CA-18")
    void a_channel_without_room_pushes_back_and_the_handler_hears_nothing() throws Exception {
        attach();
        channel.full(true);
        for (int k = 0; k < 10; k++) {
            assertThat(call("", k)).isEqualTo(SendStatus.BACK_PRESSURED);
        }
        channel.full(false);
        assertThat(call("", 10)).isEqualTo(SendStatus.SENT);
        connection.disconnect();
        assertThat(outcomes.soFar()).containsExactly(new Outcome(CallStatus.DISCONNECTED, "", 10));
    }

    @Test
    @Tag("CA-19")
    void a_call_that_does_not_fit_a_frame_is_refused_and_its_handler_hears_nothing() throws Exception {
        attach();
        MemorySegment large = MemorySegment.ofArray(new byte[MAX_FRAME_BYTES]);
        for (int k = 0; k < 10; k++) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> connection.callController(
                            TAG, large, 0, MAX_FRAME_BYTES - 31, outcomes, 1, Session.NO_TIMEOUT));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> connection.callController(
                            TAG, large, MAX_FRAME_BYTES - 1, 2, outcomes, 1, Session.NO_TIMEOUT));
        }
        assertThat(connection.callController(TAG, large, 0, MAX_FRAME_BYTES - 32, outcomes, 2, Session.NO_TIMEOUT))
                .as("the longest that fits")
                .isEqualTo(SendStatus.SENT);
        assertThat(channel.nextSent()).hasSize(MAX_FRAME_BYTES);
        connection.disconnect();
        assertThat(outcomes.soFar()).containsExactly(new Outcome(CallStatus.DISCONNECTED, "", 2));
    }

    @Test
    void a_result_that_does_not_fit_a_frame_becomes_an_error_of_the_call() throws Exception {
        attach();
        connection.sendWrapperResult(MemorySegment.ofArray(new byte[1000]), 0, MAX_FRAME_BYTES - 31, 9);
        assertThat(channel.nextSent()).as("empty: LLVM 22 takes no text").isEqualTo(Frames.result(9));
        assertThat(reported)
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .isInstanceOf(CallException.class)
                        .hasMessage("call #9 failed; LLVM 22 cannot be told the text: "
                                + "result of 225 bytes does not fit a frame of 256 bytes"));
        connection.sendWrapperResult(MemorySegment.ofArray(new byte[1000]), 0, MAX_FRAME_BYTES - 32, 10);
        assertThat(channel.nextSent()).hasSize(MAX_FRAME_BYTES);
    }

    @Test
    @Tag("W12")
    void a_text_that_the_peer_cannot_be_told_is_reported_as_one_line() throws Exception {
        attach();
        connection.sendOutOfBandError("first\nsecond\u001b[2J", -1);
        assertThat(channel.nextSent()).isEqualTo(Frames.result(-1));
        assertThat(reported)
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .hasMessage("call #18446744073709551615 failed; LLVM 22 cannot be told the text: "
                                + "first\\nsecond\\u001b[2J"));
    }

    @Test
    void a_handler_may_call_again_but_not_disconnect() throws Exception {
        attach();
        Outcomes second = new Outcomes();
        Queue<Throwable> refused = new ConcurrentLinkedQueue<>();
        connection.callController(
                TAG,
                MemorySegment.ofArray(new byte[0]),
                0,
                0,
                (status, bytes, offset, length, context) -> {
                    assertThatIllegalStateException()
                            .isThrownBy(connection::disconnect)
                            .satisfies(refused::add);
                    connection.callController(TAG, bytes, offset, length, second, context + 1, Session.NO_TIMEOUT);
                },
                21,
                Session.NO_TIMEOUT);
        channel.nextSent();
        channel.receive(Frames.result(0, Frames.ascii("again")));
        assertThat(channel.nextSent()).isEqualTo(Frames.frame(Frames.CALL, 1, 0xabc, Frames.ascii("again")));
        assertThat(refused).hasSize(1);
        channel.receive(Frames.result(1));
        assertThat(second.next()).isEqualTo(new Outcome(CallStatus.RESULT, "", 22));
    }

    @Test
    void a_connection_is_attached_once_and_not_after_a_disconnect() {
        Connection early = new Connection(new QueueChannel(256), Llvm22.DIALECT, 4, reported::add);
        early.disconnect();
        early.disconnect();
        assertThatIllegalStateException().isThrownBy(() -> early.attach(port, INFO));
        attach();
        assertThatIllegalStateException().isThrownBy(() -> connection.attach(port, INFO));
        assertThat(port.ends()).isZero();
    }

    @Test
    void a_controller_that_cannot_be_told_setup_makes_attach_fail_and_the_port_hears_nothing() {
        TransportException broken = new TransportException(TransportException.PEER_GONE, "EPIPE");
        channel.failFlushes(broken);
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> connection.attach(port, INFO))
                .withCause(broken)
                .satisfies(failure ->
                        assertThat(failure.isA(TransportException.PEER_GONE)).isTrue());
        assertThat(channel.isClosed()).isTrue();
        assertThat(port.ends()).isZero();
        assertThat(call("", 0)).isEqualTo(SendStatus.DISCONNECTED);
        assertThat(outcomes.soFar()).isEmpty();
    }

    @Test
    void a_handler_that_throws_is_reported_and_the_connection_goes_on() throws Exception {
        attach();
        connection.callController(
                TAG,
                MemorySegment.ofArray(new byte[0]),
                0,
                0,
                (status, bytes, offset, length, context) -> {
                    throw new IllegalStateException("a bug of the handler");
                },
                0,
                Session.NO_TIMEOUT);
        call("", 5);
        channel.receive(Frames.result(0));
        channel.receive(Frames.result(1));
        assertThat(outcomes.next()).isEqualTo(new Outcome(CallStatus.RESULT, "", 5));
        assertThat(reported).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(port.ends()).isZero();
    }

    private void attach() {
        connection.attach(port, INFO);
        try {
            channel.nextSent();
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }

    private SendStatus call(String args, long context) {
        MemorySegment bytes = MemorySegment.ofArray(Frames.ascii(args));
        return connection.callController(TAG, bytes, 0, bytes.byteSize(), outcomes, context, Session.NO_TIMEOUT);
    }
}
