// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.ffm.Errno;

/// What a memory map does, whatever its slabs are made of: checks a request without touching anything, claims the
/// pages, has them filled and protected, runs the allocation actions, and can take every step back.
final class SlabMemory {

    private final RequestCheck check;
    final SlabTable table;
    private final Mappings mappings;
    private final AllocActions actions;
    private final ErrorReporter reporter;
    private final Pages pages;
    private final MemoryEvents events;

    SlabMemory(MemoryMapOptions options, Mappings mappings, AllocActionRunner runner, ErrorReporter reporter) {
        this.pages = new Pages(options.pageSizeBytes());
        this.events = new MemoryEvents(mappings.kind());
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
        OperationWatch watch = events.reserve();
        watch.isAbout(ExecutorAddress.NULL, sizeBytes);
        try {
            ExecutorAddressRange slab = reserveSlab(sizeBytes);
            watch.isAbout(slab.start(), slab.sizeBytes());
            ended(watch, null);
            return slab.start();
        } catch (RuntimeException | Error failure) {
            ended(watch, failure);
            throw failure;
        }
    }

    private ExecutorAddressRange reserveSlab(long sizeBytes) {
        long bytes = pages.roundUp(sizeBytes);
        if (bytes == 0) {
            throw Mappings.refused("mmap", sizeBytes, -Errno.ENOMEM, Mappings.TOO_MUCH); // 2^64
        }
        table.admit(bytes);
        ExecutorAddressRange range = null;
        try {
            range = mappings.reserve(bytes, sizeBytes);
            table.add(new Slab(range));
            return range;
        } catch (RuntimeException | Error failure) {
            if (range == null || takesBack(range)) {
                table.dismiss(bytes);
            }
            throw failure;
        }
    }

    /// Gives the system back what the table would not have.
    ///
    /// @return whether the system took it; if not, it still counts
    private boolean takesBack(ExecutorAddressRange range) {
        try {
            mappings.unmap(range);
            return true;
        } catch (MemoryMapException lost) {
            reporter.report(lost);
            return false;
        }
    }

    /// Initializes a region.
    ///
    /// @param within the slab that it must lie in, or `null` for any
    ExecutorAddress initialize(@Nullable ExecutorAddress within, InitializeRequest request) {
        OperationWatch watch = events.initialize();
        try {
            ExecutorAddress key = initialize(within, request, watch);
            ended(watch, null);
            return key;
        } catch (RuntimeException | Error failure) {
            ended(watch, failure);
            throw failure;
        }
    }

    private ExecutorAddress initialize(
            @Nullable ExecutorAddress within, InitializeRequest request, OperationWatch watch) {
        Layout layout = check.layoutOf(request);
        if (layout.isNowhere() && request.actions().isEmpty()) {
            return ExecutorAddress.NULL; // what follows a reserve(0)
        }
        watch.isAbout(layout.key, 0);
        Region region = table.claim(within, layout);
        watch.isAbout(region.key, Pages.bytesOf(region.pages));
        try {
            mappings.fill(layout);
            if (!request.actions().isEmpty()) {
                table.showing(region);
            }
            actions.initialize(region, request.actions());
            Failures refused = new Failures();
            mappings.giveBack(layout.finalizePages, refused);
            refused.throwFirst();
            table.initialized(region, layout);
        } catch (RuntimeException | Error failure) {
            takeBack(region, new Failures(failure));
            throw failure;
        }
        return region.key;
    }

    void deinitializeAll(List<ExecutorAddress> keys) {
        actions.awaitCode();
        Failures failures = new Failures();
        for (ExecutorAddress key : keys.reversed()) {
            deinitialize(key, failures);
        }
        failures.throwFirst();
    }

    private void deinitialize(ExecutorAddress key, Failures failures) {
        if (key.isNull() || table.isAbandoned()) {
            return;
        }
        OperationWatch watch = events.deinitialize();
        watch.isAbout(key, 0);
        long before = failures.count();
        try {
            failures.attempt(() -> {
                Region region = table.take(key);
                watch.isAbout(key, Pages.bytesOf(region.pages));
                takeBack(region, failures);
            });
        } finally {
            ended(watch, failures.since(before));
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
        actions.awaitCode();
        Failures failures = new Failures();
        for (ExecutorAddress slab : slabs.reversed()) {
            release(slab, failures);
        }
        failures.throwFirst();
    }

    private void release(ExecutorAddress start, Failures failures) {
        if (start.isNull() || table.isAbandoned()) {
            return;
        }
        OperationWatch watch = events.release();
        watch.isAbout(start, 0);
        long before = failures.count();
        try {
            failures.attempt(() -> {
                Slab slab = table.beginRelease(start);
                watch.isAbout(start, slab.range.sizeBytes());
                deinitializeIn(List.of(slab), failures);
                unmap(slab, failures);
            });
        } finally {
            ended(watch, failures.since(before));
        }
    }

    void shutdown() {
        if (table.isAbandoned()) {
            return;
        }
        Failures failures = new Failures();
        List<Slab> slabs = table.close(failures);
        deinitializeIn(slabs, failures);
        for (Slab slab : slabs) {
            if (table.isAbandoned()) {
                break;
            }
            OperationWatch watch = events.release();
            watch.isAbout(slab.range.start(), slab.range.sizeBytes());
            long before = failures.count();
            try {
                unmap(slab, failures);
            } finally {
                ended(watch, failures.since(before));
            }
        }
        failures.throwFirst();
    }

    void abandon() {
        table.abandon();
    }

    /// Deinitializes all regions of slabs that this thread has closed, the newest first over all slabs. The
    /// pages will go with the mapping, so they are not emptied one region at a time.
    private void deinitializeIn(List<Slab> slabs, Failures failures) {
        for (Region region : table.newestFirst(slabs)) {
            if (table.isAbandoned()) {
                return;
            }
            table.take(region);
            OperationWatch watch = events.deinitialize();
            watch.isAbout(region.key, Pages.bytesOf(region.pages));
            long before = failures.count();
            try {
                actions.deinitialize(region, failures);
            } finally {
                table.gone(region, false);
                ended(watch, failures.since(before));
            }
        }
    }

    private void unmap(Slab slab, Failures failures) {
        if (table.isAbandoned()) {
            return;
        }
        table.unmapping(slab);
        if (failures.attempt(() -> mappings.unmap(slab.range))) {
            table.unmapped(slab);
        } else {
            table.keep(slab, mappings.giveBack(List.of(slab.range), failures));
        }
    }

    private void ended(OperationWatch watch, @Nullable Throwable failure) {
        if (failure != null) {
            table.failed();
        }
        watch.ended(failure);
    }

    MemoryStatistics statistics() {
        return table.statistics();
    }

    MemoryEvents events() {
        return events;
    }
}
