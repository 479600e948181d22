// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.orcrt.api.Task;

/// Counts what became of many small tasks.
final class Ledger {

    private static final int DISCARD = 1 << 16;

    private final AtomicIntegerArray entries;

    Ledger(int tasks) {
        entries = new AtomicIntegerArray(tasks);
    }

    /// A task that is counted, once, when it is run and when it is discarded.
    Task task(int index, Runnable work) {
        return new Task() {
            @Override
            public void run() {
                entries.incrementAndGet(index);
                work.run();
            }

            @Override
            public void discard() {
                entries.addAndGet(index, DISCARD);
            }
        };
    }

    int runs(int index) {
        return entries.get(index) % DISCARD;
    }

    int discards(int index) {
        return entries.get(index) / DISCARD;
    }
}
