// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.util.List;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.NativeMemoryMap;
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
public final class SimpleNativeMemoryMap implements NativeMemoryMap {

    private final RequestCheck check;
    private final SlabTable table;
    private final Mappings mappings;
    private final AllocActions actions;
    private final ErrorReporter reporter;

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
        this.check = new RequestCheck(options);
        this.table = new SlabTable(options);
        this.mappings = new Mappings(calls, new Pages(options.pageSizeBytes()));
        this.actions = new AllocActions(runner, table::isAbandoned);
        this.reporter = reporter;
    }

    @Override
    public ExecutorAddress reserve(long sizeBytes) {
        if (sizeBytes == 0) {
            return ExecutorAddress.NULL;
        }
        ExecutorAddressRange range = mappings.reserve(sizeBytes);
        try {
            table.add(new Slab(range));
        } catch (MemoryMapException closed) {
            try {
                mappings.unmap(range);
            } catch (MemoryMapException lost) {
                reporter.report(lost);
            }
            throw closed;
        }
        return range.start();
    }

    @Override
    public ExecutorAddress initialize(InitializeRequest request) {
        Layout layout = check.layoutOf(request);
        if (layout.isNowhere() && request.actions().isEmpty()) {
            return ExecutorAddress.NULL; // what follows a reserve(0)
        }
        Region region = table.claim(layout);
        try {
            mappings.fill(layout);
            actions.initialize(region, request.actions());
            Failures refused = new Failures();
            mappings.giveBack(layout.finalizePages(), refused);
            refused.throwFirst();
            table.initialized(region, layout.standardPages());
        } catch (RuntimeException | Error failure) {
            takeBack(region, new Failures(failure));
            throw failure;
        }
        return region.key;
    }

    @Override
    public void deinitializeAll(List<ExecutorAddress> keys) {
        Failures failures = new Failures();
        for (ExecutorAddress key : keys.reversed()) {
            failures.attempt(() -> deinitialize(key, failures));
        }
        failures.throwFirst();
    }

    private void deinitialize(ExecutorAddress key, Failures failures) {
        if (!key.isNull() && !table.isAbandoned()) {
            takeBack(table.take(key), failures);
        }
    }

    private void takeBack(Region region, Failures failures) {
        boolean clean = false;
        try {
            actions.deinitialize(region, failures);
            clean = !table.isAbandoned() && mappings.giveBack(region.pages, failures);
        } finally {
            table.gone(region, clean);
        }
    }

    @Override
    public void releaseAll(List<ExecutorAddress> slabs) {
        Failures failures = new Failures();
        for (ExecutorAddress slab : slabs.reversed()) {
            failures.attempt(() -> release(slab, failures));
        }
        failures.throwFirst();
    }

    private void release(ExecutorAddress slab, Failures failures) {
        if (!slab.isNull() && !table.isAbandoned()) {
            release(List.of(table.beginRelease(slab)), failures);
        }
    }

    @Override
    public void detach() {
        // the code goes on running, so its memory stays
    }

    @Override
    public void shutdown() {
        if (table.isAbandoned()) {
            return;
        }
        Failures failures = new Failures();
        release(table.close(failures), failures);
        failures.throwFirst();
    }

    @Override
    public void abandon() {
        table.abandon();
    }

    /// Deinitializes all regions of slabs that this thread has closed, the newest first over all slabs, then unmaps
    /// the slabs. The pages go with the mapping, so they are not emptied one region at a time.
    private void release(List<Slab> slabs, Failures failures) {
        for (Region region : table.newestFirst(slabs)) {
            if (table.isAbandoned()) {
                return;
            }
            table.take(region);
            try {
                actions.deinitialize(region, failures);
            } finally {
                table.gone(region, false);
            }
        }
        for (Slab slab : slabs) {
            if (table.isAbandoned()) {
                return;
            }
            unmap(slab, failures);
        }
    }

    private void unmap(Slab slab, Failures failures) {
        table.unmapping(slab);
        if (!failures.attempt(() -> mappings.unmap(slab.range))) {
            table.keep(slab, mappings.giveBack(List.of(slab.range), failures));
        }
    }
}
