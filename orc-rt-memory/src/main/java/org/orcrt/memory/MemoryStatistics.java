// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

/// What a memory map holds at one moment, and what it has done so far. The numbers of one snapshot fit together.
///
/// @param slabs slabs that are mapped, or about to be
/// @param reservedBytes the address space of these slabs, in bytes
/// @param retiredBytes how much of it no region gets again until its slab is released, in bytes
/// @param regions regions that are being initialized, are live, or are being deinitialized
/// @param initializedBytes pages that hold something, in bytes: those of these regions, and those that the system
/// refused to empty
/// @param reserves slabs reserved so far
/// @param initializes regions initialized so far
/// @param deinitializes regions deinitialized so far, also by a release or a shutdown
/// @param releases slabs released so far, also by a shutdown
/// @param failures operations that ended with an error; each key and each slab of a list counts by itself
/// @param quotas how much there may be
public record MemoryStatistics(
        long slabs,
        long reservedBytes,
        long retiredBytes,
        long regions,
        long initializedBytes,
        long reserves,
        long initializes,
        long deinitializes,
        long releases,
        long failures,
        MemoryQuotas quotas) {}
