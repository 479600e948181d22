// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.Task;
import org.orcrt.api.TaskDispatcher;

/// Runs each task on a platform thread made for it, never used again, with a large stack. At most so many run at once;
/// further ones queue, first in first out, up to a bound.
final class ThreadPerCallTaskDispatcher implements TaskDispatcher {

    /// How much of a stack names a task: the top is mostly how the thread waits, not where.
    private static final int FRAMES = 16;

    private final int maxRunning;
    private final int maxQueued;
    private final long stackBytes;

    /// All guarded by this object.
    private final Deque<Task> queue = new ArrayDeque<>();

    private final Set<Thread> running = new LinkedHashSet<>();

    /// A part of `running`.
    private final Set<Thread> abandoned = new HashSet<>();

    private long started;
    private boolean shutDown;

    /// @param maxRunning how many tasks run at once
    /// @param maxQueued how many wait
    /// @param stackBytes the stack of each thread
    ThreadPerCallTaskDispatcher(int maxRunning, int maxQueued, long stackBytes) {
        this.maxRunning = maxRunning;
        this.maxQueued = maxQueued;
        this.stackBytes = stackBytes;
    }

    @Override
    public synchronized boolean dispatch(Task task) {
        if (shutDown) {
            return false;
        }
        if (running.size() < maxRunning) {
            return start(task);
        }
        return queue.size() < maxQueued && queue.add(task);
    }

    @Override
    public synchronized @Nullable Task takeQueued() {
        return queue.poll();
    }

    @Override
    public synchronized boolean runsOn(Thread thread) {
        return running.contains(thread);
    }

    @Override
    public List<String> shutdown(Duration bound) {
        List<Task> queued;
        synchronized (this) {
            shutDown = true;
            queued = new ArrayList<>(queue);
            queue.clear();
        }
        queued.forEach(Task::discard);
        long deadlineNs = System.nanoTime() + TimeUnit.NANOSECONDS.convert(bound);
        synchronized (this) {
            while (awaited().findAny().isPresent() && await(deadlineNs)) {
                // woken by a thread that ended, or the time is over
            }
            return describeRunning();
        }
    }

    /// Says that a thread will never come back from its task: nobody waits for it any more. It keeps its
    /// place, because it keeps its stack.
    synchronized void abandon(Thread thread) {
        if (running.contains(thread)) {
            abandoned.add(thread);
            notifyAll();
        }
    }

    /// Names of the threads that run a task, with where they are.
    synchronized List<String> describeRunning() {
        return awaited().map(ThreadPerCallTaskDispatcher::describe).toList();
    }

    private boolean start(Task task) {
        Thread thread = new Thread(null, () -> runAndLeave(task), "orc-call-" + ++started, stackBytes, false);
        thread.setDaemon(true);
        running.add(thread);
        try {
            thread.start();
            return true;
        } catch (OutOfMemoryError noThread) {
            // the system's limit of threads: the task was not touched
            running.remove(thread);
            return false;
        }
    }

    private void runAndLeave(Task task) {
        try {
            task.run();
        } finally {
            leave();
        }
    }

    private void leave() {
        List<Task> homeless = new ArrayList<>();
        synchronized (this) {
            running.remove(Thread.currentThread());
            abandoned.remove(Thread.currentThread());
            Task next = queue.poll();
            if (next != null && !start(next)) {
                homeless.add(next);
                homeless.addAll(running.isEmpty() ? queue : List.of());
                queue.removeAll(homeless);
            }
            notifyAll();
        }
        homeless.forEach(Task::discard);
    }

    /// The threads that shutdown waits for.
    private Stream<Thread> awaited() {
        return running.stream().filter(thread -> thread != Thread.currentThread() && !abandoned.contains(thread));
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

    private static String describe(Thread thread) {
        String stack = Arrays.stream(thread.getStackTrace())
                .limit(FRAMES)
                .map(StackTraceElement::toString)
                .collect(Collectors.joining(" < "));
        return thread.getName() + (stack.isEmpty() ? "" : " in " + stack);
    }
}
