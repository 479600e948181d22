// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;

/// A codec, a value, and the name of the vector that says what its bytes are.
///
/// @param <T> the value's type
/// @param vector the name of a [Vector]
/// @param kind which codec it is, for people
/// @param codec the codec
/// @param value the value
record CodecCase<T>(String vector, String kind, SpsCodec<T> codec, T value) {

    /// Compares what records and segments hold.
    static final RecursiveComparisonConfiguration BY_CONTENT = RecursiveComparisonConfiguration.builder()
            .withEqualsForType((a, b) -> a.mismatch(b) == -1, MemorySegment.class)
            .build();

    byte[] bytes() {
        return SpsVectors.all()
                .filter(one -> one.name().equals(vector))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no vector is called " + vector))
                .bytes();
    }

    byte[] written() {
        SpsWriter writer = new SpsWriter().u64(0x5a5a);
        codec.write(writer, value);
        byte[] all = writer.toByteArray();
        return Arrays.copyOfRange(all, Long.BYTES, all.length);
    }

    @Override
    public String toString() {
        return vector + " as " + kind;
    }
}
