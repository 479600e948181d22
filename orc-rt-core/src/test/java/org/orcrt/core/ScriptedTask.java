// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.Task;

/// A task that says what became of it, and that stays inside until it is let go.
final class ScriptedTask implements Task {

    final CountDownLatch started = new CountDownLatch(1);
    final CountDownLatch ended = new CountDownLatch(1);
    final AtomicInteger runs = new AtomicInteger();
    final AtomicInteger discards = new AtomicInteger();
    volatile @Nullable Thread thread;

    private final CountDownLatch door;
    private final Runnable work;

    private ScriptedTask(int locks, Runnable work) {
        this.door = new CountDownLatch(locks);
        this.work = work;
    }

    static ScriptedTask of(Runnable work) {
        return new ScriptedTask(0, work);
    }

    static ScriptedTask quick() {
        return new ScriptedTask(0, () -> {});
    }

    static ScriptedTask stuck() {
        return new ScriptedTask(1, () -> {});
    }

    /// Works only once it was let go.
    static ScriptedTask stuckThen(Runnable work) {
        return new ScriptedTask(1, work);
    }

    void letGo() {
        door.countDown();
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
            assertThat(door.await(2, TimeUnit.MINUTES)).isTrue();
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
