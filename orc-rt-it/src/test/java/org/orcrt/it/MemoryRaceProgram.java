// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.AllocAction;
import org.orcrt.api.memory.AllocActionPair;
import org.orcrt.api.memory.AllocGroup;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.NativeMemoryMap;
import org.orcrt.api.memory.SegmentRequest;
import org.orcrt.memory.AllocActionRunner;
import org.orcrt.memory.MemoryMapOptions;
import org.orcrt.memory.MemoryStatistics;
import org.orcrt.memory.SharedMemoryMapper;
import org.orcrt.memory.SimpleNativeMemoryMap;

/// The child of [MemoryRaceTest]: one thread initializes and another releases the slab, or one thread does all in turn.
final class MemoryRaceProgram {

    private static final long PAGE = 4096;
    private static final int PAGES = 16;
    private static final int BOUND_SECONDS = 30;

    private final NativeMemoryMap map;
    private final Supplier<MemoryStatistics> statistics;
    private final CyclicBarrier both = new CyclicBarrier(2);

    /// Initialize actions that ran, less deinitialize actions.
    private final AtomicLong registered = new AtomicLong();

    private final AtomicLong initialized = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong other = new AtomicLong();

    private volatile ExecutorAddress slab = ExecutorAddress.NULL;

    private MemoryRaceProgram(String kind) {
        MemoryMapOptions options = MemoryMapOptions.forPageSize(PAGE);
        AllocActionRunner runner = action -> registered.addAndGet(action.args()[0]);
        ErrorReporter reporter = Throwable::printStackTrace;
        if (kind.equals("shared")) {
            SharedMemoryMapper shared = new SharedMemoryMapper(options, runner, reporter);
            map = shared;
            statistics = shared::statistics;
        } else {
            SimpleNativeMemoryMap own = new SimpleNativeMemoryMap(options, runner, reporter);
            map = own;
            statistics = own::statistics;
        }
    }

    public static void main(String[] args) throws Exception {
        MemoryRaceProgram program = new MemoryRaceProgram(args[1]);
        int count = Integer.parseInt(args[2]);
        switch (args[0]) {
            case "race" -> program.race(count);
            case "cycle" -> program.cycle(count);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private void race(int races) throws Exception {
        Thread initializer = Thread.ofPlatform().start(() -> initialize(races));
        for (int race = 0; race < races; race++) {
            slab = map.reserve(PAGES * PAGE);
            both.await(BOUND_SECONDS, TimeUnit.SECONDS);
            for (int k = race % 100; k > 0; k--) { // microseconds: somewhere in here the other one is at work
                Thread.onSpinWait();
            }
            map.release(slab);
            both.await(BOUND_SECONDS, TimeUnit.SECONDS);
        }
        initializer.join();
        System.out.printf(
                "races %d, initialized %d, refused %d, other %d, left %d%n",
                races, initialized.get(), refused.get(), other.get(), left());
    }

    private void initialize(int races) {
        AllocActionPair pair = new AllocActionPair(action(1), action(-1));
        MemorySegment content = MemorySegment.ofArray(new byte[(int) (PAGES * PAGE)]);
        try {
            for (int race = 0; race < races; race++) {
                both.await(BOUND_SECONDS, TimeUnit.SECONDS);
                SegmentRequest code = new SegmentRequest(AllocGroup.ofId(5), slab, PAGES * PAGE, content);
                try {
                    map.initialize(new InitializeRequest(List.of(code), List.of(pair)));
                    initialized.incrementAndGet();
                } catch (MemoryMapException refusal) {
                    (refusal.typeId().equals(MemoryMapException.OUT_OF_SLAB) ? refused : other).incrementAndGet();
                }
                both.await(BOUND_SECONDS, TimeUnit.SECONDS);
            }
        } catch (Exception failure) {
            failure.printStackTrace();
        }
    }

    private void cycle(int cycles) throws IOException {
        long before = 0;
        for (int cycle = -cycles / 10; cycle < cycles; cycle++) {
            if (cycle == 0) {
                before = mappings();
            }
            ExecutorAddress start = map.reserve(3 * PAGE);
            ExecutorAddress key = map.initialize(new InitializeRequest(
                    List.of(segment(1, start), segment(5, start.plus(PAGE)), segment(3, start.plus(2 * PAGE))),
                    List.of(new AllocActionPair(action(1), action(-1)))));
            map.deinitialize(key);
            map.release(start);
        }
        System.out.printf("cycles %d, mappings %+d, left %d%n", cycles, mappings() - before, left());
    }

    private static SegmentRequest segment(int group, ExecutorAddress address) {
        return new SegmentRequest(AllocGroup.ofId(group), address, PAGE, MemorySegment.ofArray(new byte[] {1, 2, 3}));
    }

    private static AllocAction action(int change) {
        return new AllocAction(new ExecutorAddress(1), new byte[] {(byte) change});
    }

    private static long mappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.count();
        }
    }

    /// What should be gone, and is counted still.
    private long left() {
        MemoryStatistics end = statistics.get();
        return end.slabs()
                + end.reservedBytes()
                + end.regions()
                + end.initializedBytes()
                + (end.initializes() - end.deinitializes())
                + registered.get();
    }
}
