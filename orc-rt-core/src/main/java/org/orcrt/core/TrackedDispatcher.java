// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.Task;
import org.orcrt.api.TaskDispatcher;

/// What every dispatcher here does alike: it knows which threads are inside tasks, guards itself against
/// what tasks throw, and ends in order. Its state is guarded by its monitor; no task and no reporter is
/// called with that held.
///
/// Where threads wait for work, only they wait on the monitor until it is shut down, so that one new task needs one
/// `notify`.
abstract class TrackedDispatcher implements TaskDispatcher {

    /// How much of a stack names a task: the top is mostly how the thread waits, not where.
    private static final int FRAMES = 16;

    private final ErrorReporter reporter;

    /// How many tasks each thread is inside of: a task may run another one in place.
    private final Map<Thread, Integer> inside = new LinkedHashMap<>();

    /// Tasks that wait for a thread, the first one first; always empty where none waits.
    private final Deque<Task> queue = new ArrayDeque<>();

    private int running;
    private boolean shutDown;

    /// @param reporter hears of what tasks throw
    TrackedDispatcher(ErrorReporter reporter) {
        this.reporter = reporter;
    }

    /// The tasks that wait for a thread. To be used with the monitor held.
    final Deque<Task> queue() {
        return queue;
    }

    @Override
    public synchronized @Nullable Task takeQueued() {
        return queue.poll();
    }

    @Override
    public final synchronized boolean runsOn(Thread thread) {
        return inside.containsKey(thread);
    }

    @Override
    public final List<String> shutdown(Duration bound) {
        List<Task> queued;
        synchronized (this) {
            shutDown = true;
            queued = drainQueue();
            notifyAll(); // who waits for a task gets none
        }
        queued.forEach(this::discard);
        long deadlineNs = System.nanoTime() + TimeUnit.NANOSECONDS.convert(bound);
        synchronized (this) {
            while (awaited().findAny().isPresent() && await(deadlineNs)) {
                // woken by a task that ended, or the time is over
            }
            return describeRunning();
        }
    }

    /// Empties the queue. Called with the monitor held.
    final List<Task> drainQueue() {
        List<Task> queued = new ArrayList<>(queue);
        queue.clear();
        return queued;
    }

    /// Names of the other threads that run a task, with where they are.
    final synchronized List<String> describeRunning() {
        return awaited().map(TrackedDispatcher::describe).toList();
    }

    /// Whether shutdown waits for a thread that is inside a task. Called with the monitor held.
    boolean isAwaited(Thread thread) {
        return thread != Thread.currentThread();
    }

    /// The next four are called with the monitor held.
    final boolean isShutDown() {
        return shutDown;
    }

    /// How many tasks run, nested ones counted.
    final int running() {
        return running;
    }

    final void enter(Thread thread) {
        inside.merge(thread, 1, Integer::sum);
        running++;
    }

    final void leave(Thread thread) {
        inside.computeIfPresent(thread, (key, depth) -> depth == 1 ? null : depth - 1);
        running--;
        if (shutDown) {
            notifyAll();
        }
    }

    /// Runs a task that this thread entered for. Nothing is thrown.
    final void run(Task task) {
        try {
            task.run();
        } catch (Throwable thrown) { // whatever it is, the thread has other tasks, or an owner
            report(thrown);
        }
    }

    /// Discards a task. Nothing is thrown, so that the others are discarded, too.
    final void discard(Task task) {
        try {
            task.discard();
        } catch (Throwable thrown) {
            report(thrown);
        }
    }

    private void report(Throwable thrown) {
        try {
            reporter.report(thrown);
        } catch (Throwable broken) {
            // a reporter must not throw; nobody is left to tell, and the dispatcher has to go on
        }
    }

    private Stream<Thread> awaited() {
        return inside.keySet().stream().filter(this::isAwaited);
    }

    /// @return whether there is still time
    private boolean await(long deadlineNs) {
        long leftNs = deadlineNs - System.nanoTime();
        if (leftNs <= 0) {
            return false;
        }
        try {
            TimeUnit.NANOSECONDS.timedWait(this, leftNs);
            return true;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// A thread by its name, with where it is.
    static String describe(Thread thread) {
        String stack = Arrays.stream(thread.getStackTrace())
                .limit(FRAMES)
                .map(StackTraceElement::toString)
                .collect(Collectors.joining(" < "));
        return thread.getName() + (stack.isEmpty() ? "" : " in " + stack);
    }
}
