// SPDX-License-Identifier: Apache-2.0
package org.orcrt.testing;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// Takes numbers and bytes out of an input, from the front. When it is used up, all further ones are 0.
public final class FuzzInput {

    private final byte[] bytes;
    private int at;

    public FuzzInput(byte[] bytes) {
        this.bytes = bytes;
    }

    /// How many bytes are left.
    public int remaining() {
        return bytes.length - at;
    }

    /// The next byte, from 0 to 255.
    public int u8() {
        return at < bytes.length ? bytes[at++] & 0xff : 0;
    }

    /// The next 8 bytes, little-endian.
    public long u64() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            value |= (long) u8() << shift;
        }
        return value;
    }

    /// The next bytes, at most so many.
    public byte[] bytes(int atMost) {
        int from = at;
        at += Math.min(atMost, remaining());
        return Arrays.copyOfRange(bytes, from, at);
    }

    /// Everything that is left.
    public byte[] rest() {
        return bytes(remaining());
    }

    /// Puts together what this class takes apart.
    public static final class Builder {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        public Builder u8(int value) {
            out.write(value);
            return this;
        }

        public Builder u64(long value) {
            for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
                out.write((int) (value >>> shift));
            }
            return this;
        }

        public Builder bytes(byte... value) {
            out.writeBytes(value);
            return this;
        }

        public byte[] build() {
            return out.toByteArray();
        }
    }
}
