// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.util.LinkedHashSet;
import java.util.Set;

/// Calls that were given up while their answer is still on its way. Bounded: if there are too many, the oldest is
/// forgotten, and from then on an answer of that age can no longer be told from one that nobody asked for, so it counts
/// as late, too. Guarded by its table's lock.
final class LateReplies {

    private final long firstId;
    private final int bound;

    /// In the order in which they were given up.
    private final Set<Long> expected = new LinkedHashSet<>();

    /// How many numbers, from the first on, count as given up, because one of them was forgotten.
    private long forgotten;

    private long count;

    /// @param firstId the lowest number of a call
    /// @param bound how many are remembered
    LateReplies(long firstId, int bound) {
        this.firstId = firstId;
        this.bound = bound;
    }

    void expect(long id) {
        if (expected.size() >= bound) {
            long oldest = expected.iterator().next();
            expected.remove(oldest);
            forgotten = Math.max(forgotten, oldest - firstId + 1);
        }
        expected.add(id);
    }

    /// An answer came for a call that does not wait.
    ///
    /// @return whether it may be a late one
    boolean remove(long id) {
        boolean late = expected.remove(id) || Long.compareUnsigned(id - firstId, forgotten) < 0;
        count += late ? 1 : 0;
        return late;
    }

    long count() {
        return count;
    }
}
