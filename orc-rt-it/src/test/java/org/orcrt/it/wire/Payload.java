// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Puts bytes together as the format's description says, with nothing of the code under test.
final class Payload {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    static Payload of() {
        return new Payload();
    }

    /// A sequence of numbers of 64 bits.
    static byte[] sequence(long... values) {
        Payload payload = of().u64(values.length);
        for (long value : values) {
            payload.u64(value);
        }
        return payload.toBytes();
    }

    /// A whole frame.
    static byte[] frame(long opcode, long id, long tag, byte... payload) {
        return frameOf(32 + payload.length, opcode, id, tag, payload);
    }

    /// A frame that says it has a length.
    static byte[] frameOf(long claimedBytes, long opcode, long id, long tag, byte... payload) {
        return of().u64(claimedBytes).u64(opcode).u64(id).u64(tag).raw(payload).toBytes();
    }

    Payload u8(int value) {
        bytes.write(value);
        return this;
    }

    Payload i32(int value) {
        return raw(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    Payload u64(long value) {
        return raw(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }

    Payload string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return u64(utf8.length).raw(utf8);
    }

    Payload raw(byte... more) {
        bytes.writeBytes(more);
        return this;
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
