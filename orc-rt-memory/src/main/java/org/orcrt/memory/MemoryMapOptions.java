// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.time.Duration;

/// How a [SimpleNativeMemoryMap] or a [SharedMemoryMapper] behaves.
///
/// @param pageSizeBytes the page size that the controller was told, a power of two
/// @param allowWriteExecute whether memory may be writable and executable at once
/// @param releaseTimeout how long a release waits for an initialize or deinitialize in the same slab
public record MemoryMapOptions(long pageSizeBytes, boolean allowWriteExecute, Duration releaseTimeout) {

    /// Checks the page size.
    public MemoryMapOptions {
        if (pageSizeBytes <= 0 || Long.bitCount(pageSizeBytes) != 1) {
            throw new IllegalArgumentException("pageSizeBytes is not a power of two: " + pageSizeBytes);
        }
    }

    /// No memory is writable and executable at once; a release waits for at most 30 seconds.
    ///
    /// @param pageSizeBytes the page size, a power of two
    /// @return the options
    public static MemoryMapOptions forPageSize(long pageSizeBytes) {
        return new MemoryMapOptions(pageSizeBytes, false, Duration.ofSeconds(30));
    }

    /// Changes whether memory may be writable and executable at once.
    ///
    /// @param allowed whether it may
    /// @return the changed options
    public MemoryMapOptions withWriteExecute(boolean allowed) {
        return new MemoryMapOptions(pageSizeBytes, allowed, releaseTimeout);
    }

    /// Changes how long a release waits.
    ///
    /// @param timeout at most so long
    /// @return the changed options
    public MemoryMapOptions withReleaseTimeout(Duration timeout) {
        return new MemoryMapOptions(pageSizeBytes, allowWriteExecute, timeout);
    }
}
