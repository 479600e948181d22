// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api.memory;

import java.util.List;

/// What one `initialize` does: all of it or nothing.
///
/// @param segments what goes where
/// @param actions run in this order after all segments are in place
public record InitializeRequest(List<SegmentRequest> segments, List<AllocActionPair> actions) {

    /// Copies both lists.
    public InitializeRequest {
        segments = List.copyOf(segments);
        actions = List.copyOf(actions);
    }
}
