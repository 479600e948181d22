// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.orcrt.api.MemoryMapException.KIND;
import static org.orcrt.api.MemoryMapException.MISALIGNED;
import static org.orcrt.api.MemoryMapException.OVERLAP;
import static org.orcrt.api.MemoryMapException.SIZE_OVERFLOW;
import static org.orcrt.api.MemoryMapException.WRITE_EXECUTE;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.AllocGroup;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.Lifetime;
import org.orcrt.api.memory.SegmentRequest;
import org.orcrt.api.type.TypeId;
import org.orcrt.memory.Layout.Piece;

/// Checks a request as far as that can be done without knowing what is reserved. Touches nothing.
final class RequestCheck {

    private final Pages pages;
    private final boolean allowWriteExecute;

    RequestCheck(MemoryMapOptions options) {
        this.pages = new Pages(options.pageSizeBytes());
        this.allowWriteExecute = options.allowWriteExecute();
    }

    /// Lays the segments out.
    ///
    /// @throws org.orcrt.api.MemoryMapException naming the first segment that is wrong
    Layout layoutOf(InitializeRequest request) {
        ExecutorAddress lowestStandard = null;
        ExecutorAddressRange span = null;
        List<Piece> pieces = new ArrayList<>(request.segments().size());
        for (SegmentRequest segment : request.segments()) {
            check(segment);
            Piece piece = new Piece(segment, pages.pagesOf(segment));
            span = span == null ? piece.pages() : hull(span, piece.pages());
            if (segment.group().lifetime() == Lifetime.STANDARD
                    && (lowestStandard == null || segment.address().compareTo(lowestStandard) < 0)) {
                lowestStandard = segment.address();
            }
            if (segment.sizeBytes() != 0) {
                pieces.add(piece);
            }
        }
        if (span == null) {
            throw new MemoryMapException(
                    KIND, "initialize needs at least one segment: the lowest address is the region's key");
        }
        // LLVM's executor takes a request of finalize lifetime only, and then the lowest address is the key there, too
        ExecutorAddress key = lowestStandard == null ? span.start() : lowestStandard;
        pieces.sort(Comparator.comparing(piece -> piece.pages().start()));
        checkOverlap(pieces);
        return new Layout(key, span, pieces, pages);
    }

    private void check(SegmentRequest segment) {
        AllocGroup group = segment.group();
        if (!pages.isAligned(segment.address())) {
            throw wrong(MISALIGNED, segment, "does not start at a page");
        }
        if (!pages.fits(segment)) {
            throw wrong(SIZE_OVERFLOW, segment, "ends beyond 2^64");
        }
        if (Long.compareUnsigned(segment.content().byteSize(), segment.sizeBytes()) > 0) {
            throw wrong(
                    SIZE_OVERFLOW,
                    segment,
                    "is shorter than its content of " + segment.content().byteSize() + " bytes");
        }
        if (group.writable() && group.executable() && !allowWriteExecute) {
            throw wrong(WRITE_EXECUTE, segment, "asks for both write and execute, which this executor does not allow");
        }
    }

    private static void checkOverlap(List<Piece> sorted) {
        Piece last = null;
        for (Piece piece : sorted) {
            if (last != null && last.pages().overlaps(piece.pages())) {
                throw new MemoryMapException(OVERLAP, "initialize: " + last + " and " + piece + " share a page");
            }
            last = piece;
        }
    }

    private static ExecutorAddressRange hull(ExecutorAddressRange a, ExecutorAddressRange b) {
        return new ExecutorAddressRange(
                a.start().compareTo(b.start()) <= 0 ? a.start() : b.start(),
                a.end().compareTo(b.end()) >= 0 ? a.end() : b.end());
    }

    private static MemoryMapException wrong(TypeId kind, SegmentRequest segment, String what) {
        return new MemoryMapException(
                kind,
                "initialize: segment of 0x%x bytes at %s (%s) %s"
                        .formatted(segment.sizeBytes(), segment.address(), segment.group(), what));
    }
}
