// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.time.Duration;

/// How a [SimpleNativeMemoryMap] or a [SharedMemoryMapper] behaves. Made by [#forPageSize] and changed by the `with`
/// methods, so that later options break nobody.
///
/// @param pageSizeBytes the page size that the controller was told, a power of two
/// @param allowWriteExecute whether memory may be writable and executable at once
/// @param releaseTimeout how long a release waits for an initialize or deinitialize in the same slab
/// @param reuse what becomes of pages that were given back
/// @param quotas how much the map may hold
public record MemoryMapOptions(
        long pageSizeBytes,
        boolean allowWriteExecute,
        Duration releaseTimeout,
        ReusePolicy reuse,
        MemoryQuotas quotas) {

    /// Checks the page size.
    public MemoryMapOptions {
        if (pageSizeBytes <= 0 || Long.bitCount(pageSizeBytes) != 1) {
            throw new IllegalArgumentException("pageSizeBytes is not a power of two: " + pageSizeBytes);
        }
    }

    /// No memory is writable and executable at once; a release waits for at most 30 seconds; pages come again; the
    /// quotas are [MemoryQuotas#DEFAULT].
    ///
    /// @param pageSizeBytes the page size, a power of two
    /// @return the options
    public static MemoryMapOptions forPageSize(long pageSizeBytes) {
        return new MemoryMapOptions(
                pageSizeBytes, false, Duration.ofSeconds(30), ReusePolicy.REUSE, MemoryQuotas.DEFAULT);
    }

    /// Changes whether memory may be writable and executable at once.
    ///
    /// @param allowed whether it may
    /// @return the changed options
    public MemoryMapOptions withWriteExecute(boolean allowed) {
        return new MemoryMapOptions(pageSizeBytes, allowed, releaseTimeout, reuse, quotas);
    }

    /// Changes how long a release waits.
    ///
    /// @param timeout at most so long
    /// @return the changed options
    public MemoryMapOptions withReleaseTimeout(Duration timeout) {
        return new MemoryMapOptions(pageSizeBytes, allowWriteExecute, timeout, reuse, quotas);
    }

    /// Changes what becomes of pages that were given back.
    ///
    /// @param policy whether they come again
    /// @return the changed options
    public MemoryMapOptions withReuse(ReusePolicy policy) {
        return new MemoryMapOptions(pageSizeBytes, allowWriteExecute, releaseTimeout, policy, quotas);
    }

    /// Changes how much the map may hold.
    ///
    /// @param limits how much
    /// @return the changed options
    public MemoryMapOptions withQuotas(MemoryQuotas limits) {
        return new MemoryMapOptions(pageSizeBytes, allowWriteExecute, releaseTimeout, reuse, limits);
    }
}
