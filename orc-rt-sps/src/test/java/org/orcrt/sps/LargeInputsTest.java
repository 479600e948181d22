// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What decoding a large input takes, whole and with its last byte missing.
class LargeInputsTest {

    private static final int BYTES = 1 << 20;

    /// What an error takes, and what the JVM takes once.
    private static final long CONSTANT_BYTES = 64 * 1024;

    record Item(String text, long first, long second, byte[] bytes) {}

    record Items(List<Item> items) {}

    /// A large value.
    ///
    /// @param factor how many times its size decoding takes at most
    private record Large<T>(String name, SpsCodec<T> codec, T value, int factor) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Large<?>> larges() {
        Map<String, Long> map = new LinkedHashMap<>();
        for (long k = 0; k < BYTES / 20; k++) {
            map.put("%04x".formatted(k), 1000 + k);
        }
        return Stream.of(
                new Large<>("bytes", SpsCodecs.BYTES, new byte[BYTES], 4),
                new Large<>("slice", SpsCodecs.SLICE, MemorySegment.ofArray(new byte[BYTES]), 4),
                new Large<>("ints", SpsCodecs.INTS, new int[BYTES / 4], 4),
                new Large<>("longs", SpsCodecs.LONGS, new long[BYTES / 8], 4),
                new Large<>("text", SpsCodecs.TEXT, "x".repeat(BYTES), 4),
                new Large<>("text that is not ASCII", SpsCodecs.TEXT, "\u00e9".repeat(BYTES / 2), 4),
                new Large<>("name", SpsCodecs.NAME, "\u00e9".repeat(BYTES), 4),
                new Large<>("list of bools", SpsCodecs.list(SpsCodecs.BOOL), Collections.nCopies(BYTES, true), 4),
                new Large<>(
                        "list of records",
                        SpsCodecs.forRecord(MethodHandles.lookup(), Items.class),
                        new Items(Collections.nCopies(
                                BYTES / 144, new Item("twenty characters it", 1, 2, new byte[100]))),
                        4),
                new Large<>("list of ints", SpsCodecs.list(SpsCodecs.I32), Collections.nCopies(BYTES / 4, 1000), 5),
                new Large<>("map", SpsCodecs.map(SpsCodecs.NAME, SpsCodecs.I64), map, 7));
    }

    @ParameterizedTest
    @MethodSource("larges")
    @Tag("W11")
    <T> void a_large_input_takes_a_few_times_its_size(Large<T> large) {
        byte[] bytes = large.codec().encode(large.value());
        assertThat(bytes.length).isGreaterThan(BYTES / 2);
        long most = (long) large.factor() * bytes.length + CONSTANT_BYTES;
        SpsReader reader = SpsReader.of(bytes);
        assertThat(Allocations.bytesOf(() -> large.codec().read(reader))).isLessThan(most);
        reader.over(reader.segment(), 0, bytes.length - 1L);
        Runnable cut = () -> assertThatExceptionOfType(SpsException.class)
                .isThrownBy(() -> large.codec().read(reader));
        assertThat(Allocations.bytesOf(cut)).isLessThan(most + CONSTANT_BYTES);
    }
}
