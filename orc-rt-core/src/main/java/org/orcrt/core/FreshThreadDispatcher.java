// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.Task;
import org.orcrt.spi.DispatcherLimits;

/// Runs each task on a thread made for it, never used again. At most so many run at once; further ones
/// queue, first in first out, up to a bound.
abstract class FreshThreadDispatcher extends TrackedDispatcher {

    private final int maxRunning;
    private final int maxQueued;

    private long started;

    FreshThreadDispatcher(DispatcherLimits limits, ErrorReporter reporter) {
        super(reporter);
        this.maxRunning = limits.maxRunning();
        this.maxQueued = limits.maxQueued();
    }

    /// Makes a thread; does not start it.
    ///
    /// @param number counts from 1
    abstract Thread made(long number, Runnable work);

    /// A task waits for a thread. Called with the monitor held.
    void onQueued() {}

    /// A thread has left its task. Called on it with the monitor held.
    void onLeft(Thread thread) {}

    @Override
    public final synchronized boolean dispatch(Task task) {
        if (isShutDown()) {
            return false;
        }
        if (running() < maxRunning) {
            return start(task);
        }
        if (queue().size() >= maxQueued) {
            return false;
        }
        queue().add(task);
        onQueued();
        return true;
    }

    private boolean start(Task task) {
        Thread thread = made(++started, () -> runAndLeave(task));
        enter(thread);
        try {
            thread.start();
            return true;
        } catch (OutOfMemoryError | RejectedExecutionException noThread) {
            // the system's limit of threads: the task was not touched
            leave(thread);
            return false;
        }
    }

    private void runAndLeave(Task task) {
        if (!runsOn(Thread.currentThread())) {
            return; // a virtual thread whose start failed may run all the same; its task was refused
        }
        run(task);
        leaveAndStartNext().forEach(this::discard);
    }

    /// @return tasks that no thread will ever come for
    private synchronized List<Task> leaveAndStartNext() {
        leave(Thread.currentThread());
        onLeft(Thread.currentThread());
        List<Task> homeless = new ArrayList<>();
        @Nullable Task next = queue().poll();
        if (next != null && !start(next)) {
            homeless.add(next);
            if (running() == 0) {
                homeless.addAll(drainQueue());
            }
        }
        return homeless;
    }
}
