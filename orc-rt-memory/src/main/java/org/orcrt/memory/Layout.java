// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.api.memory.Lifetime;
import org.orcrt.api.memory.SegmentRequest;

/// Where a request's segments lie, after every check that can be made without knowing what is reserved.
///
/// @param key the lowest address of a segment with standard lifetime; of any segment if there is none
/// @param span from the lowest address of all segments, also the empty ones, to the highest end of a page
/// @param pieces the segments that are not empty, by address
record Layout(ExecutorAddress key, ExecutorAddressRange span, List<Piece> pieces) {

    /// A segment and the pages that it takes.
    record Piece(SegmentRequest segment, ExecutorAddressRange pages) {

        int protection() {
            return segment.group().protection();
        }

        boolean isFinalize() {
            return segment.group().lifetime() == Lifetime.FINALIZE;
        }

        @Override
        public String toString() {
            return "segment " + pages + " " + segment.group();
        }
    }

    /// Pages of one protection.
    record Run(ExecutorAddressRange pages, int protection) {}

    /// Tells whether this is what a controller makes of a `reserve(0)`: empty segments at the null address.
    boolean isNowhere() {
        return span.start().isNull() && span.end().isNull();
    }

    /// Whether there is anything to copy.
    boolean hasContent() {
        return pieces.stream().anyMatch(piece -> piece.segment().content().byteSize() != 0);
    }

    /// All pages, in as few ranges as possible.
    List<ExecutorAddressRange> pages() {
        return pages(piece -> true);
    }

    /// The pages that the region keeps.
    List<ExecutorAddressRange> standardPages() {
        return pages(piece -> !piece.isFinalize());
    }

    /// The pages that are free again once the initialize actions have run.
    List<ExecutorAddressRange> finalizePages() {
        return pages(Piece::isFinalize);
    }

    private List<ExecutorAddressRange> pages(Predicate<Piece> wanted) {
        return Pages.join(pieces.stream().filter(wanted).map(Piece::pages).toList());
    }

    /// All pages with their protection, in as few runs as possible.
    List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        for (Piece piece : pieces) {
            Run run = new Run(piece.pages(), piece.protection());
            if (!runs.isEmpty()
                    && runs.getLast().protection() == run.protection()
                    && runs.getLast().pages().end().equals(run.pages().start())) {
                ExecutorAddress start = runs.removeLast().pages().start();
                run = new Run(new ExecutorAddressRange(start, run.pages().end()), run.protection());
            }
            runs.add(run);
        }
        return runs;
    }
}
