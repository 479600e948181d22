// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

/// How much one memory map may hold at a time. What would be more is refused as a whole, with an error of kind
/// [org.orcrt.api.MemoryMapException#QUOTA] that names the option to raise; what is given back counts no more.
///
/// @param maxReservedBytes address space of all slabs together, in bytes, from 1 on
/// @param maxInitializedBytes pages that hold something, in bytes, from 1 on: those of all regions, finalize lifetime
/// included, and those that the system refused to empty
/// @param maxSlabs slabs, from 1 on
/// @param maxRegions regions, from 1 on
public record MemoryQuotas(long maxReservedBytes, long maxInitializedBytes, long maxSlabs, long maxRegions) {

    /// 1 TiB reserved in 65,536 slabs; 64 GiB initialized in 1,000,000 regions.
    public static final MemoryQuotas DEFAULT = new MemoryQuotas(1L << 40, 64L << 30, 65_536, 1_000_000);

    /// Checks that each is positive.
    public MemoryQuotas {
        checkPositive(maxReservedBytes, "maxReservedBytes");
        checkPositive(maxInitializedBytes, "maxInitializedBytes");
        checkPositive(maxSlabs, "maxSlabs");
        checkPositive(maxRegions, "maxRegions");
    }

    private static void checkPositive(long value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be positive");
        }
    }

    /// Changes how much address space slabs may take.
    ///
    /// @param bytes in bytes, from 1 on
    /// @return the changed quotas
    public MemoryQuotas withMaxReservedBytes(long bytes) {
        return new MemoryQuotas(bytes, maxInitializedBytes, maxSlabs, maxRegions);
    }

    /// Changes how much regions may hold.
    ///
    /// @param bytes in bytes, from 1 on
    /// @return the changed quotas
    public MemoryQuotas withMaxInitializedBytes(long bytes) {
        return new MemoryQuotas(maxReservedBytes, bytes, maxSlabs, maxRegions);
    }

    /// Changes how many slabs there may be.
    ///
    /// @param count from 1 on
    /// @return the changed quotas
    public MemoryQuotas withMaxSlabs(long count) {
        return new MemoryQuotas(maxReservedBytes, maxInitializedBytes, count, maxRegions);
    }

    /// Changes how many regions there may be.
    ///
    /// @param count from 1 on
    /// @return the changed quotas
    public MemoryQuotas withMaxRegions(long count) {
        return new MemoryQuotas(maxReservedBytes, maxInitializedBytes, maxSlabs, count);
    }
}
