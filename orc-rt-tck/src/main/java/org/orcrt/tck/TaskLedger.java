// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.orcrt.api.Task;

/// Counts what became of many small tasks.
public final class TaskLedger {

    private static final int DISCARD = 1 << 16;

    private final AtomicIntegerArray entries;

    /// Makes an empty ledger.
    ///
    /// @param tasks how many tasks it is for
    public TaskLedger(int tasks) {
        entries = new AtomicIntegerArray(tasks);
    }

    /// A task that is counted when it is run and when it is discarded.
    ///
    /// @param index from 0 on
    /// @param work what it does
    /// @return the task
    public Task task(int index, Runnable work) {
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

    /// How often a task was run.
    ///
    /// @param index which task
    /// @return the count
    public int runs(int index) {
        return entries.get(index) % DISCARD;
    }

    /// How often a task was discarded.
    ///
    /// @param index which task
    /// @return the count
    public int discards(int index) {
        return entries.get(index) / DISCARD;
    }
}
