// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.MemoryMapException;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.sps.SpsReader;
import org.orcrt.sps.SpsWriter;
import org.orcrt.wire.Service;

class MemoryAccessTest {

    private static final long PAGE = 4096;

    private final SystemCalls calls = SystemCalls.real();
    private final MemoryAccess access = new MemoryAccess(calls);

    /// Two pages, of which the second is not accessible.
    private final long pages = map();

    @AfterEach
    void unmap() {
        calls.munmap(pages, 2 * PAGE);
    }

    @Test
    void numbers_of_every_width_are_written_and_read_back() {
        write(
                Service.WRITE_UINT8S,
                new SpsWriter().count(2).u64(pages).u8(42).u64(pages + 1).u8(255));
        write(Service.WRITE_UINT16S, new SpsWriter().count(1).u64(pages + 3).u16(65535));
        write(Service.WRITE_UINT32S, new SpsWriter().count(1).u64(pages + 9).u32(0xdeadbeefL));
        write(Service.WRITE_UINT64S, new SpsWriter().count(1).u64(pages + 17).u64(0x0102030405060708L));
        write(Service.WRITE_POINTERS, new SpsWriter().count(1).u64(pages + 33).u64(pages));

        SpsReader bytes = read(Service.READ_UINT8S, pages, pages + 1);
        assertThat(bytes.readU8()).isEqualTo(42);
        assertThat(bytes.readU8()).isEqualTo(255);
        assertThat(read(Service.READ_UINT16S, pages + 3).readU16()).isEqualTo(65535);
        assertThat(read(Service.READ_UINT32S, pages + 9).readU32()).isEqualTo(0xdeadbeefL);
        assertThat(read(Service.READ_UINT64S, pages + 17).readU64()).isEqualTo(0x0102030405060708L);
        assertThat(read(Service.READ_POINTERS, pages + 33).readU64()).isEqualTo(pages);
    }

    @Test
    void blocks_are_written_and_read_by_range() {
        write(
                Service.WRITE_BUFFERS,
                new SpsWriter().count(2).u64(pages).text("hello").u64(pages + 5).text(" world"));
        SpsWriter ranges =
                new SpsWriter().count(2).u64(pages).u64(pages + 11).u64(pages).u64(pages);
        SpsReader result =
                Calls.call(access.functions().get(Service.READ_BUFFERS), ranges).read();
        assertThat(result.readCount(8)).isEqualTo(2);
        assertThat(result.readText()).isEqualTo("hello world");
        assertThat(result.readText()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 4000})
    void a_c_string_is_read_to_its_nul_even_if_nothing_is_mapped_behind_it(int length) {
        byte[] text = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
        long start = pages + PAGE - length - 1;
        write(Service.WRITE_BUFFERS, new SpsWriter().count(1).u64(start).bytes(text));
        write(
                Service.WRITE_UINT8S,
                new SpsWriter().count(1).u64(pages + PAGE - 1).u8(0));
        assertThat(read(Service.READ_STRINGS, start).readText()).hasSize(length);
    }

    @ParameterizedTest
    @EnumSource(
            value = Service.class,
            names = {"READ_UINT8S", "READ_UINT16S", "READ_UINT32S", "READ_UINT64S", "READ_POINTERS", "READ_STRINGS"})
    void reading_what_cannot_be_read_is_an_error_and_not_a_crash(Service service) {
        for (long address : new long[] {0, 8, pages + PAGE, -8, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> read(service, address))
                    .isInstanceOf(MemoryMapException.class)
                    .hasMessageContaining("0x%x".formatted(address));
        }
    }

    @Test
    void writing_what_cannot_be_written_is_an_error_and_not_a_crash() {
        calls.mprotect(pages, PAGE, Linux.PROT_READ);
        for (long address : new long[] {0, 8, pages, pages + PAGE, -8}) {
            assertThatThrownBy(() -> write(
                            Service.WRITE_UINT64S,
                            new SpsWriter().count(1).u64(address).u64(1)))
                    .isInstanceOf(MemoryMapException.class)
                    .hasMessageContaining("EFAULT");
        }
    }

    @Test
    void a_huge_range_that_is_not_mapped_costs_no_memory() {
        SpsWriter range = new SpsWriter().count(1).u64(0x10).u64(0x7000_0000);
        assertThatThrownBy(() -> Calls.call(access.functions().get(Service.READ_BUFFERS), range))
                .isInstanceOf(MemoryMapException.class);
        SpsWriter everything = new SpsWriter().count(1).u64(0).u64(-1);
        assertThatThrownBy(() -> Calls.call(access.functions().get(Service.READ_BUFFERS), everything))
                .hasMessageContaining("at most 16777216 bytes");
    }

    private void write(Service service, SpsWriter args) {
        Calls.Answer answer = Calls.call(access.functions().get(service), args);
        assertThat(answer.error).isNull();
        assertThat(answer.bytes).isEmpty();
    }

    private SpsReader read(Service service, long... addresses) {
        SpsWriter args = new SpsWriter().count(addresses.length);
        for (long address : addresses) {
            args.u64(address);
        }
        SpsReader result = Calls.call(access.functions().get(service), args).read();
        assertThat(result.readCount(1)).isEqualTo(addresses.length);
        return result;
    }

    private long map() {
        long address = calls.mmap(
                0, 2 * PAGE, Linux.PROT_READ | Linux.PROT_WRITE, Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1);
        assertThat(address).isPositive();
        calls.mprotect(address + PAGE, PAGE, Linux.PROT_NONE);
        NativeMemory.putLong(address, 0);
        return address;
    }
}
