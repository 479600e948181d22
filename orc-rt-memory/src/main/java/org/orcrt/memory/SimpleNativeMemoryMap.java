// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.util.List;
import java.util.Optional;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.NativeMemoryMap;
import org.orcrt.api.type.TypeKey;
import org.orcrt.ffm.SystemCalls;

/// The memory map over anonymous mappings of this process.
///
/// Reserved pages are inaccessible and take no memory; a region's pages are writable while they are filled and then get
/// their protection, so nothing is writable and executable at once. Regions come and go in any order; pages that were
/// given back are zero when they come again.
///
/// Threads that work in different regions do not wait for each other. A release waits until nobody works in its slab,
/// and whoever comes later is refused. Allocation actions run on the calling thread and without a lock, so they may
/// call back into the map; only the slab of their own region they cannot release.
public final class SimpleNativeMemoryMap implements NativeMemoryMap, WatchedMemory {

    final SlabMemory memory;

    /// Makes a map without slabs.
    ///
    /// @param options page size and limits
    /// @param runner runs allocation actions
    /// @param reporter hears of address space that is lost where no caller can be told
    public SimpleNativeMemoryMap(MemoryMapOptions options, AllocActionRunner runner, ErrorReporter reporter) {
        this(options, runner, reporter, SystemCalls.real());
    }

    SimpleNativeMemoryMap(
            MemoryMapOptions options, AllocActionRunner runner, ErrorReporter reporter, SystemCalls calls) {
        memory = new SlabMemory(options, new PrivateMappings(calls, options.pageSizeBytes()), runner, reporter);
    }

    @Override
    public MemoryStatistics statistics() {
        return memory.statistics();
    }

    @Override
    public <A> Optional<A> ability(TypeKey<A> key) {
        return key.view(WatchedMemory.KEY.kind(), this);
    }

    MemoryEvents events() {
        return memory.events();
    }

    @Override
    public ExecutorAddress reserve(long sizeBytes) {
        return memory.reserve(sizeBytes);
    }

    @Override
    public ExecutorAddress initialize(InitializeRequest request) {
        return memory.initialize(null, request);
    }

    @Override
    public void deinitializeAll(List<ExecutorAddress> keys) {
        memory.deinitializeAll(keys);
    }

    @Override
    public void releaseAll(List<ExecutorAddress> slabs) {
        memory.releaseAll(slabs);
    }

    @Override
    public void detach() {
        // the code goes on running, so its memory stays
    }

    @Override
    public void shutdown() {
        memory.shutdown();
    }

    @Override
    public void abandon() {
        memory.abandon();
    }
}
