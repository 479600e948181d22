// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.InitializeRequest;

/// What a memory map does, whatever its slabs are made of: checks a request without touching anything, claims the
/// pages, has them filled and protected, runs the allocation actions, and can take every step back.
final class SlabMemory {

    private final RequestCheck check;
    private final SlabTable table;
    private final Mappings mappings;
    private final AllocActions actions;
    private final ErrorReporter reporter;

    SlabMemory(MemoryMapOptions options, Mappings mappings, AllocActionRunner runner, ErrorReporter reporter) {
        this.check = new RequestCheck(options);
        this.table = new SlabTable(options);
        this.mappings = mappings;
        this.actions = new AllocActions(runner, table::isAbandoned);
        this.reporter = reporter;
    }

    ExecutorAddress reserve(long sizeBytes) {
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

    /// Initializes a region.
    ///
    /// @param within the slab that it must lie in, or `null` for any
    ExecutorAddress initialize(@Nullable ExecutorAddress within, InitializeRequest request) {
        Layout layout = check.layoutOf(request);
        if (layout.isNowhere() && request.actions().isEmpty()) {
            return ExecutorAddress.NULL; // what follows a reserve(0)
        }
        Region region = table.claim(within, layout);
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

    void deinitializeAll(List<ExecutorAddress> keys) {
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

    void releaseAll(List<ExecutorAddress> slabs) {
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

    void shutdown() {
        if (table.isAbandoned()) {
            return;
        }
        Failures failures = new Failures();
        release(table.close(failures), failures);
        failures.throwFirst();
    }

    void abandon() {
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
