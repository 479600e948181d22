// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.api.ErrorReporter;
import org.orcrt.spi.DispatcherLimits;
import org.orcrt.tck.Patience;
import org.orcrt.tck.QueuedTaskDispatcherContract;
import org.orcrt.tck.ScriptedTask;
import org.orcrt.testing.Bounded;

/// The contract on a pool, and when its threads come and go.
class ThreadPoolTaskDispatcherTest extends QueuedTaskDispatcherContract {

    @Override
    protected ThreadPoolTaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter) {
        return new ThreadPoolTaskDispatcher(limits, reporter, ThreadPoolTaskDispatcher.IDLE);
    }

    @Override
    protected int maxFloodThreads() {
        return 2;
    }

    private ThreadPoolTaskDispatcher pool(int maxRunning, Duration idle) {
        return new ThreadPoolTaskDispatcher(new DispatcherLimits(maxRunning, 10, 1 << 18), reports::add, idle);
    }

    @Test
    void threads_are_started_on_demand_and_used_again() {
        ThreadPoolTaskDispatcher pool = pool(2, Duration.ofDays(1));
        assertThat(pool.threads()).isZero();
        ScriptedTask first = dispatched(pool, ScriptedTask.stuck());
        Bounded.await(first.started);
        assertThat(pool.threads()).isOne();
        ScriptedTask second = dispatched(pool, ScriptedTask.quick());
        Bounded.await(second.ended);
        Bounded.until("the second thread is idle", () -> !pool.runsOn(second.thread()));
        for (int k = 0; k < 100; k++) {
            ScriptedTask next = dispatched(pool, ScriptedTask.quick());
            Bounded.await(next.ended);
            Bounded.until("it is idle again", () -> !pool.runsOn(second.thread()));
            assertThat(next.thread()).isSameAs(second.thread()).isNotSameAs(first.thread());
        }
        assertThat(pool.threads()).isEqualTo(2);
        assertThat(List.of(first.thread(), second.thread()))
                .allSatisfy(thread -> {
                    assertThat(thread.isDaemon()).isTrue();
                    assertThat(thread.isVirtual()).isFalse();
                })
                .extracting(Thread::getName)
                .containsExactly("orc-pool-1", "orc-pool-2");
        first.letGo();
        assertThat(pool.shutdown(Patience.bound())).isEmpty();
    }

    @Test
    void an_idle_pool_lets_its_threads_go_and_starts_new_ones_when_tasks_come() {
        ThreadPoolTaskDispatcher pool = pool(2, Duration.ofMillis(20));
        for (int round = 0; round < 3; round++) {
            ScriptedTask first = dispatched(pool, ScriptedTask.stuck());
            ScriptedTask second = dispatched(pool, ScriptedTask.stuck());
            Bounded.await(first.started);
            Bounded.await(second.started);
            first.letGo();
            second.letGo();
            Bounded.until("threads are let go", () -> pool.threads() == 0);
            Bounded.until(
                    "they end",
                    () -> !first.thread().isAlive() && !second.thread().isAlive());
        }
        assertThat(pool.shutdown(Patience.bound())).isEmpty();
    }

    @Test
    @Tag("D1")
    void threads_that_go_while_tasks_come_lose_none_and_are_never_too_many() {
        ThreadPoolTaskDispatcher pool = pool(2, Duration.ZERO);
        for (int k = 0; k < 10_000; k++) {
            ScriptedTask task = dispatched(pool, ScriptedTask.quick());
            ScriptedTask other = dispatched(pool, ScriptedTask.quick());
            Bounded.await(task.ended);
            Bounded.await(other.ended);
            assertThat(pool.threads()).isLessThanOrEqualTo(2);
        }
        assertThat(pool.shutdown(Patience.bound())).isEmpty();
    }

    @Test
    void the_end_lets_idle_threads_go_at_once() {
        ThreadPoolTaskDispatcher pool = pool(2, Duration.ofDays(1));
        List<ScriptedTask> tasks = new ArrayList<>();
        for (int k = 0; k < 2; k++) {
            tasks.add(dispatched(pool, ScriptedTask.stuck()));
        }
        tasks.forEach(task -> Bounded.await(task.started));
        tasks.forEach(ScriptedTask::letGo);
        Bounded.until("both are idle", () -> tasks.stream().noneMatch(task -> pool.runsOn(task.thread())));
        assertThat(pool.threads()).isEqualTo(2);
        assertThat(pool.shutdown(Patience.bound())).isEmpty();
        tasks.forEach(task -> Bounded.until("thread ends", () -> !task.thread().isAlive()));
        assertThat(pool.threads()).isZero();
    }

    @Test
    @Tag("D7")
    void a_task_that_leaves_its_thread_interrupted_does_not_disturb_the_next() throws Exception {
        ThreadPoolTaskDispatcher pool = pool(1, Duration.ofDays(1));
        BlockingQueue<Boolean> interrupted = new LinkedBlockingQueue<>();
        ScriptedTask rude = dispatched(
                pool, ScriptedTask.stuckThen(() -> Thread.currentThread().interrupt()));
        dispatched(
                pool,
                ScriptedTask.of(() -> interrupted.add(Thread.currentThread().isInterrupted())));
        rude.letGo();
        assertThat(Bounded.take(interrupted)).isFalse();
        assertThat(pool.shutdown(Patience.bound())).isEmpty();
    }

    @Test
    @Tag("D7")
    void an_idle_thread_that_is_interrupted_still_serves() {
        ThreadPoolTaskDispatcher pool = pool(1, Duration.ofDays(1));
        ScriptedTask first = dispatched(pool, ScriptedTask.quick());
        Bounded.await(first.ended);
        Bounded.until("thread is idle", () -> !pool.runsOn(first.thread()));
        for (int k = 0; k < 100; k++) {
            Bounded.untilWaiting(first.thread());
            first.thread().interrupt();
            Bounded.until("it has seen the interrupt", () -> !first.thread().isInterrupted());
            ScriptedTask next = dispatched(pool, ScriptedTask.quick());
            Bounded.await(next.ended);
            assertThat(next.thread()).isSameAs(first.thread());
            Bounded.until("thread is idle", () -> !pool.runsOn(first.thread()));
        }
        assertThat(pool.shutdown(Patience.bound())).isEmpty();
    }

    @Test
    @Tag("TD-20")
    @Tag("D6")
    void a_system_without_threads_left_refuses_the_task_and_does_not_touch_it() {
        // no address space for such a stack, so the system makes no thread
        ThreadPoolTaskDispatcher starved =
                new ThreadPoolTaskDispatcher(new DispatcherLimits(2, 2, 1L << 50), reports::add, Patience.bound());
        ScriptedTask task = ScriptedTask.quick();
        assertThat(starved.dispatch(task)).isFalse();
        assertThat(starved.threads()).isZero();
        assertThat(starved.shutdown(Duration.ZERO)).isEmpty();
        assertThat(task.runs).hasValue(0);
        assertThat(task.discards).hasValue(0);
    }
}
