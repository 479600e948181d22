// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;

/// The ends of what numbers can be. That the bytes are those of LLVM is for [SpsVectorsTest] to say.
class SpsNumbersTest {

    /// A C type, written and read back as its users do: there are unsigned readers, and a cast makes the others.
    private enum Width {
        CHAR(1, 0, 0xaa, 0xff) {
            @Override
            long roundTrip(long value) {
                return read(new SpsWriter().u8((int) value)).readU8();
            }
        },
        INT8(1, 0, 1, -1, Byte.MAX_VALUE, Byte.MIN_VALUE) {
            @Override
            long roundTrip(long value) {
                return (byte) read(new SpsWriter().u8((int) value)).readU8();
            }
        },
        UINT8(1, 0, 1, 0xff) {
            @Override
            long roundTrip(long value) {
                return read(new SpsWriter().u8((int) value)).readU8();
            }
        },
        INT16(2, 0, 1, -1, Short.MAX_VALUE, Short.MIN_VALUE) {
            @Override
            long roundTrip(long value) {
                return (short) read(new SpsWriter().u16((int) value)).readU16();
            }
        },
        UINT16(2, 0, 1, 0xffff) {
            @Override
            long roundTrip(long value) {
                return read(new SpsWriter().u16((int) value)).readU16();
            }
        },
        INT32(4, 0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE) {
            @Override
            long roundTrip(long value) {
                return read(new SpsWriter().i32((int) value)).readI32();
            }
        },
        UINT32(4, 0, 1, 0xffff_ffffL) {
            @Override
            long roundTrip(long value) {
                return read(new SpsWriter().u32(value)).readU32();
            }
        },
        INT64(8, 0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE) {
            @Override
            long roundTrip(long value) {
                return read(new SpsWriter().u64(value)).readU64();
            }
        },
        /// All its bits set is the largest.
        UINT64(8, 0, 1, -1) {
            @Override
            long roundTrip(long value) {
                return read(new SpsWriter().u64(value)).readU64();
            }
        };

        private final int bytes;
        private final long[] values;

        Width(int bytes, long... values) {
            this.bytes = bytes;
            this.values = values;
        }

        abstract long roundTrip(long value);

        SpsReader read(SpsWriter written) {
            assertThat(written.length()).isEqualTo(bytes);
            return SpsReader.of(written.toByteArray());
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_bounds_of_every_width_come_back_as_they_were(Width width) {
        for (long value : width.values) {
            assertThat(width.roundTrip(value)).isEqualTo(value);
        }
    }

    @Test
    void an_empty_range_keeps_its_start() {
        for (long start : new long[] {0, 0x1000, -1}) {
            ExecutorAddress address = new ExecutorAddress(start);
            ExecutorAddressRange empty = new ExecutorAddressRange(address, address);
            SpsReader reader = SpsReader.of(new SpsWriter().range(empty).toByteArray());
            assertThat(reader.readRange()).isEqualTo(empty);
            reader.end();
        }
    }
}
