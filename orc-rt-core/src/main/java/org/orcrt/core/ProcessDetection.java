// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.orcrt.api.ProcessInfo;

/// Finds out what this process is, without native calls.
final class ProcessDetection {

    /// Key of the page size in the auxiliary vector (`AT_PAGESZ`, `elf.h`).
    private static final long AT_PAGESZ = 6;

    private static final Path AUXILIARY_VECTOR = Path.of("/proc/self/auxv");
    private static final long COMMON_PAGE_BYTES = 4096;

    private ProcessDetection() {}

    static ProcessInfo detect() {
        String triple = triple(System.getProperty("os.arch"), System.getProperty("os.name"));
        String arch = triple.substring(0, triple.indexOf('-'));
        return new ProcessInfo(triple, pageBytes(), CpuFeatures.detect(arch));
    }

    /// The features as LLVM's tools take and print them: `+avx,+avx2`.
    static String subtargetFeatures(ProcessInfo process) {
        return process.cpuFeatures().stream().map(feature -> "+" + feature).collect(Collectors.joining(","));
    }

    static String triple(String arch, String os) {
        String processor = switch (arch) {
            case "amd64" -> "x86_64";
            case "arm64" -> "aarch64";
            default -> arch;
        };
        if (os.startsWith("Mac")) {
            return (processor.equals("aarch64") ? "arm64" : processor) + "-apple-darwin";
        }
        // the vendor that LLVM's own build uses on Linux
        String vendor = processor.equals("x86_64") ? "pc" : "unknown";
        return processor + "-" + vendor + "-linux-gnu";
    }

    private static long pageBytes() {
        try {
            ByteBuffer pairs =
                    ByteBuffer.wrap(Files.readAllBytes(AUXILIARY_VECTOR)).order(ByteOrder.nativeOrder());
            while (pairs.remaining() >= 16) {
                long key = pairs.getLong();
                long value = pairs.getLong();
                if (key == AT_PAGESZ) {
                    return value;
                }
            }
        } catch (IOException noSuchFile) {
            // not Linux: fall through
        }
        return COMMON_PAGE_BYTES;
    }
}
