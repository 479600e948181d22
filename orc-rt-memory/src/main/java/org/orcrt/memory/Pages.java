// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

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

    /// The pages of a segment that its content covers, the last one maybe in part.
    ExecutorAddressRange pagesOfContent(SegmentRequest segment) {
        long sizeBytes = roundUp(segment.content().byteSize());
        return new ExecutorAddressRange(segment.address(), segment.address().plus(sizeBytes));
    }

    /// How long ranges are together, in bytes.
    static long bytesOf(List<ExecutorAddressRange> ranges) {
        long bytes = 0;
        for (ExecutorAddressRange range : ranges) {
            bytes += range.sizeBytes();
        }
        return bytes;
    }

    /// Adds a range above all others, and joins it with the last one if they touch.
    static void append(List<ExecutorAddressRange> ranges, ExecutorAddressRange range) {
        if (!ranges.isEmpty() && ranges.getLast().end().equals(range.start())) {
            range = new ExecutorAddressRange(ranges.removeLast().start(), range.end());
        }
        ranges.add(range);
    }
}
