// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races.planted;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.orcrt.races.CallTable;
import org.orcrt.races.Planted;

/// Planted: a look and a removal in two steps, and a number that two callers may get.
public final class UnlockedCallTable implements CallTable {

    private static final int PLACES = 8;
    private static final int FREE = -1;

    private final AtomicIntegerArray told = new AtomicIntegerArray(16);
    private final int[] contexts = new int[PLACES];
    private final boolean[] givenUp = new boolean[PLACES];
    private long nextId;
    private boolean closed;

    /// An empty table.
    public UnlockedCallTable() {
        Arrays.fill(contexts, FREE);
    }

    @Override
    public long add(int context) {
        if (closed) {
            return CLOSED;
        }
        long id = nextId;
        Planted.window();
        contexts[(int) id % PLACES] = context;
        nextId = id + 1;
        return id;
    }

    @Override
    public int answer(long id) {
        int place = (int) id % PLACES;
        if (take(place)) {
            return DELIVERED;
        }
        boolean late = givenUp[place];
        givenUp[place] = false;
        return late ? LATE : UNKNOWN;
    }

    @Override
    public boolean giveUp(long id) {
        int place = (int) id % PLACES;
        boolean pending = take(place);
        if (pending) {
            Planted.window();
            givenUp[place] = true;
        }
        return pending;
    }

    @Override
    public void close() {
        for (int place = 0; place < PLACES; place++) {
            take(place);
        }
        Planted.window();
        closed = true;
    }

    @Override
    public int told(int context) {
        return told.get(context);
    }

    private boolean take(int place) {
        int context = contexts[place];
        if (context == FREE) {
            return false;
        }
        Planted.window();
        contexts[place] = FREE;
        told.incrementAndGet(context);
        return true;
    }
}
