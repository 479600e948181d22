// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// How long the contract tests wait for anything: 20 seconds, or what the property `orcrt.tck.patienceMs` says, in
/// milliseconds. A wait that is over is a failed test.
public final class Patience {

    private static final String PROPERTY = "orcrt.tck.patienceMs";

    private static final long LONG_ENOUGH_NS = 20_000_000;

    private Patience() {}

    /// The longest wait.
    ///
    /// @return for bounds that are given to what is tested
    public static Duration bound() {
        return Duration.ofMillis(Long.getLong(PROPERTY, 20_000));
    }

    /// Something that runs on a thread of its own.
    ///
    /// @param thread where it runs
    /// @param task what runs
    record Running<T>(Thread thread, FutureTask<T> task) {

        T get() throws Exception {
            return task.get(bound().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    static <T extends @Nullable Object> Running<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        return new Running<>(Thread.ofPlatform().daemon().name("tck-helper").start(task), task);
    }

    static void await(CountDownLatch latch, String what) {
        try {
            if (!latch.await(bound().toMillis(), TimeUnit.MILLISECONDS)) {
                fail("not within " + bound() + ": " + what);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting: " + what, stop);
        }
    }

    static <T> T take(BlockingQueue<T> queue, String what) throws InterruptedException {
        T next = queue.poll(bound().toMillis(), TimeUnit.MILLISECONDS);
        if (next == null) {
            throw new AssertionError("not within " + bound() + ": " + what);
        }
        return next;
    }

    static void until(String what, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + bound().toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs >= 0) {
                fail("not within " + bound() + ": " + what);
            }
            Thread.yield();
        }
    }

    /// Returns once a thread waits for something, so that what it waits for can be shown to hold it.
    static void untilWaiting(Thread thread) {
        until(thread.getName() + " waits", () -> isWaiting(thread));
    }

    /// Gives a thread time to begin to wait, maybe in the kernel, where nobody sees it. What follows must be right
    /// also if it does not wait yet.
    static void letItWait(Thread thread) {
        long deadlineNs = System.nanoTime() + LONG_ENOUGH_NS;
        while (!isWaiting(thread) && System.nanoTime() - deadlineNs < 0) {
            Thread.yield();
        }
    }

    private static boolean isWaiting(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING, BLOCKED -> true;
            default -> false;
        };
    }
}
