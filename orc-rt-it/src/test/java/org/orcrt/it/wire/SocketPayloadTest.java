// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.CallStatus;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.OrcException;
import org.orcrt.api.ProcessInfo;
import org.orcrt.api.Session;
import org.orcrt.api.Task;
import org.orcrt.it.Rows;
import org.orcrt.spi.SessionPort;
import org.orcrt.wire.BlockingCall;
import org.orcrt.wire.Connection;
import org.orcrt.wire.Llvm22;

/// Bytes of any length pass a socket as they are, both ways, whatever numbers the calls have: our connection and
/// channel at one end, raw frames at the other.
class SocketPayloadTest {

    private static final long SEED = 20_261_122;
    private static final int PAYLOADS = 100_000;
    private static final long PATIENCE_S = 240;
    private static final long FUNCTION = 0x7654_3210L;
    private static final HandlerTag TAG = new HandlerTag(0xffee_ddcc_bbaa_9988L);
    private static final long[] CORNERS = {0, 1, -1, -2, Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE};

    private final SocketEnd socket = new SocketEnd();
    private final RawPeer peer = new RawPeer(socket);
    private final Connection connection = new Connection(socket.channel(), Llvm22.DIALECT, 16, failure -> {});

    @BeforeEach
    void attach() {
        connection.attach(
                new AnsweringPort(),
                new BootstrapInfo(new ProcessInfo("x86_64-pc-linux-gnu", 4096), Map.of(), Map.of()));
        assertThat(peer.next().opcode()).isEqualTo(RawFrame.SETUP);
    }

    @AfterEach
    void end() {
        connection.disconnect();
        socket.close();
    }

    /// Answers calls on the thread that delivers them.
    private final class AnsweringPort implements SessionPort {
        @Override
        public @Nullable Task onWrapperCall(long target, MemorySegment args, long offset, long length, long callId) {
            byte[] answer = target == FUNCTION ? Payloads.answerTo(bytes(args, offset, length)) : new byte[0];
            connection.sendWrapperResult(MemorySegment.ofArray(answer), 0, answer.length, callId);
            return null;
        }

        @Override
        public void dispatch(Task run) {
            throw new AssertionError("nothing is left to do");
        }

        @Override
        public void onDisconnected(@Nullable OrcException failure) {}
    }

    @Test
    @Tag("C8")
    void payloads_reach_the_executor_and_their_answers_the_controller_under_any_number() throws Exception {
        Random numbers = new Random(SEED);
        Payloads payloads = new Payloads(SEED);
        for (int k = 0; k < Rows.tenthOf(PAYLOADS); k++) {
            long id = k < CORNERS.length ? CORNERS[k] : numbers.nextLong();
            byte[] payload = payloads.next();
            peer.send(new RawFrame(RawFrame.CALL, id, FUNCTION, payload));
            RawFrame answer = peer.next();
            assertThat(answer.opcode()).isEqualTo(RawFrame.RESULT);
            assertThat(answer.id()).as("seed %d, call %d", SEED, k).isEqualTo(id);
            assertThat(answer.tag()).isZero();
            assertThat(answer.payload()).as("seed %d, call %d", SEED, k).isEqualTo(Payloads.answerTo(payload));
        }
    }

    @Test
    void payloads_reach_the_controller_and_their_answers_the_executor() throws Exception {
        int calls = Rows.tenthOf(PAYLOADS);
        FutureTask<Integer> controller = new FutureTask<>(() -> answerCalls(calls));
        Thread.ofPlatform().daemon().name("raw-peer").start(controller);
        Payloads payloads = new Payloads(SEED);
        MemorySegment result = MemorySegment.ofArray(new byte[Payloads.MAX_BYTES]);
        for (int k = 0; k < calls; k++) {
            byte[] payload = payloads.next();
            long length = callAndWait(payload, result);
            assertThat(bytes(result, 0, length)).as("seed %d, call %d", SEED, k).isEqualTo(Payloads.answerTo(payload));
        }
        assertThat(controller.get(PATIENCE_S, TimeUnit.SECONDS)).isEqualTo(calls);
    }

    private int answerCalls(int calls) {
        for (int k = 0; k < calls; k++) {
            RawFrame call = peer.next();
            assertThat(call.opcode()).isEqualTo(RawFrame.CALL);
            assertThat(call.tag()).isEqualTo(TAG.value());
            peer.send(new RawFrame(RawFrame.RESULT, call.id(), 0, Payloads.answerTo(call.payload())));
        }
        return calls;
    }

    private final BlockingCall.Waiting waiting = new BlockingCall.Waiting() {
        @Override
        public boolean cancelCall(long callId, CallStatus why) {
            return connection.cancelCall(callId, why);
        }

        @Override
        public boolean runMeanwhile() {
            return false;
        }
    };

    private long callAndWait(byte[] payload, MemorySegment result) {
        BlockingCall call = BlockingCall.begin(result, 0, result.byteSize(), TimeUnit.SECONDS.toNanos(PATIENCE_S));
        try {
            MemorySegment args = MemorySegment.ofArray(payload);
            while (call.isToRepeat(
                    connection.callController(TAG, args, 0, payload.length, call, 0, Session.NO_TIMEOUT), waiting)) {
                // there was no room; the call has waited a little
            }
            return call.await(waiting);
        } finally {
            call.end(waiting);
        }
    }

    private static byte[] bytes(MemorySegment segment, long offset, long length) {
        byte[] copy = new byte[Math.toIntExact(length)];
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, copy, 0, copy.length);
        return copy;
    }
}
