// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpsVectorsTest {

    static Stream<Vector> vectors() {
        return SpsVectors.all();
    }

    @ParameterizedTest
    @Tag("SP-1")
    @MethodSource("vectors")
    void writing_gives_the_bytes_of_llvm(Vector vector) {
        SpsWriter writer = new SpsWriter();
        vector.write().accept(writer);
        assertThat(Vector.HEX.formatHex(writer.toByteArray())).isEqualTo(vector.hex());
        assertThat(writer.length()).isEqualTo(vector.bytes().length);
    }

    @ParameterizedTest
    @Tag("SP-1")
    @MethodSource("vectors")
    void reading_gives_the_value_and_uses_up_the_bytes(Vector vector) {
        SpsReader reader = SpsReader.of(vector.bytes());
        assertThat(vector.read().apply(reader)).isEqualTo(vector.value());
        assertThat(reader.remaining()).isZero();
        reader.end();
    }

    @ParameterizedTest
    @Tag("SP-1")
    @MethodSource("vectors")
    void native_memory_at_an_odd_offset_reads_the_same(Vector vector) {
        byte[] bytes = vector.bytes();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(bytes.length + 6, 8).fill((byte) 0x5a);
            MemorySegment.copy(MemorySegment.ofArray(bytes), 0, memory, 3, bytes.length);
            SpsReader reader = new SpsReader().over(memory, 3, bytes.length);
            assertThat(vector.read().apply(reader)).isEqualTo(vector.value());
            assertThat(reader.position()).isEqualTo(3 + bytes.length);
            reader.end();
        }
    }

    @ParameterizedTest
    @Tag("SP-4")
    @MethodSource("vectors")
    void no_value_can_be_read_when_its_end_is_missing(Vector vector) {
        byte[] bytes = vector.bytes();
        for (int length = 0; length < bytes.length; length++) {
            SpsReader cut = SpsReader.of(Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> vector.read().apply(cut))
                    .as("the first %d of %d bytes", length, bytes.length)
                    .isInstanceOf(SpsException.class);
        }
    }
}
