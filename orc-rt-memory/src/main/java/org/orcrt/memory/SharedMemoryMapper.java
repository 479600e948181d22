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

/// The memory map over POSIX shared memory: a controller on the same machine maps a slab too, by its name, and writes
/// content there itself.
///
/// It is a [SimpleNativeMemoryMap] in all but this: a reserved slab has a [name][#nameOf]; what a segment's content
/// does
/// not cover is what the controller has written there, at first zero; pages are zero again, in both processes, after
/// a deinitialize and after an initialize that failed. Nothing is writable and executable at once in this process; what
/// the controller's own mapping allows, it decides.
///
/// The controller takes a slab's name away once it has mapped it, so that nobody else can. A name that is still there
/// goes with the slab, and at the latest when the controller is gone.
///
/// A page takes room in `/dev/shm` when it is first written. When there is none left, the system ends whoever writes,
/// controller or JIT'd code, with `SIGBUS`.
public final class SharedMemoryMapper implements NativeMemoryMap, WatchedMemory {

    private final SharedObjects objects;
    final SlabMemory memory;

    /// Makes a map without slabs.
    ///
    /// @param options page size and limits
    /// @param runner runs allocation actions
    /// @param reporter hears of address space or names that are lost where no caller can be told
    public SharedMemoryMapper(MemoryMapOptions options, AllocActionRunner runner, ErrorReporter reporter) {
        this(options, runner, reporter, SystemCalls.real());
    }

    SharedMemoryMapper(MemoryMapOptions options, AllocActionRunner runner, ErrorReporter reporter, SystemCalls calls) {
        objects = new SharedObjects(calls, reporter);
        memory = new SlabMemory(options, new SharedMappings(calls, objects), runner, reporter);
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

    /// Says by which name another process finds a slab.
    ///
    /// @param slab what `reserve` returned
    /// @return what `shm_open` takes: `/jitlink_`, this process's id, `_`, a number
    /// @throws org.orcrt.api.MemoryMapException if there is no such slab, or the controller is gone
    public String nameOf(ExecutorAddress slab) {
        return objects.nameOf(slab);
    }

    @Override
    public ExecutorAddress initialize(InitializeRequest request) {
        return memory.initialize(null, request);
    }

    /// Protects what the controller has put into a slab, as [#initialize(InitializeRequest)] does, and
    /// checks that it is
    /// that slab.
    ///
    /// @param slab what `reserve` returned
    /// @param request segments, usually without content, and actions
    /// @return the region's key
    /// @throws org.orcrt.api.MemoryMapException if the request is wrong or the system refuses
    public ExecutorAddress initialize(ExecutorAddress slab, InitializeRequest request) {
        return memory.initialize(slab, request);
    }

    @Override
    public void deinitializeAll(List<ExecutorAddress> keys) {
        memory.deinitializeAll(keys);
    }

    @Override
    public void releaseAll(List<ExecutorAddress> slabs) {
        memory.releaseAll(slabs);
    }

    /// The code goes on running, so its memory stays; but nobody will map it by name any more.
    @Override
    public void detach() {
        objects.unlinkAll();
    }

    @Override
    public void shutdown() {
        try {
            memory.shutdown();
        } finally {
            objects.unlinkAll();
        }
    }

    @Override
    public void abandon() {
        memory.abandon();
    }
}
