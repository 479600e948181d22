// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.Task;
import org.orcrt.spi.DispatcherLimits;

/// Keeps tasks until somebody comes for them: it has no threads. Whoever makes one takes tasks and runs
/// them, on threads of his choice, for example the one thread that a program's main loop has. Nobody else
/// runs them: a call waits for ever if nobody comes.
///
/// Any thread may take, any number at once. After [#shutdown] nothing is left to be taken; it waits for
/// tasks that were taken, as for running ones, until they were run or discarded.
public final class QueueingTaskDispatcher extends TrackedDispatcher {

    private final int maxQueued;

    /// Makes a dispatcher with an empty queue().
    ///
    /// @param limits `maxQueued` bounds the queue; how many run at once, and on which stack, is up to those
    ///         who take
    /// @param reporter hears, once, of what a task throws; on the thread that ran or discarded it
    public QueueingTaskDispatcher(DispatcherLimits limits, ErrorReporter reporter) {
        super(reporter);
        this.maxQueued = limits.maxQueued();
    }

    @Override
    public synchronized boolean dispatch(Task task) {
        if (isShutDown() || queue().size() >= maxQueued) {
            return false;
        }
        queue().add(task);
        notify(); // before the end only takers wait here
        return true;
    }

    /// Takes the task that came first. Waits for one if there is none; an interrupt ends the wait, and its
    /// flag is kept.
    ///
    /// @param bound how long to wait for a task
    /// @return a task, to be run or discarded once, on any thread, which throws nothing; `null` after the
    ///         time, after an interrupt, and after the end
    public @Nullable Task takeFirst(Duration bound) {
        return take(queue()::pollFirst, bound);
    }

    /// Takes the task that came last. Otherwise like [#takeFirst].
    ///
    /// @param bound how long to wait for a task
    /// @return a task, to be run or discarded once, on any thread, which throws nothing; `null` after the
    ///         time, after an interrupt, and after the end
    public @Nullable Task takeLast(Duration bound) {
        return take(queue()::pollLast, bound);
    }

    /// Runs tasks on this thread, the oldest first, until there is none: those that come meanwhile, too.
    /// Does not wait.
    ///
    /// @return how many were run
    public int runFifoUntilEmpty() {
        return runUntilEmpty(queue()::pollFirst);
    }

    /// Runs tasks on this thread, the newest first, until there is none: those that come meanwhile, too.
    /// Does not wait.
    ///
    /// @return how many were run
    public int runLifoUntilEmpty() {
        return runUntilEmpty(queue()::pollLast);
    }

    private int runUntilEmpty(Supplier<@Nullable Task> end) {
        int count = 0;
        for (@Nullable Task task = poll(end); task != null; task = poll(end)) {
            task.run();
            count++;
        }
        return count;
    }

    private synchronized @Nullable Task poll(Supplier<@Nullable Task> end) {
        @Nullable Task task = end.get();
        return task == null ? null : new Taken(task);
    }

    private synchronized @Nullable Task take(Supplier<@Nullable Task> end, Duration bound) {
        long deadlineNs = System.nanoTime() + TimeUnit.NANOSECONDS.convert(bound);
        while (queue().isEmpty() && !isShutDown()) {
            long leftNs = deadlineNs - System.nanoTime();
            if (leftNs <= 0) {
                return null;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, leftNs);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return poll(end);
            }
        }
        return poll(end);
    }

    /// A task on its way: it counts as running, on the thread that took it, then on the one that runs it.
    private final class Taken implements Task {

        /// `null` once it is being run or discarded. Guarded by the dispatcher.
        private @Nullable Thread taker = Thread.currentThread();

        private final Task task;

        Taken(Task task) {
            this.task = task;
            enter(Thread.currentThread());
        }

        @Override
        public void run() {
            begin();
            QueueingTaskDispatcher.this.run(task);
            end();
        }

        @Override
        public void discard() {
            begin();
            QueueingTaskDispatcher.this.discard(task);
            end();
        }

        private void begin() {
            synchronized (QueueingTaskDispatcher.this) {
                if (taker == null) {
                    throw new IllegalStateException("a task that was taken is run or discarded once, not again");
                }
                leave(taker);
                enter(Thread.currentThread());
                taker = null;
            }
        }

        private void end() {
            synchronized (QueueingTaskDispatcher.this) {
                leave(Thread.currentThread());
            }
        }
    }
}
