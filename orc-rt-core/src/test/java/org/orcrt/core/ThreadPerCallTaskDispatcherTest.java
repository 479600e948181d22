// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.tck.ScriptedTask;
import org.orcrt.testing.Bounded;
import org.orcrt.testing.Bounded.Running;

/// Where tasks run, and how many. Upstream's `ThreadPoolTaskDispatcherTest`, and the bounds it lacks.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThreadPerCallTaskDispatcherTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final long STACK_BYTES = 1 << 20;

    private final List<ScriptedTask> tasks = new ArrayList<>();
    private final ThreadPerCallTaskDispatcher dispatcher = new ThreadPerCallTaskDispatcher(2, 3, STACK_BYTES);

    @AfterEach
    void nothing_is_left() {
        tasks.forEach(ScriptedTask::letGo);
        assertThat(dispatcher.shutdown(LONG)).isEmpty();
    }

    private ScriptedTask added(ScriptedTask task) {
        tasks.add(task);
        return task;
    }

    private ScriptedTask dispatched(ScriptedTask task) {
        assertThat(dispatcher.dispatch(added(task))).isTrue();
        return task;
    }

    @Test
    void a_task_runs_once_on_a_platform_thread_that_was_made_for_it() {
        ScriptedTask task = dispatched(ScriptedTask.stuck());
        Bounded.await(task.started);
        Thread thread = task.thread();
        assertThat(thread).isNotNull().isNotSameAs(Thread.currentThread());
        assertThat(thread.isVirtual()).isFalse();
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getName()).startsWith("orc-call-");
        task.letGo();
        Bounded.await(task.ended);
        assertThat(task.runs).hasValue(1);
        assertThat(task.discards).hasValue(0);
    }

    @Test
    void no_thread_runs_a_second_task_and_each_has_a_name_of_its_own() {
        Set<Thread> threads = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (int k = 0; k < 100; k++) {
            ScriptedTask task = dispatched(ScriptedTask.quick());
            Bounded.await(task.ended);
            threads.add(task.thread());
            names.add(task.thread().getName());
        }
        assertThat(threads).hasSize(100);
        assertThat(names).hasSize(100);
        for (Thread thread : threads) {
            Bounded.until("thread ends", () -> !thread.isAlive());
        }
    }

    @Test
    void a_queued_task_gets_a_thread_of_its_own_too() {
        ScriptedTask first = dispatched(ScriptedTask.stuck());
        ScriptedTask second = dispatched(ScriptedTask.stuck());
        ScriptedTask queued = dispatched(ScriptedTask.quick());
        first.letGo();
        Bounded.await(queued.ended);
        Bounded.await(second.started);
        assertThat(queued.thread()).isNotSameAs(first.thread()).isNotSameAs(second.thread());
    }

    @Test
    void two_tasks_that_need_each_other_both_run() {
        CountDownLatch one = new CountDownLatch(1);
        CountDownLatch two = new CountDownLatch(1);
        ScriptedTask first = dispatched(ScriptedTask.of(() -> {
            one.countDown();
            Bounded.await(two);
        }));
        ScriptedTask second = dispatched(ScriptedTask.of(() -> {
            two.countDown();
            Bounded.await(one);
        }));
        Bounded.await(first.ended);
        Bounded.await(second.ended);
    }

    @Test
    void tasks_that_wait_for_a_thread_start_in_the_order_in_which_they_came() throws Exception {
        ThreadPerCallTaskDispatcher one = new ThreadPerCallTaskDispatcher(1, 100, STACK_BYTES);
        ScriptedTask blocker = added(ScriptedTask.stuck());
        assertThat(one.dispatch(blocker)).isTrue();
        BlockingQueue<Integer> order = new LinkedBlockingQueue<>();
        for (int k = 0; k < 100; k++) {
            int mine = k;
            assertThat(one.dispatch(ScriptedTask.of(() -> order.add(mine)))).isTrue();
        }
        blocker.letGo();
        for (int k = 0; k < 100; k++) {
            assertThat(Bounded.take(order)).isEqualTo(k);
        }
        assertThat(one.shutdown(LONG)).isEmpty();
    }

    @Test
    @Tag("D1")
    void beyond_its_bounds_a_task_is_refused_and_not_touched() {
        ScriptedTask first = dispatched(ScriptedTask.stuck());
        dispatched(ScriptedTask.stuck());
        List<ScriptedTask> queued = new ArrayList<>();
        for (int k = 0; k < 3; k++) {
            queued.add(dispatched(ScriptedTask.quick()));
        }
        ScriptedTask refused = added(ScriptedTask.quick());
        for (int k = 0; k < 100; k++) {
            assertThat(dispatcher.dispatch(refused)).isFalse();
        }
        assertThat(queued)
                .allSatisfy(task -> assertThat(task.started.getCount()).isOne());
        first.letGo();
        queued.forEach(task -> Bounded.await(task.ended));
        assertThat(refused.runs).hasValue(0);
        assertThat(refused.discards).hasValue(0);
    }

    @Test
    @Tag("D1")
    void never_more_tasks_run_at_once_than_the_bound() throws Exception {
        ThreadPerCallTaskDispatcher three = new ThreadPerCallTaskDispatcher(3, 1000, STACK_BYTES);
        LinkedBlockingQueue<Integer> seen = new LinkedBlockingQueue<>();
        AtomicInteger inside = new AtomicInteger();
        for (int k = 0; k < 1000; k++) {
            assertThat(three.dispatch(ScriptedTask.of(() -> {
                        seen.add(inside.incrementAndGet());
                        Thread.yield();
                        inside.decrementAndGet();
                    })))
                    .isTrue();
        }
        int most = 0;
        for (int k = 0; k < 1000; k++) {
            most = Math.max(most, Bounded.take(seen));
        }
        assertThat(most).isLessThanOrEqualTo(3);
        assertThat(three.shutdown(LONG)).isEmpty();
    }

    @Test
    void without_a_queue_a_task_runs_or_is_refused() {
        ThreadPerCallTaskDispatcher strict = new ThreadPerCallTaskDispatcher(1, 0, STACK_BYTES);
        ScriptedTask only = added(ScriptedTask.stuck());
        assertThat(strict.dispatch(only)).isTrue();
        assertThat(strict.dispatch(ScriptedTask.quick())).isFalse();
        only.letGo();
        assertThat(strict.shutdown(LONG)).isEmpty();
    }

    @Test
    @Tag("D3")
    void a_task_that_throws_disturbs_no_other_and_its_place_is_free_again() throws Exception {
        BlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();
        List<Throwable> planted =
                List.of(new IllegalStateException("planted"), new AssertionError("planted"), new StackOverflowError());
        for (Throwable failure : planted) {
            dispatched(ScriptedTask.of(() -> {
                Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
                DispatcherShutdownTest.<RuntimeException>sneak(failure);
            }));
            assertThat(Bounded.take(uncaught)).isSameAs(failure);
        }
        ScriptedTask first = dispatched(ScriptedTask.stuck());
        ScriptedTask second = dispatched(ScriptedTask.stuck());
        Bounded.await(first.started);
        Bounded.await(second.started);
        assertThat(uncaught).isEmpty();
    }

    @Test
    void a_thread_belongs_to_the_dispatcher_while_it_runs_a_task() {
        ScriptedTask task = dispatched(ScriptedTask.stuck());
        Bounded.await(task.started);
        Thread thread = task.thread();
        assertThat(dispatcher.runsOn(thread)).isTrue();
        assertThat(dispatcher.runsOn(Thread.currentThread())).isFalse();
        task.letGo();
        Bounded.until("thread is forgotten", () -> !dispatcher.runsOn(thread));
    }

    @Test
    void a_task_has_the_stack_that_was_asked_for() throws Exception {
        int depth = 150_000; // about 97 B a level compiled by C2, 240 B interpreted
        Running<Long> onEightMegabytes = onStack(8 << 20, depth);
        assertThatExceptionOfType(ExecutionException.class)
                .as("%d levels need more than 8 MiB", depth)
                .isThrownBy(onEightMegabytes::get)
                .withCauseInstanceOf(StackOverflowError.class);
        ThreadPerCallTaskDispatcher deep = new ThreadPerCallTaskDispatcher(1, 0, 64 << 20);
        BlockingQueue<Long> result = new LinkedBlockingQueue<>();
        assertThat(deep.dispatch(ScriptedTask.of(() -> result.add(descend(depth, 1, 2, 3, 4, 5, 6, 7, 8)))))
                .isTrue();
        assertThat(Bounded.take(result)).isPositive();
        assertThat(deep.shutdown(LONG)).isEmpty();
    }

    @Test
    @Tag("D6")
    void a_system_without_threads_left_refuses_the_task_and_does_not_touch_it() {
        // no address space for such a stack, so the system makes no thread
        ThreadPerCallTaskDispatcher starved = new ThreadPerCallTaskDispatcher(2, 2, 1L << 50);
        ScriptedTask task = ScriptedTask.quick();
        assertThat(starved.dispatch(task)).isFalse();
        assertThat(task.runs).hasValue(0);
        assertThat(task.discards).hasValue(0);
        assertThat(starved.shutdown(Duration.ZERO)).isEmpty();
    }

    private static Running<Long> onStack(long bytes, int depth) {
        FutureTask<Long> task = new FutureTask<>(() -> descend(depth, 1, 2, 3, 4, 5, 6, 7, 8));
        Thread thread = new Thread(null, task, "small-stack", bytes);
        thread.start();
        return new Running<>(thread, task);
    }

    /// Needs all its arguments after the call below it, so that each level keeps them on the stack.
    private static long descend(int depth, long a, long b, long c, long d, long e, long f, long g, long h) {
        if (depth == 0) {
            return a + b + c + d;
        }
        long below = descend(depth - 1, b + 1, c + 2, d + 3, e + 4, f + 5, g + 6, h + 7, a + 8);
        return (below ^ a ^ (b << 1) ^ (c << 2) ^ (d << 3) ^ (e << 4) ^ (f << 5) ^ (g << 6) ^ h) & Long.MAX_VALUE;
    }
}
