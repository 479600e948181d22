// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.orcrt.ffm.NativeFunctions;
import org.orcrt.ffm.NativeLibraries;
import org.orcrt.ffm.NativeMemory;

/// What this process holds, as `/proc` tells.
///
/// @param descriptors how many are open
/// @param mappings how many there are; neighbours of one kind count as one
/// @param addressBytes address space in use
/// @param residentBytes memory in use
record ProcessMemory(long descriptors, long mappings, long addressBytes, long residentBytes) {

    private static final Path SELF = Path.of("/proc/self");
    private static final long PAGE_BYTES = 4096;
    private static final long MINCORE = NativeLibraries.symbol(NativeLibraries.PROCESS, "mincore");

    /// How much of a mapping is in memory.
    ///
    /// @param mapping whole pages
    static long residentBytes(MemorySegment mapping) {
        long pages = mapping.byteSize() / PAGE_BYTES;
        long flags = NativeMemory.malloc(pages);
        try {
            assertThat((int) NativeFunctions.call(MINCORE, mapping.address(), mapping.byteSize(), flags, 0, 0, 0))
                    .isZero();
            long resident = 0;
            for (long page = 0; page < pages; page++) {
                resident += NativeMemory.ALL.get(ValueLayout.JAVA_BYTE, flags + page) & 1;
            }
            return resident * PAGE_BYTES;
        } finally {
            NativeMemory.free(flags);
        }
    }

    static ProcessMemory now() {
        try (Stream<Path> descriptors = Files.list(SELF.resolve("fd"));
                Stream<String> mappings = Files.lines(SELF.resolve("maps"))) {
            String[] pages = Files.readString(SELF.resolve("statm")).split(" ");
            return new ProcessMemory(
                    descriptors.count(),
                    mappings.count(),
                    Long.parseLong(pages[0]) * PAGE_BYTES,
                    Long.parseLong(pages[1]) * PAGE_BYTES);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
