// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Looks after the deadlines of all tables of pending calls of the process, on one thread that is there only while some
/// call has a deadline. It looks at most once a millisecond, so a call may be ended a little late, and a table with
/// many short deadlines costs little.
final class DeadlineTimer {

    static final DeadlineTimer SHARED =
            new DeadlineTimer(Thread.ofPlatform().name("orc-deadlines").daemon().factory());

    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /// The thread that runs out of work stays so long, because calls with deadlines come in rows.
    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(500);

    /// Looking takes at most this part of the thread's time, however large the tables are.
    private static final long LOOK_SHARE = 8;

    private final ThreadFactory threads;

    /// All guarded by this object.
    private final Set<PendingCalls> watched = new LinkedHashSet<>();

    private @Nullable Thread thread;
    private boolean changed;

    /// @param threads makes the one thread, again and again
    DeadlineTimer(ThreadFactory threads) {
        this.threads = threads;
    }

    /// A table has got an earlier deadline than it had.
    ///
    /// @return `false` if nobody can look after it, because the system has no thread for it
    synchronized boolean watch(PendingCalls calls) {
        if (thread == null && !start()) {
            return false;
        }
        watched.add(calls);
        changed = true;
        notifyAll();
        return true;
    }

    /// Whether a thread is the one that ends calls whose time is over, which must not wait for one.
    synchronized boolean runsOn(Thread any) {
        return any == thread;
    }

    private boolean start() {
        Thread started = threads.newThread(this::run);
        try {
            started.start();
        } catch (OutOfMemoryError noThread) {
            return false;
        }
        thread = started;
        return true;
    }

    private void run() {
        try {
            look();
        } finally {
            ended();
        }
    }

    /// Whatever ended the thread, the next deadline gets another one.
    private synchronized void ended() {
        if (thread == Thread.currentThread()) {
            thread = null;
        }
    }

    private void look() {
        while (awaitWork()) {
            long startedNs = System.nanoTime();
            long next = Long.MAX_VALUE;
            for (PendingCalls calls : watched()) {
                long untilNs = calls.expire();
                startedNs += calls.takeTellingNs(); // what handlers do is not looking
                next = Math.min(next, untilNs);
                if (untilNs == Long.MAX_VALUE) {
                    forget(calls);
                }
            }
            long pauseNs = Math.max(TICK_NS, LOOK_SHARE * (System.nanoTime() - startedNs));
            sleep(pauseNs, Math.max(pauseNs, next));
        }
    }

    /// A table has no call any more, and will have none.
    synchronized void forgetClosed(PendingCalls calls) {
        watched.remove(calls);
        notifyAll();
    }

    /// Whoever adds a deadline to a forgotten table has it watched again; the flag keeps one that came meanwhile.
    private synchronized void forget(PendingCalls calls) {
        if (!changed) {
            watched.remove(calls);
        }
    }

    private synchronized List<PendingCalls> watched() {
        changed = false;
        return new ArrayList<>(watched);
    }

    /// @return `false` if there is nothing to watch for a while: then this thread is no longer the timer's
    private synchronized boolean awaitWork() {
        long deadlineNs = System.nanoTime() + IDLE_NS;
        while (watched.isEmpty()) {
            long leftNs = deadlineNs - System.nanoTime();
            if (leftNs <= 0) {
                thread = null;
                return false;
            }
            pause(leftNs);
        }
        return true;
    }

    /// @param leastNs no look before this is over
    /// @param mostNs the next look, unless an earlier deadline comes
    private synchronized void sleep(long leastNs, long mostNs) {
        long startedNs = System.nanoTime();
        while (!watched.isEmpty()) {
            long leftNs = (changed ? leastNs : mostNs) - (System.nanoTime() - startedNs);
            if (leftNs <= 0) {
                return;
            }
            pause(leftNs);
        }
    }

    private void pause(long ns) {
        try {
            TimeUnit.NANOSECONDS.timedWait(this, ns);
        } catch (InterruptedException handlerDidThis) {
            // nobody has a reason to interrupt this thread but a handler that ran on it: go on
        }
    }
}
