// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api.memory;

import java.util.List;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ResourceManager;
import org.orcrt.api.type.Abilities;

/// Native memory for JIT'd code: reserve slabs of address space, initialize regions in them, deinitialize regions,
/// release slabs. Any thread. The allocation actions run foreign code on the calling thread, so that thread should be
/// one made for the call ([org.orcrt.api.Execution#OWN_THREAD]).
public interface NativeMemoryMap extends ResourceManager, Abilities {

    /// Reserves address space; nothing is committed.
    ///
    /// @param sizeBytes how much, unsigned; rounded up to pages; 0 reserves nothing
    /// @return the slab's first address, or null for 0 bytes
    /// @throws org.orcrt.api.MemoryMapException if the system gives none
    ExecutorAddress reserve(long sizeBytes);

    /// Puts content into a reserved slab, protects it, and runs the initialize actions. The whole request is
    /// checked first; if anything fails later, everything is undone.
    ///
    /// The region's key is the lowest address of its segments with standard lifetime. A request may have
    /// segments of finalize lifetime only: then the key is the lowest address of all, the region keeps no
    /// page once its actions have run, and it is deinitialized like any other, which runs the deinitialize
    /// actions. Its key is taken until then, even though its pages are free. A request without any segment
    /// has no key and is refused, with or without actions.
    ///
    /// @param request segments and actions
    /// @return the region's key
    /// @throws org.orcrt.api.MemoryMapException if the request is wrong or the system refuses
    ExecutorAddress initialize(InitializeRequest request);

    /// Runs a region's deinitialize actions in reverse and gives its pages back to the slab.
    ///
    /// @param key what `initialize` returned
    /// @throws org.orcrt.api.MemoryMapException if there is no such region or an action failed; the region is
    /// gone all the same
    default void deinitialize(ExecutorAddress key) {
        deinitializeAll(List.of(key));
    }

    /// Deinitializes many regions, the last first. All are attempted.
    ///
    /// @param keys what `initialize` returned
    /// @throws org.orcrt.api.MemoryMapException if any failed; the others are suppressed in the first
    void deinitializeAll(List<ExecutorAddress> keys);

    /// Deinitializes what is left in a slab, the newest region first, and gives its address space back.
    ///
    /// @param slab what `reserve` returned
    /// @throws org.orcrt.api.MemoryMapException if there is no such slab, an action failed, or the system refuses
    default void release(ExecutorAddress slab) {
        releaseAll(List.of(slab));
    }

    /// Releases many slabs, the last first. All are attempted.
    ///
    /// @param slabs what `reserve` returned
    /// @throws org.orcrt.api.MemoryMapException if any failed; the others are suppressed in the first
    void releaseAll(List<ExecutorAddress> slabs);

    /// Gives the program's memory up to the process: from now on `deinitialize` and `release` succeed and do
    /// nothing, and a shutdown frees nothing. For a program that called `exit`: its threads stand where they
    /// are for ever, with whatever locks they hold, so none of its code may run again and none of its memory
    /// may go.
    void abandon();
}
