// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.orcrt.spi.FrameSink;

/// Frames one after the other, and where each ends.
///
/// @param bytes all of them
/// @param ends the offset behind each frame
record FrameStream(byte[] bytes, List<Integer> ends) {

    /// A frame of any length from 8 on; what follows the length is random.
    static byte[] frame(int frameBytes, Random random) {
        byte[] frame = new byte[frameBytes];
        random.nextBytes(frame);
        ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).putLong(0, frameBytes);
        return frame;
    }

    /// The first bytes of a frame that says it has a length.
    static byte[] header(long claimedBytes) {
        return ByteBuffer.allocate(32)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(claimedBytes)
                .putLong(3)
                .array();
    }

    static FrameStream random(Random random, int frames, int maxFrameBytes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Integer> ends = new ArrayList<>();
        for (int k = 0; k < frames; k++) {
            // many headers alone, some of each length, a few of the longest
            int room = Math.max(1, (maxFrameBytes - 31) >>> random.nextInt(12));
            bytes.writeBytes(frame(32 + random.nextInt(room), random));
            ends.add(bytes.size());
        }
        return new FrameStream(bytes.toByteArray(), ends);
    }

    boolean isBoundary(int cut) {
        return cut == 0 || ends.contains(cut);
    }

    /// How many frames are whole if only so many bytes come.
    int framesIn(int cut) {
        return (int) ends.stream().filter(end -> end <= cut).count();
    }

    /// A sink that compares each frame with the one that is due.
    Expectation expectation() {
        return new Expectation();
    }

    /// Counts frames; a wrong one is an [AssertionError].
    final class Expectation implements FrameSink {

        private final MemorySegment expected = MemorySegment.ofArray(bytes);
        private int frames;

        int frames() {
            return frames;
        }

        @Override
        public void onFrame(MemorySegment segment, long offset, long frameBytes) {
            int start = frames == 0 ? 0 : ends.get(frames - 1);
            int end = ends.get(frames);
            if (frameBytes != end - start
                    || MemorySegment.mismatch(segment, offset, offset + frameBytes, expected, start, end) >= 0) {
                byte[] got = segment.asSlice(offset, Math.min(64, frameBytes)).toArray(ValueLayout.JAVA_BYTE);
                throw new AssertionError("frame %d of %d bytes is %d bytes long or has other content: %s..."
                        .formatted(
                                frames, end - start, frameBytes, HexFormat.of().formatHex(got)));
            }
            frames++;
        }
    }
}
