// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.orcrt.api.Task;
import org.orcrt.spi.DispatcherLimits;

/// Runs the calls that may run foreign code. A thread of such a call may wait for the controller, which may wait for a
/// further call: with all threads waiting nobody would ever run that. So if all of them wait, and none has begun or
/// ended to wait for a while, the calls that wait for a thread are refused. They are not refused at once, because 64
/// threads may well ask the controller at the same time and each get its answer.
final class OwnThreadDispatcher extends ThreadPerCallTaskDispatcher {

    private static final long WATCH_STACK_BYTES = 256 << 10;

    private final int maxRunning;
    private final long boundNs;
    private final Consumer<Task> onStalled;

    /// How many threads wait. Like all below guarded by this object.
    private int waiting;

    /// How often a thread began or ended to wait.
    private long moves;

    /// Whether a thread is there that looks after a stall.
    private boolean watched;

    /// @param bound how long all threads wait before tasks are refused
    /// @param onStalled takes each task that will not run
    OwnThreadDispatcher(DispatcherLimits limits, Duration bound, Consumer<Task> onStalled) {
        super(limits.maxRunning(), limits.maxQueued(), limits.stackBytes());
        this.maxRunning = limits.maxRunning();
        this.boundNs = bound.toNanos();
        this.onStalled = onStalled;
    }

    /// A thread inside a task begins to wait for the controller. [#endWait()] must follow.
    synchronized void beginWait() {
        waiting++;
        moves++;
        watchIfStalled();
    }

    synchronized void endWait() {
        waiting--;
        moves++;
    }

    @Override
    void onQueued() {
        watchIfStalled();
    }

    private boolean isStalled() {
        return !isShutDown() && waiting + abandoned() >= maxRunning && !queue().isEmpty();
    }

    /// Called with the monitor held.
    private void watchIfStalled() {
        if (watched || !isStalled()) {
            return;
        }
        Thread watcher = new Thread(null, this::watch, "orc-stalled-calls", WATCH_STACK_BYTES, false);
        watcher.setDaemon(true);
        try {
            watcher.start();
            watched = true;
        } catch (OutOfMemoryError noThread) {
            // the next call that waits, or that asks the controller, tries again
        }
    }

    private void watch() {
        takeStalled().forEach(onStalled);
    }

    /// Waits until the stall is over, one way or the other.
    ///
    /// @return the tasks to refuse
    private synchronized List<Task> takeStalled() {
        long seen = moves;
        long sinceNs = System.nanoTime();
        while (isStalled()) {
            if (seen != moves) {
                seen = moves;
                sinceNs = System.nanoTime();
            }
            long leftNs = boundNs - (System.nanoTime() - sinceNs);
            if (leftNs <= 0) {
                break;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, leftNs);
            } catch (InterruptedException nobodyDoesThat) {
                break;
            }
        }
        watched = false;
        return isStalled() ? drainQueue() : List.of();
    }
}
