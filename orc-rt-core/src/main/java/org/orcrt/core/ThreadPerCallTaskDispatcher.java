// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.util.HashSet;
import java.util.Set;
import org.orcrt.api.ErrorReporter;
import org.orcrt.spi.DispatcherLimits;

/// Runs each task on a platform thread made for it, never used again, with a large stack. At most so many run at once;
/// further ones queue, first in first out, up to a bound. The one dispatcher here for tasks that run foreign code.
class ThreadPerCallTaskDispatcher extends FreshThreadDispatcher {

    /// As if nobody had caught it: the end of an own thread.
    private static final ErrorReporter UNCAUGHT = failure -> {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    };

    private final long stackBytes;
    private final Runnable onBegin;

    /// A part of the threads that are inside tasks. Guarded by this object.
    private final Set<Thread> abandoned = new HashSet<>();

    /// Leaves what a task throws to the handler of its thread.
    ///
    /// @param maxRunning how many tasks run at once
    /// @param maxQueued how many wait
    /// @param stackBytes the stack of each thread
    ThreadPerCallTaskDispatcher(int maxRunning, int maxQueued, long stackBytes) {
        this(new DispatcherLimits(maxRunning, maxQueued, stackBytes), UNCAUGHT);
    }

    ThreadPerCallTaskDispatcher(DispatcherLimits limits, ErrorReporter reporter) {
        this(limits, reporter, () -> {});
    }

    /// Leaves what a task throws to the handler of its thread.
    ///
    /// @param onBegin runs on each thread before its task
    static ThreadPerCallTaskDispatcher beginningWith(Runnable onBegin, DispatcherLimits limits) {
        return new ThreadPerCallTaskDispatcher(limits, UNCAUGHT, onBegin);
    }

    private ThreadPerCallTaskDispatcher(DispatcherLimits limits, ErrorReporter reporter, Runnable onBegin) {
        super(limits, reporter);
        this.stackBytes = limits.stackBytes();
        this.onBegin = onBegin;
    }

    /// Says that a thread will never come back from its task: nobody waits for it any more. It keeps its
    /// place, because it keeps its stack.
    final synchronized void abandon(Thread thread) {
        if (runsOn(thread)) {
            abandoned.add(thread);
            notifyAll();
        }
    }

    /// How many threads will never come back. Called with the monitor held.
    final int abandoned() {
        return abandoned.size();
    }

    @Override
    final Thread made(long number, Runnable work) {
        Runnable all = () -> {
            onBegin.run();
            work.run();
        };
        Thread thread = new Thread(null, all, "orc-call-" + number, stackBytes, false);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    final boolean isAwaited(Thread thread) {
        return super.isAwaited(thread) && !abandoned.contains(thread);
    }

    @Override
    final void onLeft(Thread thread) {
        abandoned.remove(thread);
    }
}
