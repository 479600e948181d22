// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.orcrt.api.CallStatus;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.spi.BlockingMessageChannel;
import org.orcrt.spi.FrameSink;

/// A call takes no memory: not when it is sent, not when it is answered, in neither direction.
class SendAllocationTest {

    private static final int CALLS = 100_000;

    /// What the JVM itself may take while it measures.
    private static final long CONSTANT_BYTES = 4096;

    private static final HandlerTag TAG = new HandlerTag(1);

    private final MemorySegment args = MemorySegment.ofArray(new byte[64]);
    private final PendingCalls pending = new PendingCalls(64, failure -> {});
    private final Connection connection =
            new Connection(new Sink(), Llvm22.DIALECT, pending, failure -> {}, Link.READERS);
    private final FrameReceiver receiver = new FrameReceiver(Llvm22.DIALECT, pending, new RecordingPort());
    private final MemorySegment answer = MemorySegment.ofArray(Frames.result(0, new byte[64]));
    private long answered;
    private long callId;

    private final ResultHandler handler = new ResultHandler() {
        @Override
        public void onPending(long id) {
            callId = id;
        }

        @Override
        public void onResult(CallStatus status, MemorySegment bytes, long offset, long length, long context) {
            answered += length;
        }
    };

    @BeforeEach
    void attach() {
        connection.attach(new RecordingPort(), ConnectionTest.INFO);
    }

    @AfterEach
    void end() {
        connection.disconnect();
    }

    @Test
    void a_call_and_its_answer_allocate_nothing() {
        assertAllocatesNothing(this::callsAndAnswers);
        assertThat(answered).isPositive();
    }

    @Test
    void an_answer_of_ours_allocates_nothing() {
        assertAllocatesNothing(() -> {
            for (int k = 0; k < CALLS; k++) {
                connection.sendWrapperResult(args, 0, 64, k);
            }
        });
    }

    private void callsAndAnswers() {
        for (int k = 0; k < CALLS; k++) {
            if (connection.callController(TAG, args, 0, 64, handler, k, Session.NO_TIMEOUT) != SendStatus.SENT) {
                throw new AssertionError("call " + k + " was not sent");
            }
            FrameLayout.putHeader(answer, 0, 96, Opcode.RESULT, callId, 0);
            receiver.onFrame(answer, 0, 96);
        }
    }

    private static void assertAllocatesNothing(Runnable calls) {
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 10 && least > CONSTANT_BYTES; attempt++) { // the first ones warm up
            least = Math.min(least, Allocations.bytesOf(calls));
        }
        assertThat(least).as("bytes of %d calls", CALLS).isLessThanOrEqualTo(CONSTANT_BYTES);
    }

    /// Takes everything and gives nothing.
    private static final class Sink extends BlockingMessageChannel {

        private final MemorySegment out = MemorySegment.ofArray(new byte[4096]);
        private boolean woken;

        @Override
        public MemorySegment outgoing() {
            return out;
        }

        @Override
        public long tryClaim(long frameBytes) {
            return 0;
        }

        @Override
        public void commit(long offset, long frameBytes) {}

        @Override
        public void flush(int urgency) {}

        @Override
        public long maxFrameBytes() {
            return out.byteSize();
        }

        @Override
        public int poll(FrameSink sink, int limit) {
            return 0;
        }

        @Override
        public boolean readable() {
            return false;
        }

        @Override
        public void close() {}

        @Override
        protected synchronized void awaitReadable(long timeoutNs) {
            try {
                if (!woken) {
                    wait(1 + timeoutNs / 1_000_000);
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        protected synchronized void interruptWait() {
            woken = true;
            notifyAll();
        }
    }
}
