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

    /// Ranges in use by their first address; no two overlap, none is empty.
    private final NavigableMap<ExecutorAddress, ExecutorAddressRange> inUse = new TreeMap<>();

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
        Map.Entry<ExecutorAddress, ExecutorAddressRange> below = inUse.lowerEntry(wanted.end());
        return below != null && below.getValue().overlaps(wanted) ? below.getValue() : null;
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

    void freeAll() {
        inUse.clear();
    }
}
