// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// What this process has mapped through [SystemCalls] and not unmapped: in `/proc/self/maps` our mappings look like the
/// JVM's.
final class MappedMemory {

    /// Lengths in bytes, by address; guarded by itself.
    private static final NavigableMap<Long, Long> BYTES = new TreeMap<>();

    private MappedMemory() {}

    static Map<Long, Long> snapshot() {
        synchronized (BYTES) {
            return new TreeMap<>(BYTES);
        }
    }

    /// After the system has mapped it.
    static void add(long address, long lengthBytes) {
        synchronized (BYTES) {
            BYTES.put(address, lengthBytes);
        }
    }

    /// Before the system unmaps it: from then on another thread may get its address.
    ///
    /// @return what of it was ours, to be added again if the system refuses
    static Map<Long, Long> remove(long address, long lengthBytes) {
        if (lengthBytes <= 0) {
            return Map.of();
        }
        synchronized (BYTES) {
            return BYTES.remove(address, lengthBytes)
                    ? Map.of(address, lengthBytes) // what nearly everyone does
                    : cutOut(address, address + lengthBytes);
        }
    }

    private static Map<Long, Long> cutOut(long address, long end) {
        Map.Entry<Long, Long> below = BYTES.lowerEntry(address);
        boolean reachesIn = below != null && below.getKey() + below.getValue() > address;
        Map<Long, Long> touched = new TreeMap<>(BYTES.subMap(reachesIn ? below.getKey() : address, end));
        Map<Long, Long> ours = new TreeMap<>();
        touched.forEach((start, bytes) -> {
            BYTES.remove(start);
            if (start < address) {
                BYTES.put(start, address - start);
            }
            if (start + bytes > end) {
                BYTES.put(end, start + bytes - end);
            }
            long from = Math.max(start, address);
            ours.put(from, Math.min(start + bytes, end) - from);
        });
        return ours;
    }
}
