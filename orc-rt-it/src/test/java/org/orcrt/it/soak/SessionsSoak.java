// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.soak;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.StubPool;
import org.orcrt.ffm.SystemCalls;

/// Sessions that come and go and must leave nothing, started by `bin/soak sessions`. The last line of the output is the
/// summary.
final class SessionsSoak {

    private static final int SAMPLES = 10;

    /// So many cycles at least before the first look.
    private static final int MIN_WARM_UP = 200;

    /// Threads that end by themselves have so long before they count.
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(2);

    /// What planted leaks hold.
    private static final List<Object> LEAKED = new ArrayList<>();

    private SessionsSoak() {}

    /// A leak in every tenth cycle, to show that it is found.
    private enum Plant {
        NOTHING,
        THREAD,
        DESCRIPTOR,
        MAPPING,
        STUB,
        HEAP,
        NATIVE_HEAP,
        EVERYTHING;

        private void leak() throws IOException {
            switch (this) {
                case NOTHING -> {}
                case THREAD -> Thread.ofPlatform().daemon().start(LockSupport::park);
                case DESCRIPTOR -> {
                    InputStream file = Files.newInputStream(Path.of("/proc/self/status"));
                    LEAKED.add(file);
                }
                case MAPPING -> SystemCalls.real().mmap(0, 1, 0, Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1);
                case STUB -> StubPool.lease((a, b, c, d, result) -> {});
                case HEAP -> LEAKED.add(new byte[1 << 20]);
                case EVERYTHING -> {
                    for (Plant one : values()) {
                        if (one != this) {
                            one.leak();
                        }
                    }
                }
                case NATIVE_HEAP -> LEAKED.add(Arena.global().allocate(64 << 20).fill((byte) 1));
            }
        }
    }

    /// @param args how many cycles, where to put the summary as JSON (empty: nowhere), and what to leak, if anything
    public static void main(String[] args) throws IOException {
        int count = Integer.parseInt(args[0]);
        Plant plant = args.length > 2 ? Plant.valueOf(args[2]) : Plant.NOTHING;
        int period = Math.max(1, count / SAMPLES);
        int warmUp = Math.max(MIN_WARM_UP, period);

        // what is loaded, compiled and taken once is there before the first look
        cycles(warmUp, Plant.NOTHING);
        Sample first = settled(null);
        say("after %d cycles to warm up: %s", warmUp, first);

        long begunNs = System.nanoTime();
        Sample last = first;
        for (int done = 0; done < count; ) {
            int next = Math.min(period, count - done);
            cycles(next, plant);
            done += next;
            last = settled(first);
            say("after %d cycles: %s", done, last);
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begunNs);

        List<String> growth = last.growthSince(first);
        growth.forEach(line -> say("GROWTH: %s", line));
        if (!args[1].isEmpty()) {
            Files.writeString(Path.of(args[1]), json(count, seconds, first, last, growth.size()));
        }
        say(
                "sessions: %d cycles in %d s, threads %d -> %d, descriptors %d -> %d, mappings %d -> %d (ours %d -> %d), "
                        + "stubs %d -> %d, heap %.1f -> %.1f MiB, resident %d -> %d MiB%s",
                count,
                seconds,
                first.threads(),
                last.threads(),
                first.descriptors(),
                last.descriptors(),
                first.maps(),
                last.maps(),
                first.mapped(),
                last.mapped(),
                first.stubs(),
                last.stubs(),
                first.heapBytes() / 1048576.0,
                last.heapBytes() / 1048576.0,
                first.residentBytes() >> 20,
                last.residentBytes() >> 20,
                growth.isEmpty() ? "" : ": GROWTH");
        System.exit(growth.isEmpty() ? 0 : 1);
    }

    private static void cycles(int count, Plant plant) throws IOException {
        for (int k = 0; k < count; k++) {
            Cycle.run();
            if (k % 10 == 0) {
                plant.leak();
            }
        }
    }

    /// A sample, when there are no more threads than before or the grace is over. The first of all waits for the timer
    /// of deadlines, which ends by itself.
    private static Sample settled(Sample first) throws IOException {
        long begunNs = System.nanoTime();
        while (System.nanoTime() - begunNs < GRACE_NS && (first == null || Sample.liveThreads() > first.threads())) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return Sample.now();
    }

    private static String json(int count, long seconds, Sample first, Sample last, int growing) {
        return "{\"name\": \"sessions\", \"count\": %d, \"seconds\": %d, \"growing\": %d, \"first\": %s, \"last\": %s}%n"
                .formatted(count, seconds, growing, json(first), json(last));
    }

    private static String json(Sample sample) {
        return ("{\"threads\": %d, \"descriptors\": %d, \"maps\": %d, \"mapped\": %d, \"stubs\": %d, \"names\": %d, "
                        + "\"heapBytes\": %d, \"residentBytes\": %d}")
                .formatted(
                        sample.threads(),
                        sample.descriptors(),
                        sample.maps(),
                        sample.mapped(),
                        sample.stubs(),
                        sample.names(),
                        sample.heapBytes(),
                        sample.residentBytes());
    }

    private static void say(String text, Object... values) {
        System.out.println(String.format(Locale.ROOT, text, values));
    }
}
