// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What this process holds, as `/proc` tells.
///
/// @param descriptors how many are open
/// @param mappings how many there are; neighbours of one kind count as one
/// @param addressBytes address space in use
/// @param residentBytes memory in use
record ProcessMemory(long descriptors, long mappings, long addressBytes, long residentBytes) {

    private static final Path SELF = Path.of("/proc/self");
    private static final long PAGE_BYTES = 4096;

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
