// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orcrt.api.MemoryMapException;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.sps.SpsWriter;
import org.orcrt.wire.Service;

/// Every function of memory access at every kind of place that cannot be reached: an error that names the address, and
/// no crash. Pages: read-write, inaccessible, read-only, inaccessible.
class MemoryAccessFaultsTest {

    private static final long PAGE = 4096;
    private static final int BUFFER_BYTES = 8;

    /// How many bytes each function touches at an address; of a string, as many as there are.
    private static final Map<Service, Integer> WIDTHS = new EnumMap<>(Map.ofEntries(
            Map.entry(Service.WRITE_UINT8S, 1),
            Map.entry(Service.WRITE_UINT16S, 2),
            Map.entry(Service.WRITE_UINT32S, 4),
            Map.entry(Service.WRITE_UINT64S, 8),
            Map.entry(Service.WRITE_POINTERS, 8),
            Map.entry(Service.WRITE_BUFFERS, BUFFER_BYTES),
            Map.entry(Service.READ_UINT8S, 1),
            Map.entry(Service.READ_UINT16S, 2),
            Map.entry(Service.READ_UINT32S, 4),
            Map.entry(Service.READ_UINT64S, 8),
            Map.entry(Service.READ_POINTERS, 8),
            Map.entry(Service.READ_BUFFERS, BUFFER_BYTES),
            Map.entry(Service.READ_STRINGS, BUFFER_BYTES)));

    private final SystemCalls calls = SystemCalls.real();
    private final MemoryAccess access = new MemoryAccess(calls);
    private final long pages = map();

    @AfterEach
    void unmap() {
        calls.munmap(pages, 4 * PAGE);
    }

    static Set<Service> all() {
        return WIDTHS.keySet();
    }

    static Stream<Service> writes() {
        return WIDTHS.keySet().stream().filter(MemoryAccessFaultsTest::isWrite);
    }

    static Stream<Service> reads() {
        return WIDTHS.keySet().stream().filter(service -> !isWrite(service));
    }

    private static boolean isWrite(Service service) {
        return service.name().startsWith("WRITE");
    }

    @Test
    void every_function_is_here() {
        assertThat(WIDTHS.keySet()).isEqualTo(access.functions().keySet());
    }

    @ParameterizedTest
    @MethodSource("all")
    void what_is_not_mapped_is_an_error(Service service) {
        for (long address : new long[] {0, 1, 0x1000, 0x7000_0000_0000_0000L, Long.MIN_VALUE, -PAGE}) {
            assertFails(service, address);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void what_is_inaccessible_is_an_error(Service service) {
        assertFails(service, pages + PAGE);
        assertFails(service, pages + 4 * PAGE - WIDTHS.get(service));
    }

    @ParameterizedTest
    @MethodSource("writes")
    void what_is_read_only_cannot_be_written(Service service) {
        assertFails(service, pages + 2 * PAGE);
        assertThat(NativeMemory.getLong(pages + 2 * PAGE)).isEqualTo(7);
    }

    @ParameterizedTest
    @MethodSource("reads")
    void what_is_read_only_can_be_read(Service service) {
        Calls.Answer answer = call(service, pages + 2 * PAGE);
        assertThat(answer.error).isNull();
        assertThat(answer.bytes).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("all")
    void what_begins_in_a_page_and_ends_in_one_that_is_not_there_is_an_error(Service service) {
        NativeMemory.putLong(pages + PAGE - 8, -1); // no NUL
        for (int inside = 1; inside < WIDTHS.get(service); inside++) {
            assertFails(service, pages + PAGE - inside);
        }
        Calls.Answer answer = call(Service.READ_UINT8S, pages);
        assertThat(answer.error).as("memory before it is intact").isNull();
    }

    @ParameterizedTest
    @MethodSource("all")
    void what_would_end_beyond_2_to_the_64_is_an_error(Service service) {
        for (int before = 1; before <= WIDTHS.get(service); before++) {
            if (service == Service.READ_BUFFERS) { // a range has two ends, so this one runs backwards
                assertThat(call(service, -before).error)
                        .contains("range ends before it starts")
                        .contains("0x%x".formatted((long) -before));
            } else {
                assertFails(service, -before);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void nothing_at_all_is_no_error_anywhere(Service service) {
        Calls.Answer none = Calls.call(access.functions().get(service), new SpsWriter().count(0));
        assertThat(none.error).isNull();
    }

    private void assertFails(Service service, long address) {
        assertThatThrownBy(() -> call(service, address))
                .as("%s at 0x%x", service, address)
                .isInstanceOfSatisfying(
                        MemoryMapException.class,
                        failure -> assertThat(failure.typeId()).isEqualTo(MemoryMapException.ACCESS))
                .hasMessageContaining("cannot " + (isWrite(service) ? "write" : "read"))
                .message()
                .containsAnyOf(addressesOf(service, address).toArray(String[]::new));
    }

    /// The address itself; a buffer's last byte, which is looked at first, and where a string has got to.
    private static List<String> addressesOf(Service service, long address) {
        long last = address + WIDTHS.get(service) - 1;
        long nextPage = (address + PAGE - 1) & -PAGE;
        return Stream.of(address, last, nextPage).map("0x%x"::formatted).toList();
    }

    private Calls.Answer call(Service service, long address) {
        SpsWriter args = new SpsWriter().count(1).u64(address);
        switch (service) {
            case WRITE_UINT8S -> args.u8(1);
            case WRITE_UINT16S -> args.u16(1);
            case WRITE_UINT32S -> args.u32(1);
            case WRITE_UINT64S, WRITE_POINTERS -> args.u64(1);
            case WRITE_BUFFERS -> args.bytes(new byte[BUFFER_BYTES]);
            case READ_BUFFERS -> args.u64(address + BUFFER_BYTES);
            default -> {}
        }
        return Calls.call(access.functions().get(service), args);
    }

    private long map() {
        long address = calls.mmap(
                0, 4 * PAGE, Linux.PROT_READ | Linux.PROT_WRITE, Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1);
        assertThat(address).isPositive();
        NativeMemory.putLong(address + 2 * PAGE, 7);
        calls.mprotect(address + PAGE, PAGE, Linux.PROT_NONE);
        calls.mprotect(address + 2 * PAGE, PAGE, Linux.PROT_READ);
        calls.mprotect(address + 3 * PAGE, PAGE, Linux.PROT_NONE);
        return address;
    }
}
