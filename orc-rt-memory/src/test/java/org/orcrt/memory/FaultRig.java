// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.orcrt.memory.MapFixture.PAGE;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.memory.AllocActionPair;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.NativeMemoryMap;
import org.orcrt.api.memory.SegmentRequest;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.testing.FaultyCalls;

/// A memory map, new for each case, whose system calls can be made to fail, and what a scenario has done with it.
final class FaultRig {

    /// How large each slab is, in pages.
    static final int PAGES = 14;

    /// Pages of two live regions that are in every slab and that no scenario is about, with gaps around them.
    static final int READ_ONLY_NEIGHBOUR = 8;

    static final int WRITABLE_NEIGHBOUR = 12;

    final boolean shared;
    final FaultyCalls faults;

    /// What the faulty calls stand on: it knows what is mapped.
    final ScriptedSystemCalls kernel;

    final RecordingRunner runner = new RecordingRunner();
    final List<Throwable> reported = new ArrayList<>();
    final NativeMemoryMap map;
    final SlabTable table;

    /// In the order in which they were reserved, also those that are gone.
    final List<ExecutorAddress> slabs = new ArrayList<>();

    /// What the step is about.
    final List<ExecutorAddress> keys = new ArrayList<>();

    /// The allocation actions that the step runs or takes back, in the order of initialization.
    final List<String> actions = new ArrayList<>();

    /// The pages that the step fills, and those of them that its region keeps.
    final BitSet touched = new BitSet();

    final BitSet kept = new BitSet();

    FaultRig(boolean shared) {
        this.shared = shared;
        kernel = shared ? new ScriptedSystemCalls() : new SentinelSystemCalls();
        faults = new FaultyCalls(kernel, FaultRig::pathOf);
        SystemCalls calls = faults.as(SystemCalls.class);
        if (shared) {
            SharedMemoryMapper made = new SharedMemoryMapper(MapFixture.OPTIONS, runner, reported::add, calls);
            map = made;
            table = made.memory.table;
        } else {
            SimpleNativeMemoryMap made = new SimpleNativeMemoryMap(MapFixture.OPTIONS, runner, reported::add, calls);
            map = made;
            table = made.memory.table;
        }
    }

    /// The path that a call is about: by the time that somebody asks, it is freed.
    private static String pathOf(String name, List<Object> args) {
        return name.equals("open") || name.equals("unlink") ? NativeMemory.cString((Long) args.getFirst()) : "";
    }

    /// Reserves a slab with nothing in it.
    void reserve() {
        slabs.add(map.reserve(PAGES * PAGE - 1));
    }

    /// Reserves a slab with two live regions.
    void reserveWithNeighbours() {
        reserve();
        int slab = slabs.size() - 1;
        initialize(slab, List.of(MapFixture.segment(MapFixture.R, page(slab, READ_ONLY_NEIGHBOUR), PAGE, 8, 8)));
        initialize(slab, List.of(MapFixture.segment(MapFixture.RW, page(slab, WRITABLE_NEIGHBOUR), PAGE, 9, 9, 9)));
    }

    ExecutorAddress page(int slab, int number) {
        return slabs.get(slab).plus(number * PAGE);
    }

    /// @param actions names of allocation actions
    ExecutorAddress initialize(int slab, List<SegmentRequest> segments, String... actions) {
        List<AllocActionPair> pairs = new ArrayList<>();
        for (String action : actions) {
            pairs.add(RecordingRunner.pair(action));
        }
        InitializeRequest request = new InitializeRequest(segments, pairs);
        return map instanceof SharedMemoryMapper mapper
                ? mapper.initialize(slabs.get(slab), request)
                : map.initialize(request);
    }
}
