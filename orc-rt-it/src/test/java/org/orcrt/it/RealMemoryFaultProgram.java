// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.AllocGroup;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.NativeMemoryMap;
import org.orcrt.api.memory.SegmentRequest;
import org.orcrt.api.type.TypeId;
import org.orcrt.ffm.NativeFunctions;
import org.orcrt.ffm.NativeLibraries;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.memory.MemoryMapOptions;
import org.orcrt.memory.SharedMemoryMapper;
import org.orcrt.memory.SimpleNativeMemoryMap;

/// Memory maps at the limits of the system: `space` (`RLIMIT_AS`) or `maps` (`vm.max_map_count`). Anything out of order
/// throws; the last line of the output is the summary. It ends with this process, since what it does may end a JVM.
final class RealMemoryFaultProgram {

    private static final long PAGE = 4096;
    private static final long LARGE = 1L << 32;
    private static final long ROOM_BYTES = 256L << 20;
    private static final int TRIES = 20;
    private static final int RLIMIT_AS = 9;
    private static final AllocGroup READ = AllocGroup.ofId(1);
    private static final byte[] WORD = {1, 2, 3};
    private static final byte[] NOTHING = {};

    private final List<Throwable> reported = new ArrayList<>();
    private final NativeMemoryMap map;
    private final ExecutorAddress slab;
    private int refused;
    private String text = "";

    private RealMemoryFaultProgram(boolean shared, long slabBytes) {
        MemoryMapOptions options = MemoryMapOptions.forPageSize(PAGE);
        map = shared
                ? new SharedMemoryMapper(options, action -> {}, reported::add)
                : new SimpleNativeMemoryMap(options, action -> {}, reported::add);
        slab = map.reserve(slabBytes);
    }

    /// @param args `space` or `maps`, and `private` or `shared`
    public static void main(String[] args) throws Exception {
        boolean shared = args[1].equals("shared");
        if (args[0].equals("space")) {
            new RealMemoryFaultProgram(shared, 1 << 20).withoutAddressSpace();
        } else {
            // by lines: the file answers the first read only, and readString begins with one byte
            long limit = Long.parseLong(
                    Files.readAllLines(Path.of("/proc/sys/vm/max_map_count")).getFirst());
            new RealMemoryFaultProgram(shared, 2 * limit * PAGE).withoutMappings(2 * limit);
        }
    }

    private void withoutAddressSpace() throws Exception {
        ExecutorAddress key = initialize(0, WORD);
        Held before = Held.now();
        limitAddressSpace(vmBytes() + ROOM_BYTES);
        for (int k = 0; k < TRIES; k++) {
            refuse(MemoryMapException.RESERVE, () -> map.reserve(LARGE));
            before.expectSame();
        }
        ExecutorAddress small = map.reserve(PAGE); // there is room for that
        map.release(small);
        initialize(1, WORD);
        map.deinitialize(slab.plus(PAGE));
        limitAddressSpace(-1);
        map.release(map.reserve(LARGE));
        before.expectSame();
        expect(bytes(0).startsWith("[1, 2, 3, 0"), "the region's bytes: " + bytes(0));
        map.deinitialize(key);
        end();
    }

    /// Every other page gets a protection of its own until the system has no mapping left.
    private void withoutMappings(long pages) throws Exception {
        int live = fill(0, pages, NOTHING);
        expect(live > 1000, "only " + live + " regions");
        Held before = Held.now();
        for (int k = 0; k < TRIES; k++) {
            long page = 2 * (live + 1L + k);
            byte[] content = k % 2 == 0 ? WORD : NOTHING;
            refuse(MemoryMapException.PROTECT, () -> initialize(page, content));
            before.expectSame();
        }
        for (int k = 0; k < live; k += 2) { // neighbours join: no mapping is needed for that
            map.deinitialize(slab.plus(2L * k * PAGE));
        }
        initialize(0, WORD);
        expect(bytes(0).startsWith("[1, 2, 3, 0"), "the region's bytes: " + bytes(0));
        map.deinitialize(slab);
        int again = fill(2L * live, pages, WORD);
        expect(again > 100, "only " + again + " regions the second time");
        map.release(slab);
        Thread thread = Thread.ofPlatform().start(() -> {});
        thread.join(Duration.ofSeconds(20));
        end();
    }

