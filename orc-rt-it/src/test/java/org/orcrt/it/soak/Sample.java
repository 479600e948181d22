// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.soak;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.orcrt.ffm.StubPool;
import org.orcrt.ffm.SystemCalls;

/// What the process holds at one moment.
///
/// @param threads platform threads that Java knows of
/// @param descriptors open ones
/// @param maps lines of `/proc/self/maps`
/// @param mapped mappings by the books of `org.orcrt.ffm`
/// @param stubs leased ones
/// @param names ours in `/dev/shm`
/// @param heapBytes in use after a collection
/// @param residentBytes of the whole process
record Sample(
        int threads, int descriptors, int maps, int mapped, int stubs, int names, long heapBytes, long residentBytes) {

    /// Lines of `/proc/self/maps` that the JVM may add for itself (code cache, metaspace, arenas of the C heap).
    private static final int MAPS_TOLERANCE = 32;

    private static final long HEAP_TOLERANCE_BYTES = 2 << 20;

    /// Compiled code, class metadata, and the C heap's fragments.
    private static final long RESIDENT_TOLERANCE_BYTES = 32 << 20;

    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final Path STATUS = Path.of("/proc/self/status");

    static Sample now() throws IOException {
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return new Sample(
                liveThreads(),
                entries(Path.of("/proc/self/fd"), "*"),
                Files.readAllLines(MAPS).size(),
                SystemCalls.mappings().size(),
                StubPool.leasedStubs(),
                entries(
                        Path.of("/dev/shm"),
                        "jitlink_" + ProcessHandle.current().pid() + "_*"),
                runtime.totalMemory() - runtime.freeMemory(),
                readResident());
    }

    static int liveThreads() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        return root.enumerate(new Thread[1 << 14], true);
    }

    /// What is more than it was. Threads, descriptors, stubs and what is ours are counted exactly.
    ///
    /// @return a line for each thing
    List<String> growthSince(Sample first) {
        List<String> grown = new ArrayList<>();
        compare(grown, "threads", first.threads, threads, 0);
        compare(grown, "descriptors", first.descriptors, descriptors, 0);
        compare(grown, "mappings of the process", first.maps, maps, MAPS_TOLERANCE);
        compare(grown, "mappings of ours", first.mapped, mapped, 0);
        compare(grown, "leased stubs", first.stubs, stubs, 0);
        compare(grown, "names in /dev/shm", first.names, names, 0);
        compare(grown, "heap bytes", first.heapBytes, heapBytes, HEAP_TOLERANCE_BYTES);
        compare(grown, "resident bytes", first.residentBytes, residentBytes, RESIDENT_TOLERANCE_BYTES);
        return grown;
    }

    @Override
    public String toString() {
        return ("threads %d, descriptors %d, mappings %d (%d of ours), stubs %d, names %d, heap %d KiB, "
                        + "resident %d MiB")
                .formatted(threads, descriptors, maps, mapped, stubs, names, heapBytes >> 10, residentBytes >> 20);
    }

    private static void compare(List<String> grown, String what, long first, long last, long tolerance) {
        if (last - first > tolerance) {
            grown.add("%s grew from %d to %d (at most %d more are allowed)".formatted(what, first, last, tolerance));
        }
    }

    private static int entries(Path directory, String pattern) throws IOException {
        if (!Files.isDirectory(directory)) {
            return 0;
        }
        int count = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, pattern)) {
            for (Path one : all) {
                count++;
            }
        }
        return count;
    }

    private static long readResident() throws IOException {
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        throw new IOException("no VmRSS in " + STATUS);
    }
}
