// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import org.jspecify.annotations.Nullable;
import org.orcrt.races.CallTable;

/// Our table of pending calls as the races see it.
final class RealCallTable implements CallTable {

    private final PendingCalls calls = new PendingCalls(8);

    @Override
    public long add(long context) {
        return calls.add((status, bytes, offset, length, mine) -> {}, context);
    }

    @Override
    public long take(long id) {
        return context(calls.take(id));
    }

    @Override
    public long takeAny() {
        return context(calls.takeAny());
    }

    private static long context(PendingCalls.@Nullable Pending taken) {
        return taken == null ? NOTHING : taken.context();
    }
}
