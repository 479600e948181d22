// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.orcrt.api.MemoryMapException.ALREADY_RELEASED;
import static org.orcrt.api.MemoryMapException.KIND;
import static org.orcrt.api.MemoryMapException.OUT_OF_SLAB;
import static org.orcrt.api.MemoryMapException.OVERLAP;
import static org.orcrt.api.MemoryMapException.UNKNOWN_BASE;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.api.MemoryMapException;

/// What is reserved and who holds which pages: all state of a memory map, under this object's lock. Whoever wants to
/// touch pages claims or takes their region here first, works without the lock, and then says how it went. No system
/// call is made and no foreign code runs in here.
final class SlabTable {

    private enum Phase {
        /// Everything is allowed.
        OPEN,
        /// The program's memory belongs to the process: nothing comes and nothing is given back.
        ABANDONED,
        /// The session ends: nothing comes, what is there is given back.
        CLOSED
    }

    private final long releaseTimeoutNs;
    private final ReusePolicy reuse;
    private final Ledger ledger;

    /// Slabs by their first address.
    private final NavigableMap<ExecutorAddress, Slab> slabs = new TreeMap<>();

    /// Regions that are not gone, by key.
    private final Map<ExecutorAddress, Region> regions = new HashMap<>();

    private long lastOrder;

    /// Written under the lock, only away from OPEN, and from CLOSED to ABANDONED.
    private volatile Phase phase = Phase.OPEN;

    SlabTable(MemoryMapOptions options) {
        releaseTimeoutNs = options.releaseTimeout().toNanos();
        reuse = options.reuse();
        ledger = new Ledger(options.quotas());
    }

    synchronized MemoryStatistics statistics() {
        long retiredBytes = 0;
        for (Slab slab : slabs.values()) {
            retiredBytes += slab.retiredBytes();
        }
        return ledger.snapshot(retiredBytes);
    }

    /// An operation ended with an error.
    synchronized void failed() {
        ledger.failed();
    }

    boolean isAbandoned() {
        return phase == Phase.ABANDONED;
    }

    synchronized void abandon() {
        if (phase != Phase.ABANDONED) {
            phase = Phase.ABANDONED;
            notifyAll();
        }
    }

    /// Makes room for a slab that the caller is about to map. The caller then says [#add] or [#dismiss].
    ///
    /// @param bytes its size, unsigned
    /// @throws org.orcrt.api.MemoryMapException if there is no room
    synchronized void admit(long bytes) {
        checkOpen("reserve");
        ledger.admitSlab(bytes);
    }

    /// An admitted slab is not there after all.
    synchronized void dismiss(long bytes) {
        ledger.dismissSlab(bytes);
    }

    /// Adds an admitted slab that the caller has mapped.
    synchronized void add(Slab slab) {
        checkOpen("reserve");
        slabs.put(slab.range.start(), slab);
        ledger.reserved();
    }

    /// Claims the pages of a layout for the calling thread, which then says [#initialized] or [#gone].
    ///
    /// @param within the slab that the layout must lie in, or `null` for any
    /// @throws org.orcrt.api.MemoryMapException if the layout does not lie in one slab, or something is in the way
    synchronized Region claim(@Nullable ExecutorAddress within, Layout layout) {
        checkOpen("initialize");
        Slab slab = slabOf(layout);
        if (within != null && !slab.range.start().equals(within)) {
            throw new MemoryMapException(
                    OUT_OF_SLAB,
                    "initialize: segments span %s, which is in slab %s and not in the one named, %s"
                            .formatted(layout.span, slab.range, within));
        }
        if (slab.releasing) {
            throw new MemoryMapException(OUT_OF_SLAB, "initialize: slab " + slab.range + " is being released");
        }
        if (regions.containsKey(layout.key)) {
            throw new MemoryMapException(
                    OVERLAP, "initialize: region " + layout.key + " is there already; deinitialize it first");
        }
        Region region = new Region(layout.key, slab, layout.pages);
        for (ExecutorAddressRange wanted : region.pages) {
            checkFree(slab, wanted);
        }
        long bytes = Pages.bytesOf(region.pages);
        ledger.admitRegion(bytes);
        slab.initializedBytes += bytes;
        slab.use(region.pages);
        slab.busy.add(region);
        regions.put(region.key, region);
        return region;
    }

