// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.util.ArrayList;
import java.util.List;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.api.memory.Lifetime;
import org.orcrt.api.memory.SegmentRequest;

/// Where a request's segments lie, after every check that can be made without knowing what is reserved. Ranges come by
/// address and are as few as possible: no two of a list touch.
final class Layout {

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

    /// The lowest address of a segment with standard lifetime; of any segment if there is none.
    final ExecutorAddress key;

    /// From the lowest address of all segments, also the empty ones, to the highest end of a page.
    final ExecutorAddressRange span;

    /// The segments that are not empty, by address.
    final List<Piece> pieces;

    /// All pages.
    final List<ExecutorAddressRange> pages = new ArrayList<>();

    /// The pages that the region keeps.
    final List<ExecutorAddressRange> standardPages = new ArrayList<>();

    /// The pages that are free again once the initialize actions have run.
    final List<ExecutorAddressRange> finalizePages = new ArrayList<>();

    /// The pages to which content is copied.
    final List<ExecutorAddressRange> filled = new ArrayList<>();

    /// All pages with their protection.
    final List<Run> runs = new ArrayList<>();

    /// @param pieces sorted, without overlap
    /// @param sizes knows how large a page is
    Layout(ExecutorAddress key, ExecutorAddressRange span, List<Piece> pieces, Pages sizes) {
        this.key = key;
        this.span = span;
        this.pieces = pieces;
        for (Piece piece : pieces) {
            Pages.append(pages, piece.pages());
            Pages.append(piece.isFinalize() ? finalizePages : standardPages, piece.pages());
            if (piece.segment().content().byteSize() != 0) {
                Pages.append(filled, sizes.pagesOfContent(piece.segment()));
            }
            append(new Run(piece.pages(), piece.protection()));
        }
    }

    private void append(Run run) {
        if (!runs.isEmpty()
                && runs.getLast().protection() == run.protection()
                && runs.getLast().pages().end().equals(run.pages().start())) {
            ExecutorAddress start = runs.removeLast().pages().start();
            run = new Run(new ExecutorAddressRange(start, run.pages().end()), run.protection());
        }
        runs.add(run);
    }

    /// Tells whether this is what a controller makes of a `reserve(0)`: empty segments at the null address.
    boolean isNowhere() {
        return span.start().isNull() && span.end().isNull();
    }
}
