// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.memory.NativeMemoryMap;
import org.orcrt.ffm.NativeMemory;

/// Which memory map an instance address means. A controller gets the address once and sends it with every call, so that
/// one wrapper function serves all sessions of the process. Any thread.
public final class MemoryInstances {

    private static final int CELL_BYTES = 16;

    private static final Map<Long, NativeMemoryMap> MAPS = new ConcurrentHashMap<>();

    private MemoryInstances() {}

    /// Gives a memory map an address that no other one has.
    ///
    /// @param map the memory map
    /// @return its address, not null; nothing is to be read there
    public static ExecutorAddress register(NativeMemoryMap map) {
        long cell = NativeMemory.malloc(CELL_BYTES); // the C heap gives no address twice
        MAPS.put(cell, map);
        return new ExecutorAddress(cell);
    }

    /// Takes an address back. It may come again.
    ///
    /// @param instance what `register` returned; any other address does nothing
    public static void unregister(ExecutorAddress instance) {
        if (MAPS.remove(instance.value()) != null) {
            NativeMemory.free(instance.value());
        }
    }

    /// Finds a memory map.
    ///
    /// @param instance any number
    /// @return the memory map with that address, or `null`
    public static @Nullable NativeMemoryMap at(long instance) {
        return MAPS.get(instance);
    }
}
