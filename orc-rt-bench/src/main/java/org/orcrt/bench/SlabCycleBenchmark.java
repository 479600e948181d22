// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.memory.AllocGroup;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.Lifetime;
import org.orcrt.api.memory.SegmentRequest;
import org.orcrt.memory.MemoryMapOptions;
import org.orcrt.memory.SimpleNativeMemoryMap;

/// A slab's whole life: reserve, initialize three segments (rx, r, rw), deinitialize, release. The content lies
/// in native memory for all.
@State(Scope.Thread)
public class SlabCycleBenchmark {

    private static final FunctionDescriptor CYCLE = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle SAME_CALLS = RawFfm.downcall("orc_bench_slab_same_calls", CYCLE);
    private static final MethodHandle LIKE_LLVM = RawFfm.downcall("orc_bench_slab_like_llvm", CYCLE);

    private static final long PAGE_BYTES = 4096;

    private static final List<AllocGroup> GROUPS = List.of(
            new AllocGroup(true, false, true, Lifetime.STANDARD),
            new AllocGroup(true, false, false, Lifetime.STANDARD),
            new AllocGroup(true, true, false, Lifetime.STANDARD));

    /// The size of each segment.
    @Param({"4", "64"})
    public int segmentKib;

    private long segmentBytes;
    private MemorySegment content = MemorySegment.NULL;
    private List<MemorySegment> parts = List.of();

    private final SimpleNativeMemoryMap map = new SimpleNativeMemoryMap(
            MemoryMapOptions.forPageSize(PAGE_BYTES),
            action -> {
                throw new IllegalStateException("no action was asked for: " + action);
            },
            failure -> {
                throw new IllegalStateException("address space was lost", failure);
            });

    /// For JMH.
    public SlabCycleBenchmark() {}

    /// Makes the content.
    @Setup
    public void fill() {
        segmentBytes = segmentKib * 1024L;
        content = Arena.global().allocate(GROUPS.size() * segmentBytes, PAGE_BYTES);
        content.fill((byte) 0xc3);
        parts = List.of(part(0), part(1), part(2));
    }

    private MemorySegment part(int segment) {
        return content.asSlice(segment * segmentBytes, segmentBytes);
    }

    /// Through the memory map.
    ///
    /// @return the slab's address
    @Benchmark
    public ExecutorAddress ours() {
        ExecutorAddress slab = map.reserve(GROUPS.size() * segmentBytes);
        var request = new InitializeRequest(List.of(segment(slab, 0), segment(slab, 1), segment(slab, 2)), List.of());
        map.deinitialize(map.initialize(request));
        map.release(slab);
        return slab;
    }

    private SegmentRequest segment(ExecutorAddress slab, int segment) {
        return new SegmentRequest(
                GROUPS.get(segment), slab.plus(segment * segmentBytes), segmentBytes, parts.get(segment));
    }

    /// One C function that makes the same system calls and copies.
    @Benchmark
    public void sameCallsInC() {
        cycle(SAME_CALLS);
    }

    /// One C function that makes the system calls of LLVM's own memory manager.
    @Benchmark
    public void likeLlvm() {
        cycle(LIKE_LLVM);
    }

    private void cycle(MethodHandle function) {
        int failed;
        try {
            failed = (int) function.invokeExact(content, segmentBytes);
        } catch (Throwable failure) {
            throw RawFfm.impossible(failure);
        }
        if (failed != 0) {
            throw new IllegalStateException("the C cycle failed in step " + failed);
        }
    }
}
