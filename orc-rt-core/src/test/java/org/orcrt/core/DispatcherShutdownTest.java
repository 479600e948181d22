// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.tck.ScriptedTask;
import org.orcrt.testing.Bounded;
import org.orcrt.testing.Bounded.Running;

/// How a dispatcher ends: each task it took was run or discarded, once.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DispatcherShutdownTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(30);

    private final List<ScriptedTask> tasks = new ArrayList<>();
    private final ThreadPerCallTaskDispatcher dispatcher = new ThreadPerCallTaskDispatcher(2, 8, 1 << 20);

    @AfterEach
    void let_everybody_go() {
        tasks.forEach(ScriptedTask::letGo);
    }

    @SuppressWarnings("unchecked")
    static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private ScriptedTask dispatched(ScriptedTask task) {
        tasks.add(task);
        assertThat(dispatcher.dispatch(task)).isTrue();
        return task;
    }

    @Test
    void an_idle_dispatcher_ends_at_once_and_may_be_ended_again() {
        assertThat(dispatcher.shutdown(Duration.ZERO)).isEmpty();
        assertThat(dispatcher.shutdown(LONG)).isEmpty();
    }

    @Test
    void a_running_task_has_ended_when_shutdown_returns() throws Exception {
        ScriptedTask task = dispatched(ScriptedTask.stuck());
        Bounded.await(task.started);
        Running<List<String>> shutdown = Bounded.start(() -> dispatcher.shutdown(LONG));
        Bounded.untilWaiting(shutdown.thread());
        assertThat(shutdown.task().isDone()).isFalse();
        task.letGo();
        assertThat(shutdown.get()).isEmpty();
        assertThat(task.ended.getCount()).isZero();
    }

    @Test
    void a_queued_task_is_discarded_once_and_never_runs() throws Exception {
        ScriptedTask first = dispatched(ScriptedTask.stuck());
        ScriptedTask second = dispatched(ScriptedTask.stuck());
        ScriptedTask queued = dispatched(ScriptedTask.quick());
        ScriptedTask also = dispatched(ScriptedTask.quick());
        Running<List<String>> shutdown = Bounded.start(() -> dispatcher.shutdown(LONG));
        Bounded.await(queued.ended);
        Bounded.await(also.ended);
        first.letGo();
        second.letGo();
        assertThat(shutdown.get()).isEmpty();
        assertThat(List.of(queued, also)).allSatisfy(task -> {
            assertThat(task.discards).hasValue(1);
            assertThat(task.runs).hasValue(0);
        });
    }

    @Test
    void after_shutdown_a_task_is_refused_and_not_touched() {
        dispatcher.shutdown(Duration.ZERO);
        ScriptedTask late = ScriptedTask.quick();
        assertThat(dispatcher.dispatch(late)).isFalse();
        assertThat(late.runs).hasValue(0);
        assertThat(late.discards).hasValue(0);
    }

    @Test
    @Tag("D4")
    void a_task_that_does_not_end_is_named_with_its_stack_after_the_bound() {
        ScriptedTask stuck = dispatched(ScriptedTask.stuck());
        Bounded.await(stuck.started);
        Bounded.untilWaiting(stuck.thread());
        long beforeNs = System.nanoTime();
        List<String> still = dispatcher.shutdown(SHORT);
        assertThat(Duration.ofNanos(System.nanoTime() - beforeNs)).isGreaterThanOrEqualTo(SHORT);
        assertThat(still)
                .singleElement()
                .asString()
                .contains(stuck.thread().getName())
                .contains("standInThisMethod");
        assertThat(dispatcher.describeRunning()).hasSize(1);
        stuck.letGo();
        assertThat(dispatcher.shutdown(LONG)).isEmpty();
    }

    @Test
    void a_bound_of_centuries_is_a_bound() throws Exception {
        ScriptedTask task = dispatched(ScriptedTask.stuck());
        Bounded.await(task.started);
        Running<List<String>> shutdown = Bounded.start(() -> dispatcher.shutdown(Duration.ofSeconds(Long.MAX_VALUE)));
        Bounded.untilWaiting(shutdown.thread());
        task.letGo();
        assertThat(shutdown.get()).isEmpty();
    }

    @Test
    @Tag("D5")
    void shutdown_from_inside_a_task_waits_for_the_others_but_not_for_itself() throws Exception {
        ScriptedTask other = dispatched(ScriptedTask.stuck());
        Bounded.await(other.started);
        BlockingQueue<List<String>> report = new LinkedBlockingQueue<>();
        ScriptedTask inside = dispatched(ScriptedTask.of(() -> report.add(dispatcher.shutdown(LONG))));
        Bounded.await(inside.started);
        Bounded.untilWaiting(inside.thread());
        assertThat(report).isEmpty();
        other.letGo();
        assertThat(Bounded.take(report)).isEmpty();
    }

    @Test
    @Tag("D7")
    void an_interrupt_ends_the_wait_is_kept_and_loses_no_task() throws Exception {
        ScriptedTask stuck = dispatched(ScriptedTask.stuck());
        Bounded.await(stuck.started);
        ScriptedTask second = dispatched(ScriptedTask.stuck());
        ScriptedTask queued = dispatched(ScriptedTask.quick());
        Running<Boolean> shutdown = Bounded.start(() -> {
            Thread.currentThread().interrupt();
            assertThat(dispatcher.shutdown(LONG)).hasSize(2);
            return Thread.currentThread().isInterrupted();
        });
        assertThat(shutdown.get()).isTrue();
        assertThat(queued.discards).hasValue(1);
        stuck.letGo();
        second.letGo();
        assertThat(dispatcher.shutdown(LONG)).isEmpty();
    }

    @Test
    void a_thread_that_was_given_up_is_not_waited_for_but_keeps_its_place() throws Exception {
        ScriptedTask parked = dispatched(ScriptedTask.stuck());
        ScriptedTask other = dispatched(ScriptedTask.stuck());
        Bounded.await(parked.started);
        Bounded.await(other.started);
        dispatcher.abandon(parked.thread());
        dispatcher.abandon(parked.thread());
        dispatcher.abandon(Thread.currentThread());
        ScriptedTask queued = dispatched(ScriptedTask.quick());
        assertThat(dispatcher.runsOn(parked.thread())).isTrue();
        assertThat(dispatcher.describeRunning())
                .singleElement()
                .asString()
                .contains(other.thread().getName());
        other.letGo();
        Bounded.await(queued.ended);
        assertThat(dispatcher.shutdown(LONG)).isEmpty();
        assertThat(parked.ended.getCount()).isOne();
    }

    @Test
    void who_waits_for_a_thread_is_woken_when_it_is_given_up() throws Exception {
        ScriptedTask parked = dispatched(ScriptedTask.stuck());
        Bounded.await(parked.started);
        Running<List<String>> shutdown = Bounded.start(() -> dispatcher.shutdown(Duration.ofDays(1)));
        Bounded.untilWaiting(shutdown.thread());
        dispatcher.abandon(parked.thread());
        assertThat(shutdown.get()).isEmpty();
    }

    @Test
    @Tag("D2")
    void of_ten_thousand_tasks_each_is_run_or_discarded_or_refused_once_while_shutdown_races() throws Exception {
        Outcome all = new Outcome(0, 0, 0);
        for (int round = 0; round < 20; round++) {
            all = all.plus(race(500));
        }
        assertThat(all.ran).isPositive();
        assertThat(all.discarded).isPositive();
        assertThat(all.refused).isPositive();
        assertThat(all.ran + all.discarded + all.refused).isEqualTo(10_000);
    }

    private record Outcome(int ran, int discarded, int refused) {
        Outcome plus(Outcome other) {
            return new Outcome(ran + other.ran, discarded + other.discarded, refused + other.refused);
        }
    }

    private static Outcome race(int count) throws Exception {
        ThreadPerCallTaskDispatcher racing = new ThreadPerCallTaskDispatcher(2, 64, 1 << 20);
        AtomicInteger begun = new AtomicInteger();
        ScriptedTask[] all = new ScriptedTask[count];
        Semaphore room = new Semaphore(0);
        Arrays.setAll(
                all,
                k -> ScriptedTask.of(() -> {
                    begun.incrementAndGet();
                    room.release();
                }));
        boolean[] accepted = new boolean[count];
        AtomicInteger next = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        List<List<String>> results = Bounded.together(4, k -> () -> {
            if (k == 0) {
                Bounded.until("a fifth of the tasks have run", () -> begun.get() >= count / 5);
                over.set(true);
                return racing.shutdown(LONG);
            }
            for (int mine = next.getAndIncrement(); mine < count; mine = next.getAndIncrement()) {
                accepted[mine] = racing.dispatch(all[mine]);
                while (!accepted[mine] && !over.get()) {
                    room.tryAcquire(50, TimeUnit.MILLISECONDS); // saturated: ask again
                    accepted[mine] = racing.dispatch(all[mine]);
                }
            }
            return List.of();
        });
        assertThat(results).allSatisfy(still -> assertThat(still).isEmpty());
        int ran = 0;
        int discarded = 0;
        for (int k = 0; k < count; k++) {
            assertThat(all[k].runs.get() + all[k].discards.get())
                    .as("task %d", k)
                    .isEqualTo(accepted[k] ? 1 : 0);
            ran += all[k].runs.get();
            discarded += all[k].discards.get();
        }
        return new Outcome(ran, discarded, count - ran - discarded);
    }
}
