// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;

/// Reserved address space and which of its pages are in use. All but the range is guarded by the slab table's lock.
final class Slab {

    final ExecutorAddressRange range;

    /// Regions that can be deinitialized.
    final Set<Region> live = new HashSet<>();

    /// Regions that some thread is initializing or deinitializing; the slab must not go meanwhile.
    final Set<Region> busy = new HashSet<>();

    /// Whether a thread is releasing this slab: nothing else begins in it.
    boolean releasing;

    /// What regions hold and what could not be emptied, in bytes.
    long initializedBytes;

    /// Ranges in use by their first address; no two overlap, none is empty.
    private final NavigableMap<ExecutorAddress, ExecutorAddressRange> inUse = new TreeMap<>();

    /// Ranges that no region gets any more, by their first address; no two overlap or touch, none is empty.
    private final NavigableMap<ExecutorAddress, ExecutorAddressRange> retired = new TreeMap<>();

    private long retiredBytes;

    Slab(ExecutorAddressRange range) {
        this.range = range;
    }

    boolean covers(ExecutorAddressRange other) {
        return range.start().compareTo(other.start()) <= 0 && other.end().compareTo(range.end()) <= 0;
    }

    /// A range in use that overlaps another.
    ///
    /// @param wanted not empty
    /// @return the highest such range, or `null` if `wanted` is free
    @Nullable ExecutorAddressRange inUseWithin(ExecutorAddressRange wanted) {
        return highestWithin(wanted, inUse);
    }

    /// A retired range that overlaps another.
    ///
    /// @param wanted not empty
    /// @return the highest such range, or `null`
    @Nullable ExecutorAddressRange retiredWithin(ExecutorAddressRange wanted) {
        return highestWithin(wanted, retired);
    }

    private static @Nullable ExecutorAddressRange highestWithin(
            ExecutorAddressRange wanted, NavigableMap<ExecutorAddress, ExecutorAddressRange> ranges) {
        Map.Entry<ExecutorAddress, ExecutorAddressRange> below = ranges.lowerEntry(wanted.end());
        return below != null && below.getValue().overlaps(wanted) ? below.getValue() : null;
    }

    long retiredBytes() {
        return retiredBytes;
    }

    void use(List<ExecutorAddressRange> ranges) {
        for (ExecutorAddressRange one : ranges) {
            inUse.put(one.start(), one);
        }
    }

    void free(List<ExecutorAddressRange> ranges) {
        for (ExecutorAddressRange one : ranges) {
            inUse.remove(one.start());
        }
    }

    /// Ranges that are in use or retired, the lowest first. For tests.
    List<ExecutorAddressRange> inUse() {
        NavigableMap<ExecutorAddress, ExecutorAddressRange> all = new TreeMap<>(inUse);
        all.putAll(retired);
        return List.copyOf(all.values());
    }

    /// Everything that is in use or retired is free.
    void freeAll() {
        inUse.clear();
        retired.clear();
        retiredBytes = 0;
    }

    /// Nothing of the slab comes ever again.
    void retireAll() {
        freeAll();
        addRetired(range);
    }

    /// Ranges in use come never again.
    void retire(List<ExecutorAddressRange> ranges) {
        free(ranges);
        ranges.forEach(this::addRetired);
    }

    private void addRetired(ExecutorAddressRange range) {
        ExecutorAddress start = range.start();
        ExecutorAddress end = range.end();
        Map.Entry<ExecutorAddress, ExecutorAddressRange> below = retired.lowerEntry(start);
        if (below != null && below.getValue().end().equals(start)) {
            start = below.getKey();
        }
        ExecutorAddressRange above = retired.remove(end);
        if (above != null) {
            end = above.end();
        }
        retired.put(start, new ExecutorAddressRange(start, end));
        retiredBytes += range.sizeBytes();
    }
}
