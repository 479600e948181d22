// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.orcrt.spi.FrameSink;
import org.orcrt.spi.MessageChannel;

/// Frames that can be told apart: the length, a number, and bytes that follow from both.
final class TestFrames {

    private TestFrames() {}

    static byte[] frame(int number, int frameBytes) {
        byte[] frame = new byte[frameBytes];
        new Random(number).nextBytes(frame);
        ByteBuffer.wrap(frame)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(frameBytes)
                .putLong(number);
        return frame;
    }

    /// Puts a frame into the channel without a flush.
    static void commit(MessageChannel channel, byte[] frame) {
        long at = channel.tryClaim(frame.length);
        assertTrue(at >= 0, "no room for %d bytes: %d".formatted(frame.length, at));
        MemorySegment.copy(frame, 0, channel.outgoing(), ValueLayout.JAVA_BYTE, at, frame.length);
        channel.commit(at, frame.length);
    }

    static void send(MessageChannel channel, byte[] frame, int urgency) {
        commit(channel, frame);
        channel.flush(urgency);
    }

    /// Expects frames in the order of their numbers.
    static final class Expectation implements FrameSink {

        private final int[] lengths;
        private final int first;
        private int next;

        /// @param lengths the lengths of the frames, whose numbers count from `first`
        Expectation(int first, int... lengths) {
            this.first = first;
            this.lengths = lengths;
        }

        int seen() {
            return next;
        }

        @Override
        public void onFrame(MemorySegment bytes, long offset, long frameBytes) {
            assertTrue(next < lengths.length, "a frame more than was sent");
            byte[] wanted = frame(first + next, lengths[next]);
            assertEquals(wanted.length, frameBytes, "length of frame " + next);
            for (int k = 0; k < wanted.length; k++) {
                if (bytes.get(ValueLayout.JAVA_BYTE, offset + k) != wanted[k]) {
                    throw new AssertionError("byte %d of frame %d differs".formatted(k, next));
                }
            }
            next++;
        }
    }

    /// Polls, sleeping in between, until so many frames have come.
    static void receive(MessageChannel channel, Expectation frames, int wanted) {
        long deadlineNs = System.nanoTime() + Patience.bound().toNanos();
        while (frames.seen() < wanted) {
            int got = channel.poll(frames, wanted - frames.seen());
            assertTrue(got >= 0, "gone after %d of %d frames".formatted(frames.seen(), wanted));
            sleepIfNone(channel, got, deadlineNs);
        }
    }

    /// Polls, sleeping in between, until the peer is gone.
    static void receiveToTheEnd(MessageChannel channel, FrameSink frames) {
        long deadlineNs = System.nanoTime() + Patience.bound().toNanos();
        for (int got = channel.poll(frames, 64); got != MessageChannel.GONE; got = channel.poll(frames, 64)) {
            sleepIfNone(channel, got, deadlineNs);
        }
    }

    private static void sleepIfNone(MessageChannel channel, int got, long deadlineNs) {
        long leftNs = deadlineNs - System.nanoTime();
        assertTrue(leftNs > 0, "nothing came within " + Patience.bound());
        if (got == 0) {
            channel.sleep(MessageChannel.RESULT, leftNs);
        }
    }
}
