// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.Task;
import org.orcrt.spi.DispatcherLimits;

/// Runs tasks on a few platform threads that are used again and again, first in first out. A thread is
/// started when a task finds none free, and ends when it was idle for a while, so that an idle dispatcher
/// holds no thread.
///
/// No function may run on it that leaves thread-local data with destructors behind: they would run when the
/// thread ends, maybe after their code was released (ADR 0012).
final class ThreadPoolTaskDispatcher extends TrackedDispatcher {

    /// How long a thread waits for another task.
    static final Duration IDLE = Duration.ofSeconds(10);

    private final DispatcherLimits limits;
    private final long idleNs;

    /// All guarded by this object.
    private int threads;

    /// Threads that run no task: each comes for a task in the queue, if there is one.
    private int free;

    private long started;

    ThreadPoolTaskDispatcher(DispatcherLimits limits, ErrorReporter reporter, Duration idle) {
        super(reporter);
        this.limits = limits;
        this.idleNs = TimeUnit.NANOSECONDS.convert(idle);
    }

    @Override
    public synchronized boolean dispatch(Task task) {
        if (isShutDown()) {
            return false;
        }
        if (queue().size() < free) {
            queue().add(task);
            notify(); // before the end only free threads wait here
            return true;
        }
        if (threads < limits.maxRunning()) {
            return start() && queue().add(task);
        }
        return queue().size() - free < limits.maxQueued() && queue().add(task);
    }

    /// How many threads there are, idle ones counted.
    synchronized int threads() {
        return threads;
    }

    private boolean start() {
        Thread thread = new Thread(null, this::work, "orc-pool-" + ++started, limits.stackBytes(), false);
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError noThread) {
            return false; // the system's limit of threads
        }
        threads++;
        free++;
        return true;
    }

    private void work() {
        for (@Nullable Task task = next(); task != null; task = next()) {
            run(task);
            Thread.interrupted(); // it was meant for that task, not for the next
            synchronized (this) {
                leave(Thread.currentThread());
                free++;
            }
        }
    }

    /// @return `null` if this thread is to end: it is no longer counted
    private synchronized @Nullable Task next() {
        long deadlineNs = System.nanoTime() + idleNs;
        while (queue().isEmpty()) {
            long leftNs = deadlineNs - System.nanoTime();
            if (isShutDown() || leftNs <= 0) {
                threads--;
                free--;
                return null;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, leftNs);
            } catch (InterruptedException meantForATask) {
                // it came late: that task has ended
            }
        }
        free--;
        enter(Thread.currentThread());
        return queue().poll();
    }
}
