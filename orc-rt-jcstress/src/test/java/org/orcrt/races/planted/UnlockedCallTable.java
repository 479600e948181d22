// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races.planted;

import java.util.Arrays;
import org.orcrt.races.CallTable;
import org.orcrt.races.Planted;

/// Planted: a look and a removal in two steps, and a count that is not kept with what it counts.
public final class UnlockedCallTable implements CallTable {

    private static final int PLACES = 8;

    private final long[] contexts = new long[PLACES];
    private long nextId;
    private int count;

    /// An empty table.
    public UnlockedCallTable() {
        Arrays.fill(contexts, NOTHING);
    }

    @Override
    public long add(long context) {
        long id = nextId;
        int before = count;
        Planted.window();
        contexts[(int) id % PLACES] = context;
        nextId = id + 1;
        count = before + 1;
        return id;
    }

    @Override
    public long take(long id) {
        return id < nextId ? takePlace((int) id % PLACES) : NOTHING;
    }

    @Override
    public long takeAny() {
        for (int place = 0; count > 0 && place < PLACES; place++) {
            if (contexts[place] != NOTHING) {
                return takePlace(place);
            }
        }
        return NOTHING;
    }

    private long takePlace(int place) {
        long context = contexts[place];
        if (context == NOTHING) {
            return NOTHING;
        }
        int before = count;
        Planted.window();
        contexts[place] = NOTHING;
        count = before - 1;
        return context;
    }
}
