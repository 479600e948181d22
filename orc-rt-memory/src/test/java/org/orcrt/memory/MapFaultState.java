// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.orcrt.memory.MapFixture.PAGE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.ffm.SystemCalls;

/// All that can be seen of a memory map at one moment: its books, and what the kernel says.
///
/// @param slabs by their number in [FaultRig#slabs]
/// @param regions how many regions the table knows by key
record MapFaultState(Map<Integer, SlabState> slabs, int regions) {

    /// A slab, in numbers of its pages.
    ///
    /// @param inUse pages that nobody gets
    /// @param live pages of live regions, by the page of their key
    /// @param isIdle whether nobody works in it
    /// @param maps a protection for each page, as `/proc/self/maps` has it
    /// @param bytes of the pages of live regions, by page
    record SlabState(
            BitSet inUse,
            Map<Integer, BitSet> live,
            boolean isIdle,
            List<String> maps,
            Map<Integer, ByteBuffer> bytes) {

        /// Pages that are in use and that no region holds.
        BitSet retired() {
            BitSet retired = (BitSet) inUse.clone();
            live.values().forEach(retired::andNot);
            return retired;
        }
    }

    static MapFaultState of(FaultRig rig) {
        Map<Integer, SlabState> slabs = new TreeMap<>();
        for (Slab slab : rig.table.slabs()) {
            slabs.put(rig.slabs.lastIndexOf(slab.range.start()), of(slab));
        }
        return new MapFaultState(slabs, rig.table.keys().size());
    }

    private static SlabState of(Slab slab) {
        ExecutorAddress start = slab.range.start();
        Map<Integer, BitSet> live = new TreeMap<>();
        Map<Integer, ByteBuffer> bytes = new TreeMap<>();
        for (Region region : slab.live) {
            BitSet pages = pages(start, region.pages);
            live.put(pageOf(start, region.key), pages);
            pages.stream().forEach(page -> bytes.put(page, bytes(start.plus(page * PAGE))));
        }
        return new SlabState(
                pages(start, slab.inUse()),
                live,
                slab.busy.isEmpty() && !slab.releasing,
                protections(slab.range),
                bytes);
    }

    /// The pages of ranges.
    static BitSet pages(ExecutorAddress slab, List<ExecutorAddressRange> ranges) {
        BitSet pages = new BitSet();
        for (ExecutorAddressRange range : ranges) {
            pages.set(pageOf(slab, range.start()), pageOf(slab, range.end()));
        }
        return pages;
    }

    static int pageOf(ExecutorAddress slab, ExecutorAddress address) {
        return (int) ((address.value() - slab.value()) / PAGE);
    }

    private static List<String> protections(ExecutorAddressRange slab) {
        List<String> protections = new ArrayList<>();
        for (String part : Maps.within(slab.start(), slab.sizeBytes())) {
            int plus = part.indexOf('+');
            int space = part.indexOf(' ');
            long from = Long.parseLong(part.substring(0, plus), 16);
            if (from != protections.size() * PAGE) {
                throw new AssertionError("there is a hole in slab " + slab + " before " + part);
            }
            for (long left = Long.parseLong(part.substring(plus + 1, space), 16); left > 0; left -= PAGE) {
                protections.add(part.substring(space + 1));
            }
        }
        return protections;
    }

    private static ByteBuffer bytes(ExecutorAddress page) {
        byte[] bytes = new byte[(int) PAGE];
        long read = SystemCalls.real().readMemory(page.value(), MemorySegment.ofArray(bytes), 0, PAGE);
        return ByteBuffer.wrap(bytes, 0, (int) Math.max(read, 0));
    }
}
