// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;

class SpsAllocationTest {

    private static final int ROUNDS = 100_000;
    private static final ExecutorAddressRange RANGE =
            new ExecutorAddressRange(new ExecutorAddress(0x1000), new ExecutorAddress(0x2000));
    private static final byte[] BYTES = {1, 2, 3};

    private final SpsWriter writer = new SpsWriter();
    private final SpsReader reader = new SpsReader();
    private long sum;

    @Test
    @Tag("SP-8")
    void writing_allocates_nothing() {
        assertThat(allocatedByRoundsOf(this::write)).isZero();
    }

    @Test
    @Tag("SP-8")
    void reading_from_the_heap_allocates_nothing() {
        write();
        assertThat(allocatedByRoundsOf(() -> read(writer.segment(), 0))).isZero();
        assertThat(sum).isNotZero();
    }

    @Test
    @Tag("SP-8")
    void reading_from_native_memory_allocates_nothing() {
        write();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(1 + writer.length());
            MemorySegment.copy(writer.segment(), 0, memory, 1, writer.length());
            assertThat(allocatedByRoundsOf(() -> read(memory, 1))).isZero();
        }
    }

    @Test
    void a_name_allocates_itself_and_nothing_else() {
        byte[] name = new SpsWriter().name("_ZN4llvm3orc7SessionE").toByteArray();
        MemorySegment segment = MemorySegment.ofArray(name);
        Runnable readName =
                () -> sum += reader.over(segment, 0, name.length).readName().length();
        assertThat(allocatedByRoundsOf(readName)).isLessThan(ROUNDS * 100L);
    }

    private static long allocatedByRoundsOf(Runnable round) {
        Runnable rounds = () -> {
            for (int i = 0; i < ROUNDS; i++) {
                round.run();
            }
        };
        rounds.run(); // warm-up
        return Allocations.bytesOf(rounds);
    }

    private void write() {
        writer.reset().bool(true).u8(200).u16(60_000).i32(-5).u32(4_000_000_000L);
        writer.u64(-1).address(RANGE.end()).range(RANGE).count(2).success().expected();
        writer.name("orc_rt_symbol").bytes(BYTES).bytes(writer.segment(), 0, 5);
    }

    private void read(MemorySegment bytes, long offset) {
        reader.over(bytes, offset, writer.length());
        sum += reader.readBool() ? 1 : 0;
        sum += reader.readU8() + reader.readU16() + reader.readI32() + reader.readU32();
        sum += reader.readU64() + reader.readU64() + reader.readU64() + reader.readU64();
        sum += reader.readCount(1) + (reader.readError() == null ? 1 : 0) + (reader.readBool() ? 1 : 0);
        sum += reader.skipBytes() + reader.skipBytes() + reader.skipBytes();
        reader.end();
    }
}
