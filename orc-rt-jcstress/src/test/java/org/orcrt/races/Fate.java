// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races;

import java.util.concurrent.atomic.AtomicInteger;
import org.orcrt.api.Task;

/// A task that knows what became of it.
public final class Fate implements Task {

    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger discards = new AtomicInteger();
    private boolean accepted;

    /// Hands the task to a dispatcher.
    public void handTo(TaskRunner dispatcher) {
        accepted = dispatcher.dispatch(this);
    }

    @Override
    public void run() {
        runs.incrementAndGet();
    }

    @Override
    public void discard() {
        discards.incrementAndGet();
    }

    /// Asked when nothing moves any more.
    @Override
    public String toString() {
        int times = runs.get() + discards.get();
        if (!accepted) {
            return times == 0 ? "REFUSED" : "TOUCHED";
        }
        if (times != 1) {
            return times == 0 ? "LOST" : "TWICE";
        }
        return runs.get() == 1 ? "RUN" : "DISCARDED";
    }
}
