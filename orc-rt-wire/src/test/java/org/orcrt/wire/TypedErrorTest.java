// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.CallException;
import org.orcrt.api.CallStatus;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.OrcException;
import org.orcrt.api.ProcessInfo;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.Session;
import org.orcrt.api.TransportException;
import org.orcrt.api.type.TypeId;
import org.orcrt.sps.SpsReader;
import org.orcrt.sps.SpsWriter;

class TypedErrorTest {

    private static final BootstrapInfo INFO = new BootstrapInfo(new ProcessInfo("x", 4096), Map.of(), Map.of());
    private static final TypeId VENDOR = new TypeId("vendor.full", MemoryMapException.QUOTA.child("vendor"));

    private final PendingCalls pending = new PendingCalls(4, failure -> {});
    private final FrameReceiver receiver = new FrameReceiver(Ours.DIALECT, pending, new RecordingPort());

    @Test
    void an_end_of_ours_sends_exactly_these_bytes() throws Exception {
        byte[] frame = sent(Ours.DIALECT, TypeId.root("orc.error"), 5);
        assertThat(HexFormat.ofDelimiter(" ").formatHex(frame))
                .isEqualTo("44 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00 05 00 00 00 00 00 00 00 "
                        + "02 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 09 00 00 00 00 00 00 00 "
                        + "6f 72 63 2e 65 72 72 6f 72 03 00 00 00 00 00 00 00 62 61 64");
    }

    @Test
    void a_failed_handler_needs_no_kind_and_a_strict_peer_gets_none() throws Exception {
        assertThat(FrameLayout.target(MemorySegment.ofArray(sent(Ours.DIALECT, CallException.HANDLER_FAILED, 1)), 0))
                .isEqualTo(1);
        assertThat(FrameLayout.target(MemorySegment.ofArray(sent(Frames.STRICT, VENDOR, 1)), 0))
                .isEqualTo(1);
    }

    @Test
    void llvm_gets_an_empty_result() throws Exception {
        byte[] frame = sent(Llvm22.DIALECT, VENDOR, 1);
        assertThat(frame).hasSize(32);
        assertThat(FrameLayout.target(MemorySegment.ofArray(frame), 0)).isZero();
    }

    @Test
    void a_kind_that_this_end_has_never_heard_of_arrives_with_its_parents() throws Exception {
        CallException failure = failureAfter(TypedError.write(VENDOR, "no room\u001b"));
        assertThat(failure.typeId()).isEqualTo(CallException.HANDLER_FAILED);
        assertThat(failure).hasMessage("no room\\u001b");
        assertThat(failure.remoteKind()).hasValueSatisfying(kind -> {
            assertThat(kind.sameLineage(VENDOR)).isTrue();
            assertThat(kind.isA(MemoryMapException.QUOTA)).isTrue();
            assertThat(kind.isA(MemoryMapException.OVERLAP)).isFalse();
        });
    }

    @Test
    void a_refusal_of_this_very_call_is_the_kind_of_the_failure() throws Exception {
        assertThat(failureAfter(TypedError.write(CallException.UNKNOWN_TAG, "")).typeId())
                .isEqualTo(CallException.UNKNOWN_TAG);
        assertThat(failureAfter(TypedError.write(CallException.DETACHED, "")).typeId())
                .isEqualTo(CallException.HANDLER_FAILED);
    }

    @Test
    void a_peer_cannot_give_a_kind_of_ours_other_parents() throws Exception {
        CallException failure =
                failureAfter(lineage("vendor.x", "orc.error.memory", "orc.error.transport", "orc.error"));
        assertThat(failure.remoteKind()).hasValueSatisfying(kind -> {
            assertThat(kind.isA(MemoryMapException.KIND)).isTrue();
            assertThat(kind.isA(TransportException.KIND)).isFalse();
        });
    }

    @Test
    void what_is_no_lineage_of_an_error_ends_its_call_and_nothing_else() throws Exception {
        String[] deep = IntStream.rangeClosed(0, TypeId.MAX_DEPTH)
                .mapToObj(k -> k == TypeId.MAX_DEPTH ? "orc.error" : "k" + k)
                .toArray(String[]::new);
        for (SpsWriter hostile : List.of(
                lineage(),
                lineage("vendor.shape"),
                lineage("a b", "orc.error"),
                lineage("", "orc.error"),
                lineage("a".repeat(TypeId.MAX_NAME_CHARS + 1), "orc.error"),
                lineage("vendor.x", "vendor.y", "vendor.x", "orc.error"),
                lineage(deep),
                new SpsWriter().count(1L << 60),
                new SpsWriter().count(1).name("orc.error"),
                TypedError.write(VENDOR, "").u8(0))) {
            CallException failure = failureAfter(hostile);
            assertThat(failure).hasMessage("malformed result: its out-of-band error cannot be read");
            assertThat(failure.remoteKind()).contains(CallException.HANDLER_FAILED);
        }
    }

