// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import org.orcrt.api.MemoryMapException;

/// How much a memory map holds, held against its quotas, and what it has done. Guarded by the slab table's lock. Who
/// takes something out says so only once it is out: a mapping that the system does not take back still counts.
final class Ledger {

    private final MemoryQuotas quotas;

    private long slabs;
    private long reservedBytes;
    private long regions;
    private long initializedBytes;

    private long reserves;
    private long initializes;
    private long deinitializes;
    private long releases;
    private long failures;

    Ledger(MemoryQuotas quotas) {
        this.quotas = quotas;
    }

    /// Takes a slab in, before it is mapped.
    ///
    /// @param bytes its size, unsigned
    /// @throws org.orcrt.api.MemoryMapException if that is more than a quota allows
    void admitSlab(long bytes) {
        if (slabs >= quotas.maxSlabs()) {
            throw refused("reserve: there are %d slabs, and the quota is %d; release some or raise option %s"
                    .formatted(slabs, quotas.maxSlabs(), MemoryPlugin.MAX_SLABS));
        }
        if (exceeds(bytes, reservedBytes, quotas.maxReservedBytes())) {
            throw refused(
                    "reserve of 0x%x bytes: %d bytes are reserved, and the quota is %d; release some or raise option %s"
                            .formatted(
                                    bytes, reservedBytes, quotas.maxReservedBytes(), MemoryPlugin.MAX_RESERVED_BYTES));
        }
        slabs++;
        reservedBytes += bytes;
    }

    /// An admitted slab is mapped.
    void reserved() {
        reserves++;
    }

    /// An admitted slab is not mapped, or no more.
    void dismissSlab(long bytes) {
        slabs--;
        reservedBytes -= bytes;
    }

    /// A slab was released.
    void released(long bytes) {
        dismissSlab(bytes);
        releases++;
    }

    /// Takes a region in, before anything is put there.
    ///
    /// @param bytes the size of its pages, finalize lifetime included
    /// @throws org.orcrt.api.MemoryMapException if that is more than a quota allows
    void admitRegion(long bytes) {
        if (regions >= quotas.maxRegions()) {
            throw refused("initialize: there are %d regions, and the quota is %d; deinitialize some or raise option %s"
                    .formatted(regions, quotas.maxRegions(), MemoryPlugin.MAX_REGIONS));
        }
        if (exceeds(bytes, initializedBytes, quotas.maxInitializedBytes())) {
            throw refused(
                    "initialize of 0x%x bytes: %d bytes are initialized, and the quota is %d; deinitialize some or raise option %s"
                            .formatted(
                                    bytes,
                                    initializedBytes,
                                    quotas.maxInitializedBytes(),
                                    MemoryPlugin.MAX_INITIALIZED_BYTES));
        }
        regions++;
        initializedBytes += bytes;
    }

    /// A region is complete.
    void initialized() {
        initializes++;
    }

    /// Pages hold nothing any more.
    void emptied(long bytes) {
        initializedBytes -= bytes;
    }

    /// A region is no more. Its pages are told of by [#emptied].
    ///
    /// @param wasLive whether it was deinitialized, and not given up half-made
    void regionGone(boolean wasLive) {
        regions--;
        deinitializes += wasLive ? 1 : 0;
    }

    /// An operation ended with an error.
    void failed() {
        failures++;
    }

    MemoryStatistics snapshot(long retiredBytes) {
        return new MemoryStatistics(
                slabs,
                reservedBytes,
                retiredBytes,
                regions,
                initializedBytes,
                reserves,
                initializes,
                deinitializes,
                releases,
                failures,
                quotas);
    }

    private static boolean exceeds(long wanted, long held, long quota) {
        return Long.compareUnsigned(wanted, quota - held) > 0;
    }

    private static MemoryMapException refused(String text) {
        return new MemoryMapException(MemoryMapException.QUOTA, text);
    }
}
