// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.Task;

/// A task that says what became of it, and that can be told to stay inside until it is let go.
public final class ScriptedTask implements Task {

    /// Opens when the task is run.
    public final CountDownLatch started = new CountDownLatch(1);

    /// Opens when its run is over, or it is discarded.
    public final CountDownLatch ended = new CountDownLatch(1);

    /// How often it was run.
    public final AtomicInteger runs = new AtomicInteger();

    /// How often it was discarded.
    public final AtomicInteger discards = new AtomicInteger();

    private final CountDownLatch door;
    private final Runnable work;
    private volatile @Nullable Thread thread;

    private ScriptedTask(int locks, Runnable work) {
        this.door = new CountDownLatch(locks);
        this.work = work;
    }

    /// Makes a task.
    ///
    /// @param work what it does
    /// @return the task
    public static ScriptedTask of(Runnable work) {
        return new ScriptedTask(0, work);
    }

    /// Makes a task that does nothing.
    ///
    /// @return the task
    public static ScriptedTask quick() {
        return new ScriptedTask(0, () -> {});
    }

    /// Makes a task that stays inside until it is let go.
    ///
    /// @return the task
    public static ScriptedTask stuck() {
        return new ScriptedTask(1, () -> {});
    }

    /// Makes a task that works only once it was let go.
    ///
    /// @param work what it does then
    /// @return the task
    public static ScriptedTask stuckThen(Runnable work) {
        return new ScriptedTask(1, work);
    }

    /// Lets it go.
    public void letGo() {
        door.countDown();
    }

    /// Where it ran last.
    ///
    /// @return the thread
    /// @throws AssertionError if it has not run
    public Thread thread() {
        Thread ran = thread;
        if (ran == null) {
            throw new AssertionError("the task has not run");
        }
        return ran;
    }

    @Override
    public void run() {
        runs.incrementAndGet();
        thread = Thread.currentThread();
        started.countDown();
        try {
            standInThisMethod();
            work.run();
        } finally {
            ended.countDown();
        }
    }

    private void standInThisMethod() {
        try {
            // longer than any test waits for it, so that none mistakes this bound for its own success
            if (!door.await(2, TimeUnit.MINUTES)) {
                throw new AssertionError("nobody let the task go");
            }
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }

    @Override
    public void discard() {
        discards.incrementAndGet();
        ended.countDown();
    }
}