    @Test
    void a_peer_of_llvm_must_not_send_a_kind() {
        FrameReceiver llvm = new FrameReceiver(Llvm22.DIALECT, pending, new RecordingPort());
        FrameReceiver strict = new FrameReceiver(Frames.STRICT, pending, new RecordingPort());
        byte[] frame =
                Frames.frame(Frames.RESULT, 0, 2, TypedError.write(VENDOR, "").toByteArray());
        for (FrameReceiver refusing : List.of(llvm, strict)) {
            assertThatExceptionOfType(TransportException.class)
                    .isThrownBy(() -> Frames.deliver(refusing, frame))
                    .withMessageContaining("has unknown kind 2");
        }
    }

    @Test
    void a_handler_that_does_not_ask_for_kinds_hears_of_an_error_as_before() {
        Outcomes outcomes = new Outcomes();
        long id = pending.add(outcomes, 9, Session.NO_TIMEOUT);
        answer(id, TypedError.write(VENDOR, "full"));
        assertThat(outcomes.soFar()).containsExactly(new Outcomes.Outcome(CallStatus.OUT_OF_BAND_ERROR, "full", 9));
    }

    @Test
    void a_waiting_caller_learns_the_kind_once() {
        CallException failure = blocked(TypedError.write(VENDOR, "full"));
        assertThat(failure.remoteKind())
                .hasValueSatisfying(kind -> assertThat(kind.sameLineage(VENDOR)).isTrue());
        // the object that waits is used again
        assertThat(blocked(null).remoteKind()).contains(CallException.HANDLER_FAILED);
    }

    @Test
    void every_kind_of_ours_survives_the_way() {
        for (TypeId kind : OrcException.kinds().kinds()) {
            SpsReader in = SpsReader.of(TypedError.write(kind, "t").toByteArray());
            assertThat(TypedError.readKind(in).sameLineage(kind)).isTrue();
            assertThat(in.readText()).isEqualTo("t");
        }
    }

    private static byte[] sent(Dialect dialect, TypeId kind, long callId) throws InterruptedException {
        QueueChannel channel = new QueueChannel(4096);
        Connection connection = new Connection(channel, dialect, 4, failure -> {});
        connection.attach(new RecordingPort(), INFO);
        channel.nextSent();
        connection.sendOutOfBandError(kind, "bad", callId);
        byte[] frame = channel.nextSent();
        connection.disconnect();
        return frame;
    }

    private static SpsWriter lineage(String... names) {
        SpsWriter out = new SpsWriter().count(names.length);
        for (String name : names) {
            out.name(name);
        }
        return out.text("text");
    }

    private CallException failureAfter(SpsWriter payload) throws InterruptedException {
        StagedCall call = new StagedCall(Duration.ofMinutes(1), id -> {});
        long id = pending.add(call, 0, Session.NO_TIMEOUT);
        answer(id, payload);
        assertThat(call).as("answered").isDone();
        try {
            throw new AssertionError("an answer of " + call.get().length + " bytes");
        } catch (ExecutionException failed) {
            return (CallException) failed.getCause();
        }
    }

    private CallException blocked(@Nullable SpsWriter payload) {
        BlockingCall.Waiting nothing = new BlockingCall.Waiting() {
            @Override
            public boolean cancelCall(long callId, CallStatus why) {
                return false;
            }

            @Override
            public boolean runMeanwhile() {
                return false;
            }
        };
        BlockingCall call = BlockingCall.begin(MemorySegment.ofArray(new byte[8]), 0, 8, 60_000_000_000L);
        try {
            long id = pending.add((ResultHandler) call, 0, Session.NO_TIMEOUT);
            if (payload == null) {
                pending.answer(id, CallStatus.OUT_OF_BAND_ERROR, MemorySegment.ofArray(new byte[0]), 0, 0);
            } else {
                answer(id, payload);
            }
            CallException[] thrown = new CallException[1];
            assertThatThrownBy(() -> call.await(nothing))
                    .isInstanceOfSatisfying(CallException.class, failure -> thrown[0] = failure);
            return thrown[0];
        } finally {
            call.end(nothing);
        }
    }

    private void answer(long id, SpsWriter payload) {
        Frames.deliver(receiver, Frames.frame(Frames.RESULT, id, 2, payload.toByteArray()));
    }
}