    private void checkFree(Slab slab, ExecutorAddressRange wanted) {
        ExecutorAddressRange obstacle = slab.inUseWithin(wanted);
        String why = "in use";
        if (obstacle == null) {
            obstacle = slab.retiredWithin(wanted);
            why = reuse == ReusePolicy.RETIRE
                    ? "retired, as memory.reuse=retire asks for; take pages that were never in use, or another slab"
                    : "out of use, because they could not be emptied; release the slab";
        }
        if (obstacle != null) {
            throw new MemoryMapException(
                    OVERLAP, "initialize: pages %s overlap pages %s, which are %s".formatted(wanted, obstacle, why));
        }
    }

    /// The slab of the lowest page. (An empty segment may lie at its slab's end, where another slab may begin.)
    private Slab slabOf(Layout layout) {
        ExecutorAddress lowest = layout.pieces.isEmpty()
                ? layout.span.start()
                : layout.pieces.getFirst().pages().start();
        Map.Entry<ExecutorAddress, Slab> below = slabs.floorEntry(lowest);
        if (below == null || !below.getValue().covers(layout.span)) {
            throw new MemoryMapException(
                    OUT_OF_SLAB,
                    "initialize: segments span " + layout.span + ", which is not within one reserved slab");
        }
        return below.getValue();
    }

    /// Foreign code is about to see a claimed region.
    synchronized void showing(Region region) {
        region.isKnown = true;
    }

    /// A claimed region is complete, and its pages of finalize lifetime are inaccessible and empty.
    synchronized void initialized(Region region, Layout layout) {
        if (phase == Phase.CLOSED) {
            throw new MemoryMapException(KIND, "initialize: the session ended meanwhile");
        }
        Slab slab = region.slab;
        if (!layout.finalizePages.isEmpty()) {
            slab.free(region.pages);
            if (reuse == ReusePolicy.RETIRE) {
                slab.retire(layout.finalizePages);
            }
            region.pages = layout.standardPages;
            slab.use(region.pages);
            emptied(slab, Pages.bytesOf(layout.finalizePages));
        }
        ledger.initialized();
        region.isKnown = true;
        region.order = ++lastOrder;
        region.move(Region.State.LIVE);
        slab.busy.remove(region);
        slab.live.add(region);
        notifyAll();
    }

    /// Takes a live region for the calling thread, which then says [#gone].
    ///
    /// @throws org.orcrt.api.MemoryMapException if there is none, or another thread has it
    synchronized Region take(ExecutorAddress key) {
        Region region = regions.get(key);
        if (region == null) {
            throw new MemoryMapException(
                    UNKNOWN_BASE, "deinitialize: there is no region " + key + "; only what initialize returned is one");
        }
        if (region.state() != Region.State.LIVE || region.slab.releasing) {
            throw new MemoryMapException(
                    UNKNOWN_BASE, "deinitialize: region " + key + " is being initialized, deinitialized or released");
        }
        take(region);
        return region;
    }

    /// Takes a live region of a slab that the calling thread is releasing.
    synchronized void take(Region region) {
        region.move(Region.State.DEINITIALIZING);
        region.worker = Thread.currentThread();
        region.slab.live.remove(region);
        region.slab.busy.add(region);
    }

    /// A claimed or taken region is no more.
    ///
    /// @param clean whether its pages are inaccessible and empty; if not, nobody gets them again
    synchronized void gone(Region region, boolean clean) {
        ledger.regionGone(region.state() == Region.State.DEINITIALIZING);
        region.move(Region.State.GONE);
        Slab slab = region.slab;
        slab.busy.remove(region);
        regions.remove(region.key);
        if (clean) {
            emptied(slab, Pages.bytesOf(region.pages));
        }
        if (clean && !(region.isKnown && reuse == ReusePolicy.RETIRE)) {
            slab.free(region.pages);
        } else {
            slab.retire(region.pages);
        }
        notifyAll();
    }

    private void emptied(Slab slab, long bytes) {
        slab.initializedBytes -= bytes;
        ledger.emptied(bytes);
    }

