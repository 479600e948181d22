// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpsHostileBytesTest {

    private static final long[] LIES = {1L << 60, 1L << 63, -1, Long.MAX_VALUE, Integer.MAX_VALUE, 1L << 32, 1000};
    private static final List<Consumer<SpsReader>> COUNTED = List.of(
            r -> r.readCount(1),
            r -> r.readCount(25),
            r -> r.readCount(Long.MAX_VALUE),
            SpsReader::readName,
            SpsReader::readText,
            SpsReader::readBytes,
            SpsReader::skipBytes,
            SpsMemory::readInitializeRequest,
            SpsMemory::readSharedInitializeRequest);
    private static final List<Consumer<SpsReader>> ALL_READS = List.of(
            SpsReader::readBool,
            SpsReader::readU8,
            SpsReader::readU16,
            SpsReader::readI32,
            SpsReader::readU32,
            SpsReader::readU64,
            SpsReader::readAddress,
            SpsReader::readRange,
            r -> r.readCount(1),
            r -> r.readCount(25),
            SpsReader::readName,
            SpsReader::readText,
            SpsReader::readBytes,
            SpsReader::skipBytes,
            SpsReader::readError,
            SpsReader::end,
            SpsMemory::readInitializeRequest,
            SpsMemory::readSharedInitializeRequest,
            SpsMemory::readActionPair,
            SpsMemory::readAction);

    @ParameterizedTest
    @Tag("SP-3")
    @ValueSource(longs = {1L << 60, 1L << 63, -1})
    void a_count_that_lies_is_refused_before_anything_is_allocated_for_it(long lie) {
        byte[] bytes = new SpsWriter().u64(lie).u64(7).u8(7).toByteArray();
        for (Consumer<SpsReader> read : COUNTED) {
            Runnable attempt = () -> assertRefused(read, SpsReader.of(bytes));
            attempt.run(); // loads what an exception needs
            assertThat(Allocations.bytesOf(attempt)).isLessThan(64 * 1024);
        }
    }

    @Test
    void a_length_inside_an_error_or_an_action_may_not_lie_either() {
        assertRefused(
                SpsReader::readError,
                SpsReader.of(new SpsWriter().bool(true).u64(-1).toByteArray()));
        assertRefused(
                SpsMemory::readAction,
                SpsReader.of(new SpsWriter().u64(1).u64(-1).toByteArray()));
    }

    @Test
    @Tag("SP-9")
    void two_hundred_thousand_broken_inputs_are_read_or_refused() {
        List<Vector> vectors = SpsVectors.all().toList();
        Random random = new Random(20_260_101);
        int refused = 0;
        for (int i = 0; i < 200_000; i++) {
            Vector vector = vectors.get(random.nextInt(vectors.size()));
            SpsReader reader = SpsReader.of(mutate(vector.bytes(), random));
            Consumer<SpsReader> read = random.nextBoolean() ? vector.read()::apply : r -> readAtRandom(r, random);
            refused += isRefused(read, reader) ? 1 : 0;
        }
        assertThat(refused).isBetween(50_000, 150_000);
    }

    private static void assertRefused(Consumer<SpsReader> read, SpsReader reader) {
        assertThatExceptionOfType(SpsException.class).isThrownBy(() -> read.accept(reader));
    }

    private static boolean isRefused(Consumer<SpsReader> read, SpsReader reader) {
        long length = reader.remaining();
        try {
            read.accept(reader);
            return false;
        } catch (SpsException refused) {
            assertThat(refused.offset()).isBetween(0L, length);
            return true;
        } finally {
            assertThat(reader.remaining()).isBetween(0L, length);
        }
    }

    private static void readAtRandom(SpsReader reader, Random random) {
        for (int reads = random.nextInt(1, 6); reads > 0; reads--) {
            ALL_READS.get(random.nextInt(ALL_READS.size())).accept(reader);
        }
    }

    private static byte[] mutate(byte[] seed, Random random) {
        SpsWriter writer = new SpsWriter();
        int lieAt = random.nextInt(2 * seed.length);
        for (int i = 0; i < seed.length; i++) {
            if (i == lieAt) {
                writer.u64(LIES[random.nextInt(LIES.length)]);
            }
            switch (random.nextInt(16)) {
                case 0 -> writer.u8(random.nextInt(256));
                case 1 -> writer.u8(seed[i] ^ 1 << random.nextInt(8));
                case 2 -> writer.u8(seed[i]).u8(seed[i]);
                case 3 -> writer.u8(0);
                case 4 -> {} // the byte is lost
                default -> writer.u8(seed[i]);
            }
        }
        return writer.toByteArray();
    }
}
