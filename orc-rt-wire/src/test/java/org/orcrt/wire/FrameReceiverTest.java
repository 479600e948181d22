// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.CallStatus;
import org.orcrt.api.Session;
import org.orcrt.api.TransportException;
import org.orcrt.wire.Outcomes.Outcome;

class FrameReceiverTest {

    private static final long SEED = 20_260_301;

    private final PendingCalls pending = new PendingCalls(4, failure -> {});
    private final RecordingPort port = new RecordingPort();
    private final Outcomes outcomes = new Outcomes();
    private final FrameReceiver receiver = new FrameReceiver(Llvm22.DIALECT, pending, port);

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void a_call_arrives_with_its_target_its_bytes_and_its_number(long callId) throws Exception {
        Frames.deliver(receiver, Frames.frame(Frames.CALL, callId, -8, Frames.ascii("bytes")));
        RecordingPort.Call call = port.next();
        assertThat(call.target()).isEqualTo(-8);
        assertThat(call.args()).isEqualTo(Frames.ascii("bytes"));
        assertThat(call.callId()).isEqualTo(callId);
    }

    @Test
    @Tag("WI-3")
    @Tag("W3")
    void of_the_first_256_opcodes_only_hang_up_result_and_call_are_accepted() {
        for (int opcode = 0; opcode < 256; opcode++) {
            FrameReceiver fresh = new FrameReceiver(Llvm22.DIALECT, new PendingCalls(4, failure -> {}), port);
            byte[] frame = Frames.frame(opcode, 0, 0, (byte) 0);
            if (opcode == Frames.CALL || opcode == Frames.HANGUP) {
                Frames.deliver(fresh, frame);
            } else if (opcode == Frames.RESULT) {
                assertViolation(fresh, frame, "result of call #0, which is not pending");
            } else if (opcode == Frames.SETUP) {
                assertViolation(fresh, frame, "a controller does not send Setup");
            } else {
                assertViolation(fresh, frame, "unknown opcode " + opcode);
            }
        }
        assertThat(port.waitingCalls()).isOne();
        assertThat(port.ends()).as("told by the connection, not here").isZero();
    }

    @Test
    @Tag("W3")
    void a_million_random_opcodes_are_refused_with_their_number() {
        Random random = new Random(SEED);
        long id = pending.add(outcomes, 0, Session.NO_TIMEOUT);
        for (int round = 0; round < 1_000_000; round++) {
            long opcode = random.nextLong() >>> random.nextInt(60);
            if (opcode >= 0 && opcode <= Frames.CALL) {
                continue;
            }
            String text = violationOf(receiver, Frames.frame(opcode, random.nextLong(), random.nextLong()));
            String expected = "protocol violation by the peer: unknown opcode " + Long.toUnsignedString(opcode);
            if (!text.equals(expected)) {
                assertThat(text).as("seed %d, round %d", SEED, round).isEqualTo(expected);
            }
        }
        assertThat(port.waitingCalls()).isZero();
        assertThat(outcomes.soFar()).isEmpty();
        assertThat(pending.takeBack(id)).as("untouched").isTrue();
    }

    @Test
    @Tag("WI-3")
    @Tag("W4")
    void setup_from_the_controller_is_refused_whatever_its_number_and_target() {
        for (long id : new long[] {0, 1, -1}) {
            assertViolation(receiver, Frames.frame(Frames.SETUP, id, id), "a controller does not send Setup");
        }
    }

    @Test
    void a_result_goes_to_the_handler_of_its_call_with_its_context() throws Exception {
        long first = pending.add(outcomes, 41, Session.NO_TIMEOUT);
        long second = pending.add(outcomes, 42, Session.NO_TIMEOUT);
        Frames.deliver(receiver, Frames.result(second, Frames.ascii("two")));
        Frames.deliver(receiver, Frames.result(first));
        assertThat(outcomes.next()).isEqualTo(new Outcome(CallStatus.RESULT, "two", 42));
        assertThat(outcomes.next()).isEqualTo(new Outcome(CallStatus.RESULT, "", 41));
    }

