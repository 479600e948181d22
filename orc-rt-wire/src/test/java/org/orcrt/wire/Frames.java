// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.orcrt.spi.FrameSink;

/// Frames as bytes, written from the table of the format and not with the code under test.
final class Frames {

    static final long SETUP = 0;
    static final long HANGUP = 1;
    static final long RESULT = 2;
    static final long CALL = 3;

    /// Rules that LLVM 22 does not have: results with a kind, an end with a hang-up.
    static final Dialect STRICT = new Dialect("a strict dialect", true, false, true, Map.of());

    private Frames() {}

    static byte[] frame(long opcode, long callId, long target, byte... payload) {
        return ByteBuffer.allocate(32 + payload.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(32 + payload.length)
                .putLong(opcode)
                .putLong(callId)
                .putLong(target)
                .put(payload)
                .array();
    }

    static byte[] result(long callId, byte... payload) {
        return frame(RESULT, callId, 0, payload);
    }

    static byte[] hangup() {
        return frame(HANGUP, 0, 0, (byte) 0);
    }

    static byte[] hangup(byte[] reason) {
        return frame(HANGUP, 0, 0, flagged(1, reason.length, reason));
    }

    /// A flag, a length that may lie, and bytes.
    static byte[] flagged(int flag, long length, byte... bytes) {
        return ByteBuffer.allocate(9 + bytes.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) flag)
                .putLong(length)
                .put(bytes)
                .array();
    }

    /// A length that may lie, and bytes.
    static byte[] sequence(long length, byte... bytes) {
        return ByteBuffer.allocate(8 + bytes.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(bytes)
                .array();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// Hands a frame over as a channel does: somewhere inside a larger segment.
    static void deliver(FrameSink sink, byte[] frame) {
        byte[] buffer = new byte[frame.length + 24];
        System.arraycopy(frame, 0, buffer, 11, frame.length);
        sink.onFrame(MemorySegment.ofArray(buffer), 11, frame.length);
    }
}