    /// Closes a slab for everyone but the calling thread, and waits until nobody works in it. The caller then says
    /// [#unmapping].
    ///
    /// @throws org.orcrt.api.MemoryMapException if there is none, another thread has it, or someone works too long
    synchronized Slab beginRelease(ExecutorAddress start) {
        Slab slab = slabs.get(start);
        if (slab == null) {
            throw new MemoryMapException(
                    ALREADY_RELEASED, "release: there is no slab " + start + "; it was released, or never reserved");
        }
        beginRelease(slab, System.nanoTime() + releaseTimeoutNs);
        return slab;
    }

    /// Closes the table, and then every slab like [#beginRelease].
    ///
    /// @param failures gets one for every slab that someone works in for too long
    /// @return the other slabs, the highest first
    synchronized List<Slab> close(Failures failures) {
        if (phase == Phase.ABANDONED) {
            return List.of(); // meanwhile: the program has exited
        }
        phase = Phase.CLOSED;
        long deadlineNs = System.nanoTime() + releaseTimeoutNs;
        List<Slab> closed = new ArrayList<>();
        for (Slab slab : List.copyOf(slabs.descendingMap().values())) {
            if (failures.attempt(() -> beginRelease(slab, deadlineNs))) {
                closed.add(slab);
            } else {
                ledger.failed();
            }
        }
        return closed;
    }

    private void beginRelease(Slab slab, long deadlineNs) {
        if (slab.releasing) {
            throw new MemoryMapException(
                    ALREADY_RELEASED, "release: slab " + slab.range + " is being released already");
        }
        slab.releasing = true;
        try {
            awaitIdle(slab, deadlineNs);
        } catch (MemoryMapException stillBusy) {
            slab.releasing = false;
            throw stillBusy;
        }
    }

    private void awaitIdle(Slab slab, long deadlineNs) {
        while (!slab.busy.isEmpty() && phase != Phase.ABANDONED) {
            Region region = slab.busy.iterator().next();
            if (slab.busy.stream().anyMatch(busy -> busy.worker == Thread.currentThread())) {
                throw busy(region, "an allocation action cannot release the slab of its own region");
            }
            long leftNs = deadlineNs - System.nanoTime();
            if (leftNs <= 0) {
                throw busy(region, "gave up waiting for its allocation actions; release the slab again later");
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, leftNs);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw busy(region, "interrupted while waiting for it; release the slab again later");
            }
        }
    }

    private static MemoryMapException busy(Region region, String why) {
        return new MemoryMapException(
                KIND, "release: %s of slab %s is %s: %s".formatted(region.key, region.slab.range, region.state(), why));
    }

    /// The regions of slabs that the calling thread is releasing, in reverse order of initialization.
    synchronized List<Region> newestFirst(Collection<Slab> slabs) {
        List<Region> newest = new ArrayList<>();
        slabs.forEach(slab -> newest.addAll(slab.live));
        newest.sort(Comparator.comparingLong((Region region) -> region.order).reversed());
        return newest;
    }

    /// The calling thread is about to unmap a slab; from now on its address may come again. The caller then says
    /// [#unmapped] or [#keep].
    synchronized void unmapping(Slab slab) {
        slabs.remove(slab.range.start());
    }

    synchronized void unmapped(Slab slab) {
        emptied(slab, slab.initializedBytes);
        ledger.released(slab.range.sizeBytes());
    }

    /// A slab that was to be released stays.
    ///
    /// @param clean whether all its pages are inaccessible and empty; if not, nobody gets any of them again
    synchronized void keep(Slab slab, boolean clean) {
        if (clean) {
            emptied(slab, slab.initializedBytes);
            if (reuse == ReusePolicy.REUSE) {
                slab.freeAll();
            }
        } else {
            slab.retireAll();
        }
        slab.releasing = false;
        slabs.put(slab.range.start(), slab);
    }

    /// The slabs that are there, the lowest first. For tests.
    synchronized List<Slab> slabs() {
        return List.copyOf(slabs.values());
    }

    /// The keys of regions that are not gone. For tests.
    synchronized Set<ExecutorAddress> keys() {
        return Set.copyOf(regions.keySet());
    }

    private void checkOpen(String operation) {
        if (phase != Phase.OPEN) {
            throw new MemoryMapException(
                    KIND,
                    operation + ": "
                            + (phase == Phase.CLOSED
                                    ? "the session has ended"
                                    : "the program has exited; its memory is left as it is"));
        }
    }
}