    @Test
    @Tag("WI-4")
    @Tag("W5")
    void a_result_of_a_call_that_was_never_made_is_refused() {
        long id = pending.add(outcomes, 0, Session.NO_TIMEOUT);
        for (long never : new long[] {id + 1, id + 4, id + (1L << 32), -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertViolation(
                    receiver,
                    Frames.result(never),
                    "result of call #" + Long.toUnsignedString(never) + ", which is not pending");
        }
        assertThat(outcomes.soFar()).isEmpty();
    }

    @Test
    @Tag("WI-4")
    @Tag("W5")
    @Tag("W6")
    void a_second_result_of_a_call_is_refused_and_the_first_stays_the_only_one() {
        long id = pending.add(outcomes, 7, Session.NO_TIMEOUT);
        Frames.deliver(receiver, Frames.result(id, Frames.ascii("first")));
        assertViolation(receiver, Frames.result(id, Frames.ascii("second")), "result of call #0, which is not pending");
        assertThat(outcomes.soFar()).containsExactly(new Outcome(CallStatus.RESULT, "first", 7));
    }

    @Test
    @Tag("W3")
    void llvm_22_knows_one_kind_of_result_and_the_call_stays_pending_for_the_end() {
        long id = pending.add(outcomes, 0, Session.NO_TIMEOUT);
        Random random = new Random(SEED);
        for (int round = 0; round < 100_000; round++) {
            long kind = round < 256 ? round + 1 : random.nextLong() | 1;
            assertThat(violationOf(receiver, Frames.frame(Frames.RESULT, id, kind)))
                    .isEqualTo("protocol violation by the peer: result of call #0 has unknown kind "
                            + Long.toUnsignedString(kind));
        }
        assertThat(outcomes.soFar()).isEmpty();
        assertThat(pending.takeBack(id)).isTrue();
    }

    @Test
    @Tag("W3")
    void a_strict_dialect_knows_two_kinds_of_results() throws Exception {
        FrameReceiver strict = new FrameReceiver(Frames.STRICT, pending, port);
        long value = pending.add(outcomes, 1, Session.NO_TIMEOUT);
        long error = pending.add(outcomes, 2, Session.NO_TIMEOUT);
        long other = pending.add(outcomes, 3, Session.NO_TIMEOUT);
        Frames.deliver(strict, Frames.frame(Frames.RESULT, value, 0, Frames.ascii("ok")));
        Frames.deliver(strict, Frames.frame(Frames.RESULT, error, 1, Frames.sequence(3, Frames.ascii("bad"))));
        assertThat(outcomes.next()).isEqualTo(new Outcome(CallStatus.RESULT, "ok", 1));
        assertThat(outcomes.next()).isEqualTo(new Outcome(CallStatus.OUT_OF_BAND_ERROR, "bad", 2));
        for (long kind : new long[] {2, 3, 255, 256, 1L << 32 | 1, -1, Long.MIN_VALUE}) {
            assertViolation(
                    strict,
                    Frames.frame(Frames.RESULT, other, kind),
                    "result of call #2 has unknown kind " + Long.toUnsignedString(kind));
        }
        assertThat(outcomes.soFar()).isEmpty();
    }

    @Test
    void an_out_of_band_error_that_cannot_be_read_is_one_all_the_same() throws Exception {
        FrameReceiver strict = new FrameReceiver(Frames.STRICT, pending, port);
        byte[][] malformed = {
            {},
            {1, 2, 3},
            Frames.sequence(4, Frames.ascii("bad")),
            Frames.sequence(2, Frames.ascii("bad")),
            Frames.sequence(1L << 60, Frames.ascii("bad")),
            Frames.sequence(-1, Frames.ascii("bad"))
        };
        for (byte[] payload : malformed) {
            long id = pending.add(outcomes, 9, Session.NO_TIMEOUT);
            Frames.deliver(strict, Frames.frame(Frames.RESULT, id, 1, payload));
            assertThat(outcomes.next())
                    .isEqualTo(new Outcome(
                            CallStatus.OUT_OF_BAND_ERROR, "malformed result: its out-of-band error cannot be read", 9));
        }
    }

    @Test
    @Tag("WI-10")
    @Tag("W1")
    void refusing_a_hostile_frame_allocates_next_to_nothing() {
        byte[][] hostile = {
            Frames.frame(4, 0, 0),
            Frames.frame(-1, -1, -1),
            Frames.frame(Frames.SETUP, 0, 0),
            Frames.result(77),
            Frames.frame(Frames.RESULT, 0, 1),
            Frames.frame(Frames.HANGUP, 1, 0, (byte) 0),
            Frames.frame(Frames.HANGUP, 0, 0),
            Frames.frame(Frames.HANGUP, 0, 0, Frames.flagged(1, 1L << 32)),
            Frames.frame(Frames.HANGUP, 0, 0, Frames.flagged(1, 1L << 60)),
            Frames.frame(Frames.HANGUP, 0, 0, Frames.flagged(1, Long.MAX_VALUE, new byte[100])),
            Frames.frame(Frames.HANGUP, 0, 0, Frames.flagged(1, -1, new byte[100]))
        };
        for (byte[] frame : hostile) {
            Runnable attempt = () -> violationOf(receiver, frame);
            attempt.run(); // loads what an exception needs
            assertThat(Allocations.bytesOf(attempt)).isLessThan(64 * 1024);
        }
    }

    private static void assertViolation(FrameReceiver receiver, byte[] frame, String what) {
        assertThat(violationOf(receiver, frame)).isEqualTo("protocol violation by the peer: " + what);
    }

    private static String violationOf(FrameReceiver receiver, byte[] frame) {
        try {
            Frames.deliver(receiver, frame);
        } catch (TransportException violation) {
            if (violation.isA(TransportException.PROTOCOL_VIOLATION)) {
                return String.valueOf(violation.getMessage());
            }
            throw violation;
        }
        throw new AssertionError("accepted: " + HexFormat.of().formatHex(frame));
    }
}
