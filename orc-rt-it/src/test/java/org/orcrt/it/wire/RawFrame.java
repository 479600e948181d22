// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// A frame as it was on the wire, read with nothing of the code under test.
///
/// @param opcode 0 Setup, 1 hang-up, 2 result, 3 call
/// @param id the call's number
/// @param tag address, tag or kind
/// @param payload what follows the header
record RawFrame(long opcode, long id, long tag, byte[] payload) {

    static final int SETUP = 0;
    static final int HANGUP = 1;
    static final int RESULT = 2;
    static final int CALL = 3;

    /// Reads one that is whole.
    static RawFrame of(byte[] frame) {
        ByteBuffer buffer = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        if (buffer.getLong() != frame.length) {
            throw new AssertionError("a frame of " + frame.length + " bytes says " + buffer.getLong(0));
        }
        long opcode = buffer.getLong();
        long id = buffer.getLong();
        long tag = buffer.getLong();
        byte[] payload = new byte[buffer.remaining()];
        buffer.get(payload);
        return new RawFrame(opcode, id, tag, payload);
    }

    /// Cuts a stream that ends with a frame.
    static List<RawFrame> all(byte[] stream) {
        List<RawFrame> frames = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            byte[] frame = new byte[Math.toIntExact(buffer.getLong(buffer.position()))];
            buffer.get(frame);
            frames.add(of(frame));
        }
        return frames;
    }

    /// The payload, for reading.
    ByteBuffer reader() {
        return ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// The frame's length, header included.
    int sizeBytes() {
        return 32 + payload.length;
    }

    byte[] toBytes() {
        return Payload.frame(opcode, id, tag, payload);
    }

    @Override
    public String toString() {
        return "opcode %d, id %d, tag 0x%x, %d bytes".formatted(opcode, id, tag, payload.length);
    }
}
