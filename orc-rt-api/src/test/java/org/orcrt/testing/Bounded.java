// SPDX-License-Identifier: Apache-2.0
package org.orcrt.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/// Waits that end: with what they wait for, or with a failed test.
public final class Bounded {

    private static final long PATIENCE_S = 20;

    private Bounded() {}

    /// Something that runs on a thread of its own.
    public record Running<T>(Thread thread, FutureTask<T> task) {

        public T get() throws Exception {
            return task.get(PATIENCE_S, TimeUnit.SECONDS);
        }
    }

    public static <T> Running<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        return new Running<>(Thread.ofPlatform().daemon().name("test-helper").start(task), task);
    }

    /// Runs the same on many threads that begin together, and waits for all.
    public static <T> List<T> together(int threads, IntFunction<Callable<T>> work) throws Exception {
        CountDownLatch ready = new CountDownLatch(threads);
        CountDownLatch go = new CountDownLatch(1);
        List<Running<T>> all = new ArrayList<>();
        for (int k = 0; k < threads; k++) {
            Callable<T> mine = work.apply(k);
            all.add(start(() -> {
                ready.countDown();
                await(go);
                return mine.call();
            }));
        }
        await(ready);
        go.countDown();
        List<T> results = new ArrayList<>();
        for (Running<T> one : all) {
            results.add(one.get());
        }
        return results;
    }

    public static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE_S, TimeUnit.SECONDS))
                    .as("latch opens")
                    .isTrue();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a latch", stop);
        }
    }

    public static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(PATIENCE_S, TimeUnit.SECONDS);
        assertThat(next).as("something arrives").isNotNull();
        return next;
    }

    public static void until(String what, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadlineNs).as(what).isNegative();
            Thread.yield();
        }
    }

    /// Returns once a thread waits for something, so that what it waits for can be shown to hold it.
    public static void untilWaiting(Thread thread) {
        until("thread waits", () -> switch (thread.getState()) {
            case WAITING, TIMED_WAITING, BLOCKED -> true;
            default -> false;
        });
    }
}