    /// @return how many regions there was room for
    private int fill(long first, long pages, byte[] content) {
        int live = 0;
        for (long page = first; page < pages; page += 2) {
            try {
                initialize(page, content);
                live++;
            } catch (MemoryMapException full) {
                expect(full.typeId().equals(MemoryMapException.PROTECT), full.toString());
                return live;
            }
        }
        throw new IllegalStateException("no limit within " + pages + " pages");
    }

    private ExecutorAddress initialize(long page, byte[] content) {
        SegmentRequest segment = new SegmentRequest(READ, slab.plus(page * PAGE), PAGE, MemorySegment.ofArray(content));
        return map.initialize(new InitializeRequest(List.of(segment), List.of()));
    }

    private void refuse(TypeId kind, Runnable operation) {
        try {
            operation.run();
        } catch (MemoryMapException failure) {
            expect(failure.typeId().equals(kind), failure.toString());
            expect(failure.getSuppressed().length == 0, "the roll-back failed, too: " + failure.getSuppressed().length);
            text = String.valueOf(failure.getMessage()).replaceAll("0x[0-9a-f]{10,}", "X");
            refused++;
            return;
        }
        throw new IllegalStateException("nothing was refused");
    }

    private void end() throws IOException {
        map.shutdown();
        expect(reported.isEmpty(), "reported: " + reported);
        expect(SystemCalls.mappings().isEmpty(), "mapped: " + SystemCalls.mappings());
        expect(Held.readNames().isEmpty(), "names: " + Held.readNames());
        System.out.printf("refused %d times: %s%n", refused, text);
    }

    private String bytes(long page) {
        byte[] bytes = new byte[4];
        SystemCalls.real().readMemory(slab.value() + page * PAGE, MemorySegment.ofArray(bytes), 0, bytes.length);
        return java.util.Arrays.toString(bytes);
    }

    private static long vmBytes() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            String line =
                    lines.filter(one -> one.startsWith("VmSize:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        }
    }

    /// @param bytes the limit, -1 for none
    private static void limitAddressSpace(long bytes) {
        long limits = NativeMemory.malloc(2 * Long.BYTES);
        NativeMemory.putLong(limits, bytes);
        NativeMemory.putLong(limits + Long.BYTES, -1);
        long setrlimit = NativeLibraries.symbol(NativeLibraries.PROCESS, "setrlimit");
        expect((int) NativeFunctions.call(setrlimit, RLIMIT_AS, limits) == 0, "setrlimit failed");
        NativeMemory.free(limits);
    }

    private static void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    /// What the maps hold, and how the slabs are protected.
    private record Held(Map<Long, Long> mappings, List<String> names, int descriptors, List<String> pages) {

        static Held now() throws IOException {
            return new Held(SystemCalls.mappings(), readNames(), countDescriptors(), readPages());
        }

        void expectSame() {
            try {
                Held now = now();
                expect(now.mappings.equals(mappings), "mapped: " + now.mappings + ", not " + mappings);
                expect(now.names.equals(names), "names: " + now.names + ", not " + names);
                expect(now.descriptors == descriptors, "descriptors: " + now.descriptors + ", not " + descriptors);
                expect(now.pages.equals(pages), "the slab is mapped otherwise than before");
            } catch (IOException unreadable) {
                throw new IllegalStateException(unreadable);
            }
        }

        static List<String> readNames() throws IOException {
            return list(
                    Path.of("/dev/shm"), "jitlink_" + ProcessHandle.current().pid() + "_*");
        }

        private static int countDescriptors() throws IOException {
            return list(Path.of("/proc/self/fd"), "*").size();
        }

        /// The lines of our mappings.
        private static List<String> readPages() throws IOException {
            Map<Long, Long> ours = SystemCalls.mappings();
            try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
                return lines.filter(line -> isOf(ours, line)).toList();
            }
        }

        private static boolean isOf(Map<Long, Long> ours, String line) {
            long start = Long.parseUnsignedLong(line.substring(0, line.indexOf('-')), 16);
            return ours.entrySet().stream()
                    .anyMatch(one -> one.getKey() <= start && start < one.getKey() + one.getValue());
        }

        private static List<String> list(Path directory, String pattern) throws IOException {
            List<String> names = new ArrayList<>();
            try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, pattern)) {
                all.forEach(one -> names.add(one.getFileName().toString()));
            }
            names.sort(null);
            return names;
        }
    }
}
