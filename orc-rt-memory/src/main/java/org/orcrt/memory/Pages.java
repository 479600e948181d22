// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.util.ArrayList;
import java.util.List;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.api.memory.SegmentRequest;

/// Arithmetic on pages. All numbers are unsigned.
final class Pages {

    private final long pageSizeBytes;

    Pages(long pageSizeBytes) {
        this.pageSizeBytes = pageSizeBytes;
    }

    boolean isAligned(ExecutorAddress address) {
        return (address.value() & (pageSizeBytes - 1)) == 0;
    }

    /// Rounds up to whole pages. The result is 0 for 0, and for what would round up to 2^64.
    long roundUp(long sizeBytes) {
        return (sizeBytes + pageSizeBytes - 1) & -pageSizeBytes;
    }

    /// Tells whether a segment's last page ends below 2^64.
    boolean fits(SegmentRequest segment) {
        long sizeBytes = roundUp(segment.sizeBytes());
        return segment.sizeBytes() == 0
                || (sizeBytes != 0 && segment.address().plus(sizeBytes).compareTo(segment.address()) > 0);
    }

    /// The pages of a segment that fits and is aligned; empty if its size is 0.
    ExecutorAddressRange pagesOf(SegmentRequest segment) {
        return new ExecutorAddressRange(segment.address(), segment.address().plus(roundUp(segment.sizeBytes())));
    }

    /// How long ranges are together, in bytes.
    static long bytesOf(List<ExecutorAddressRange> ranges) {
        long bytes = 0;
        for (ExecutorAddressRange range : ranges) {
            bytes += range.sizeBytes();
        }
        return bytes;
    }

    /// Joins ranges that touch.
    ///
    /// @param sorted ranges by address, without overlap
    static List<ExecutorAddressRange> join(List<ExecutorAddressRange> sorted) {
        List<ExecutorAddressRange> joined = new ArrayList<>();
        for (ExecutorAddressRange range : sorted) {
            if (!joined.isEmpty() && joined.getLast().end().equals(range.start())) {
                range = new ExecutorAddressRange(joined.removeLast().start(), range.end());
            }
            joined.add(range);
        }
        return joined;
    }
}
