// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sequences of 2 GiB, in a file with nothing in it but the length.
class SpsHugeSequenceTest {

    private static final long LENGTH = Integer.MAX_VALUE;

    private final Arena arena = Arena.ofConfined();
    private MemorySegment huge;

    @BeforeEach
    void map(@TempDir Path directory) throws IOException {
        try (RandomAccessFile sparse =
                new RandomAccessFile(directory.resolve("sparse").toFile(), "rw")) {
            sparse.setLength(Long.BYTES + LENGTH);
            sparse.write(new SpsWriter().u64(LENGTH).toByteArray());
            huge = sparse.getChannel().map(MapMode.READ_ONLY, 0, sparse.length(), arena);
        }
    }

    @AfterEach
    void unmap() {
        arena.close();
    }

    @Test
    void what_does_not_fit_in_an_array_can_be_skipped_but_not_copied() {
        SpsReader reader = new SpsReader();
        assertThat(reader.over(huge, 0, huge.byteSize()).skipBytes()).isEqualTo(LENGTH);
        reader.end();
        reader.over(huge, 0, huge.byteSize());
        assertThatExceptionOfType(SpsException.class)
                .isThrownBy(reader::readBytes)
                .withMessage("malformed SPS at byte 0: a sequence of 2147483647 elements does not fit in an array");
    }

    @Test
    void a_writer_refuses_what_its_buffer_cannot_hold_and_writes_nothing_of_it() {
        SpsWriter writer = new SpsWriter().u8(1);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> writer.bytes(huge, 0, huge.byteSize()))
                .withMessage("1 B and 2147483655 B more do not fit in one buffer (limit 2147483639 B)");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> writer.bytes(huge, 0, SpsLayouts.MAX_ARRAY_LENGTH - Long.BYTES))
                .withMessage("1 B and 2147483639 B more do not fit in one buffer (limit 2147483639 B)");
        assertThat(writer.toByteArray()).containsExactly(1);
    }
}
