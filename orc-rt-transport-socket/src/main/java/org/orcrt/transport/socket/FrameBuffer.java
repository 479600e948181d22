// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.orcrt.api.TransportException;
import org.orcrt.spi.FrameSink;
import org.orcrt.spi.MessageChannel;

/// Cuts a stream of bytes into frames by their first 8 bytes, in place. Used by the reader alone.
final class FrameBuffer {

    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final GrowingBuffer buffer;
    private final MemorySegment segment;
    private final long maxFrameBytes;

    /// Received and not delivered: from `start` to `end`.
    private long start;

    private long end;

    /// How far the buffer was written since memory was given back.
    private long used;

    FrameBuffer(GrowingBuffer buffer, long maxFrameBytes) {
        this.buffer = buffer;
        this.segment = buffer.segment();
        this.maxFrameBytes = maxFrameBytes;
    }

    long writeAddress() {
        return buffer.address() + end;
    }

    /// Never 0: an unfinished frame that reaches the end of the buffer is moved to its start.
    long writeRoom() {
        return buffer.capacity() - end;
    }

    void received(long bytes) {
        end += bytes;
    }

    /// @return how many frames the sink got
    int deliver(FrameSink sink, int limit) {
        int delivered = 0;
        while (delivered < limit && end - start >= Long.BYTES) {
            long frameBytes = segment.get(U64, start);
            checkLength(frameBytes);
            if (end - start < frameBytes) {
                break;
            }
            long frame = start;
            start += frameBytes;
            delivered++;
            sink.onFrame(segment, frame, frameBytes);
        }
        if (start == end) {
            buffer.trim(Math.max(used, end));
            used = 0;
            start = 0;
            end = 0;
        } else if (delivered < limit) {
            makeRoom();
        }
        return delivered;
    }

    /// @return whether the next bytes are a frame, or can never become one
    boolean hasNext() {
        if (end - start < Long.BYTES) {
            return false;
        }
        long frameBytes = segment.get(U64, start);
        return Long.compareUnsigned(frameBytes, end - start) <= 0
                || Long.compareUnsigned(frameBytes, maxFrameBytes) > 0;
    }

    /// The stream is at its end.
    void expectBoundary() {
        if (end > start) {
            String whole = end - start < Long.BYTES ? "unknown length" : segment.get(U64, start) + " bytes";
            throw new TransportException(
                    TransportException.PEER_GONE,
                    "the stream ended inside a frame: got " + (end - start) + " bytes of a frame of " + whole);
        }
    }

    void close() {
        buffer.close();
    }

    private void checkLength(long frameBytes) {
        if (Long.compareUnsigned(frameBytes, MessageChannel.MIN_FRAME_BYTES) < 0) {
            throw new TransportException(
                    TransportException.PROTOCOL_VIOLATION,
                    "frame of " + frameBytes + " bytes; a header alone has " + MessageChannel.MIN_FRAME_BYTES);
        }
        if (Long.compareUnsigned(frameBytes, maxFrameBytes) > 0) {
            throw new TransportException(
                    TransportException.FRAME_TOO_LARGE,
                    "frame of " + Long.toUnsignedString(frameBytes) + " bytes; the limit is " + maxFrameBytes);
        }
    }

    /// Moves an unfinished frame to the start, if it would not fit behind what is there.
    private void makeRoom() {
        long needed = end - start < Long.BYTES ? MessageChannel.MIN_FRAME_BYTES : segment.get(U64, start);
        if (start > 0 && start + needed > buffer.capacity()) {
            MemorySegment.copy(segment, start, segment, 0, end - start);
            used = Math.max(used, end);
            end -= start;
            start = 0;
        }
    }
}
