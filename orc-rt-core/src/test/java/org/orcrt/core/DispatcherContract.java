// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.Task;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.spi.DispatcherLimits;
import org.orcrt.testing.Bounded;
import org.orcrt.testing.Bounded.Running;

/// What every dispatcher promises. Upstream's `ThreadPoolTaskDispatcherTest`, and the bounds and the ends
/// it lacks.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class DispatcherContract {

    static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final long STACK_BYTES = 1 << 18;

    /// More threads than this are not counted.
    private static final int MANY_THREADS = 16;

    final BlockingQueue<Throwable> reports = new LinkedBlockingQueue<>();

    private final List<ScriptedTask> tasks = new ArrayList<>();
    private final List<TaskDispatcher> opened = new ArrayList<>();

    /// Makes a dispatcher and whoever it needs to have `maxRunning` tasks run at once; these end when it is
    /// shut down.
    abstract TaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter);

    /// Whether tasks wait for their turn.
    boolean queues() {
        return true;
    }

    /// How many tasks a flood has.
    int floodTasks() {
        return 1_000_000;
    }

    /// How many threads may run the tasks of a flood, of which two run at once.
    int maxFloodThreads() {
        return MANY_THREADS;
    }

    @AfterEach
    void nobody_stays_behind() {
        tasks.forEach(ScriptedTask::letGo);
        for (TaskDispatcher one : opened) {
            assertThat(one.shutdown(LONG)).isEmpty();
        }
        assertThat(reports).isEmpty();
    }

    final TaskDispatcher open(int maxRunning, int maxQueued) {
        TaskDispatcher dispatcher = make(new DispatcherLimits(maxRunning, maxQueued, STACK_BYTES), reports::add);
        opened.add(dispatcher);
        return dispatcher;
    }

    final ScriptedTask added(ScriptedTask task) {
        tasks.add(task);
        return task;
    }

    final ScriptedTask dispatched(TaskDispatcher dispatcher, ScriptedTask task) {
        assertThat(dispatcher.dispatch(added(task))).isTrue();
        return task;
    }

    /// Dispatches on a thread of its own, because that thread may be the one that runs the task.
    final ScriptedTask begun(TaskDispatcher dispatcher, ScriptedTask task) {
        added(task);
        Bounded.start(() -> dispatcher.dispatch(task));
        Bounded.await(task.started);
        return task;
    }

    @Test
    void an_idle_dispatcher_ends_at_once_and_may_be_ended_again() {
        TaskDispatcher dispatcher = open(1, 1);
        assertThat(dispatcher.shutdown(Duration.ZERO)).isEmpty();
        assertThat(dispatcher.shutdown(LONG)).isEmpty();
        assertThat(dispatcher.shutdown(Duration.ofSeconds(-1))).isEmpty();
    }

    @Test
    void a_task_runs_once_and_is_not_discarded() {
        TaskDispatcher dispatcher = open(1, 1);
        ScriptedTask task = dispatched(dispatcher, ScriptedTask.quick());
        Bounded.await(task.ended);
        assertThat(dispatcher.shutdown(LONG)).isEmpty();
        assertThat(task.runs).hasValue(1);
        assertThat(task.discards).hasValue(0);
    }

    @Test
    void where_one_task_runs_at_once_ten_of_ten_get_their_turn() {
        TaskDispatcher dispatcher = open(1, 10);
        List<ScriptedTask> ten = new ArrayList<>();
        for (int k = 0; k < 10; k++) {
            ten.add(dispatched(dispatcher, ScriptedTask.quick()));
        }
        assertThat(ten).allSatisfy(task -> {
            Bounded.await(task.ended);
            assertThat(task.runs).hasValue(1);
        });
    }

    @Test
    void two_tasks_that_need_each_other_both_run() {
        TaskDispatcher dispatcher = open(2, 2);
        CountDownLatch one = new CountDownLatch(1);
        CountDownLatch two = new CountDownLatch(1);
        ScriptedTask first = begun(dispatcher, ScriptedTask.of(() -> {
            one.countDown();
            Bounded.await(two);
        }));
        ScriptedTask second = begun(dispatcher, ScriptedTask.of(() -> {
            two.countDown();
            Bounded.await(one);
        }));
        Bounded.await(first.ended);
        Bounded.await(second.ended);
    }

    @Test
    void after_shutdown_a_task_is_refused_and_not_touched() {
        TaskDispatcher dispatcher = open(1, 1);
        dispatcher.shutdown(Duration.ZERO);
        ScriptedTask late = ScriptedTask.quick();
        assertThat(dispatcher.dispatch(late)).isFalse();
        assertThat(dispatcher.shutdown(LONG)).isEmpty();
        assertThat(late.runs).hasValue(0);
        assertThat(late.discards).hasValue(0);
    }

    @Test
    void a_running_task_has_ended_when_shutdown_returns_whoever_called_it() throws Exception {
        TaskDispatcher dispatcher = open(1, 1);
        ScriptedTask task = begun(dispatcher, ScriptedTask.stuck());
        Running<List<String>> first = Bounded.start(() -> dispatcher.shutdown(LONG));
        Running<List<String>> second = Bounded.start(() -> dispatcher.shutdown(LONG));
        Bounded.untilWaiting(first.thread());
        Bounded.untilWaiting(second.thread());
        assertThat(first.task().isDone()).isFalse();
        assertThat(second.task().isDone()).isFalse();
        task.letGo();
        assertThat(first.get()).isEmpty();
        assertThat(second.get()).isEmpty();
        assertThat(task.ended.getCount()).isZero();
    }

    @Test
    void a_thread_belongs_to_the_dispatcher_while_it_runs_a_task() {
        TaskDispatcher dispatcher = open(2, 2);
        ScriptedTask task = begun(dispatcher, ScriptedTask.stuck());
        Thread thread = task.thread;
        assertThat(dispatcher.runsOn(thread)).isTrue();
        assertThat(dispatcher.runsOn(Thread.currentThread())).isFalse();
        task.letGo();
        Bounded.until("thread is forgotten", () -> !dispatcher.runsOn(thread));
    }

    @Test
    @Tag("D1")
    void beyond_its_bounds_a_task_is_refused_and_not_touched() {
        TaskDispatcher dispatcher = open(2, 3);
        ScriptedTask first = begun(dispatcher, ScriptedTask.stuck());
        begun(dispatcher, ScriptedTask.stuck());
        List<ScriptedTask> queued = new ArrayList<>();
        for (int k = 0; queues() && k < 3; k++) {
            queued.add(dispatched(dispatcher, ScriptedTask.quick()));
        }
        ScriptedTask refused = added(ScriptedTask.quick());
        for (int k = 0; k < 100; k++) {
            assertThat(dispatcher.dispatch(refused)).isFalse();
        }
        assertThat(queued)
                .allSatisfy(task -> assertThat(task.started.getCount()).isOne());
        first.letGo();
        Bounded.await(first.ended);
        queued.forEach(task -> Bounded.await(task.ended));
        Bounded.until("there is room again", () -> dispatcher.dispatch(added(ScriptedTask.quick())));
        assertThat(refused.runs).hasValue(0);
        assertThat(refused.discards).hasValue(0);
    }

    @Test
    @Tag("D1")
    void a_flood_is_run_by_few_threads_never_more_at_once_than_the_bound_and_none_is_lost() throws Exception {
        int count = floodTasks();
        TaskDispatcher dispatcher = open(2, 1000);
        Ledger ledger = new Ledger(count);
        Semaphore done = new Semaphore(0);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Runnable work = () -> {
            int now = inside.incrementAndGet();
            if (now > most.get()) {
                most.accumulateAndGet(now, Math::max);
            }
            if (threads.size() < MANY_THREADS) {
                threads.add(Thread.currentThread());
            }
            inside.decrementAndGet();
            done.release();
        };
        for (int k = 0; k < count; k++) {
            while (!dispatcher.dispatch(ledger.task(k, work))) {
                // saturated: a task that ends makes room
                assertThat(done.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            }
        }
        Bounded.until("all ran", () -> ran(ledger, count) == count);
        assertThat(dispatcher.shutdown(LONG)).isEmpty();
        for (int k = 0; k < count; k++) {
            if (ledger.runs(k) != 1 || ledger.discards(k) != 0) {
                throw new AssertionError(
                        "task %d: %d runs, %d discards".formatted(k, ledger.runs(k), ledger.discards(k)));
            }
        }
        assertThat(most).hasValueBetween(1, 2);
        assertThat(threads).hasSizeLessThanOrEqualTo(maxFloodThreads());
    }

    private static int ran(Ledger ledger, int count) {
        int ran = 0;
        while (ran < count && ledger.runs(ran) > 0) {
            ran++;
        }
        return ran;
    }

    @Test
    @Tag("D2")
    void in_each_interleaving_of_dispatch_and_shutdown_a_task_is_run_or_discarded_or_refused_once() throws Exception {
        int rounds = Integer.getInteger("orcrt.interleavings", 20_000);
        long seed = Long.getLong("orcrt.seed", 20_261_122);
        Interleavings all = new Interleavings(seed, rounds);
        all.play(() -> make(new DispatcherLimits(2, 2, STACK_BYTES), reports::add));
        assertThat(all.ran).as("tasks that ran").isPositive();
        assertThat(all.refused).as("tasks that came late").isPositive();
        if (queues()) {
            assertThat(all.discarded).as("tasks that waited too long").isPositive();
        }
    }

    @Test
    @Tag("D3")
    void what_a_task_throws_is_reported_once_and_disturbs_no_other() throws Exception {
        TaskDispatcher dispatcher = open(1, 10);
        List<Throwable> planted =
                List.of(new IllegalStateException("planted"), new AssertionError("planted"), new StackOverflowError());
        for (Throwable failure : planted) {
            dispatched(dispatcher, ScriptedTask.of(() -> DispatcherShutdownTest.<RuntimeException>sneak(failure)));
            assertThat(Bounded.take(reports)).isSameAs(failure);
        }
        ScriptedTask next = dispatched(dispatcher, ScriptedTask.quick());
        Bounded.await(next.ended);
        assertThat(dispatcher.shutdown(LONG)).isEmpty();
        assertThat(reports).isEmpty();
    }

    @Test
    @Tag("D3")
    void a_reporter_that_throws_disturbs_no_task() {
        CountDownLatch told = new CountDownLatch(1);
        TaskDispatcher dispatcher = make(new DispatcherLimits(1, 10, STACK_BYTES), failure -> {
            told.countDown();
            throw new IllegalStateException("planted", failure);
        });
        opened.add(dispatcher);
        dispatched(dispatcher, ScriptedTask.of(() -> {
            throw new IllegalStateException("planted");
        }));
        Bounded.await(told);
        ScriptedTask next = dispatched(dispatcher, ScriptedTask.quick());
        Bounded.await(next.ended);
    }

    @Test
    @Tag("D4")
    void a_task_that_does_not_end_is_named_with_its_stack_within_a_second_of_the_bound() {
        TaskDispatcher dispatcher = open(2, 2);
        ScriptedTask stuck = begun(dispatcher, ScriptedTask.stuck());
        Bounded.untilWaiting(stuck.thread);
        long beforeNs = System.nanoTime();
        List<String> still = dispatcher.shutdown(SHORT);
        assertThat(Duration.ofNanos(System.nanoTime() - beforeNs)).isBetween(SHORT, SHORT.plusSeconds(1));
        assertThat(still)
                .singleElement()
                .asString()
                .contains(stuck.thread.getName())
                .contains("standInThisMethod");
        assertThat(dispatcher.runsOn(stuck.thread)).isTrue();
        stuck.letGo();
        assertThat(dispatcher.shutdown(LONG)).isEmpty();
    }

    @Test
    @Tag("D5")
    void shutdown_from_inside_a_task_waits_for_the_others_but_not_for_itself() throws Exception {
        TaskDispatcher dispatcher = open(2, 2);
        ScriptedTask other = begun(dispatcher, ScriptedTask.stuck());
        BlockingQueue<List<String>> report = new LinkedBlockingQueue<>();
        ScriptedTask inside = begun(dispatcher, ScriptedTask.of(() -> {
            report.add(dispatcher.shutdown(SHORT));
            report.add(dispatcher.shutdown(LONG));
        }));
        assertThat(Bounded.take(report)).singleElement().asString().contains(other.thread.getName());
        Bounded.untilWaiting(inside.thread);
        assertThat(report).isEmpty();
        other.letGo();
        assertThat(Bounded.take(report)).isEmpty();
        Bounded.await(inside.ended);
    }

    @Test
    @Tag("D7")
    void an_interrupt_ends_the_wait_for_the_end_is_kept_and_loses_no_task() throws Exception {
        TaskDispatcher dispatcher = open(1, 2);
        ScriptedTask stuck = begun(dispatcher, ScriptedTask.stuck());
        Running<Boolean> shutdown = Bounded.start(() -> {
            assertThat(dispatcher.shutdown(LONG)).hasSize(1);
            return Thread.currentThread().isInterrupted();
        });
        Bounded.untilWaiting(shutdown.thread());
        shutdown.thread().interrupt();
        assertThat(shutdown.get()).isTrue();
        stuck.letGo();
        assertThat(dispatcher.shutdown(LONG)).isEmpty();
        assertThat(stuck.runs).hasValue(1);
        assertThat(stuck.discards).hasValue(0);
    }

    @Test
    @Tag("D7")
    void a_thread_that_was_interrupted_dispatches_all_the_same_and_stays_interrupted() throws Exception {
        TaskDispatcher dispatcher = open(1, 2);
        ScriptedTask task = added(ScriptedTask.quick());
        Running<Boolean> dispatch = Bounded.start(() -> {
            Thread.currentThread().interrupt();
            assertThat(dispatcher.dispatch(new InterruptTolerant(task))).isTrue();
            return Thread.currentThread().isInterrupted();
        });
        assertThat(dispatch.get()).isTrue();
        Bounded.await(task.ended);
        assertThat(task.runs).hasValue(1);
    }

    /// Runs a task that must not see an interrupt, and puts it back.
    private record InterruptTolerant(ScriptedTask task) implements Task {
        @Override
        public void run() {
            boolean interrupted = Thread.interrupted();
            task.run();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void discard() {
            task.discard();
        }
    }
}
