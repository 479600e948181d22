// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.Task;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.spi.DispatcherLimits;
import org.orcrt.tck.Patience.Running;

/// What every dispatcher promises: `docs/spec/task-dispatcher.md`. One at which tasks wait for their turn extends
/// [QueuedTaskDispatcherContract] instead. (Upstream's `ThreadPoolTaskDispatcherTest`, and the bounds and the ends it
/// lacks.)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class TaskDispatcherContract {

    private static final Duration SHORT = Duration.ofMillis(30);

    /// How long a task waits for others that must not come.
    private static final Duration MEETING = Duration.ofMillis(100);

    private static final long STACK_BYTES = 1 << 18;

    /// More threads than this are not counted.
    private static final int MANY_THREADS = 16;

    /// What the dispatchers of [#open] reported. What a test does not take out fails it.
    protected final BlockingQueue<Throwable> reports = new LinkedBlockingQueue<>();

    private final List<ScriptedTask> tasks = new ArrayList<>();
    private final List<TaskDispatcher> opened = new ArrayList<>();

    /// For subclasses.
    protected TaskDispatcherContract() {}

    /// Makes a dispatcher, and whoever it needs to have `maxRunning` tasks run at once; these end when it is shut down.
    ///
    /// @param limits its bounds
    /// @param reporter hears of what tasks throw
    /// @return the dispatcher; the contract shuts it down
    protected abstract TaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter);

    /// Whether tasks wait for their turn. Who says so extends [QueuedTaskDispatcherContract].
    ///
    /// @return `false` unless overridden
    protected boolean queues() {
        return false;
    }

    /// How many tasks a flood has.
    ///
    /// @return fewer for a dispatcher that starts a thread for each
    protected int floodTasks() {
        return 1_000_000;
    }

    /// How many threads may run the tasks of a flood, of which two run at once.
    ///
    /// @return 16, which stands for any number, unless overridden
    protected int maxFloodThreads() {
        return MANY_THREADS;
    }

    /// Fails the test if something is still inside, or was reported.
    @AfterEach
    final void nobody_stays_behind() {
        tasks.forEach(ScriptedTask::letGo);
        for (TaskDispatcher one : opened) {
            assertEquals(List.of(), one.shutdown(Patience.bound()));
        }
        assertEquals(List.of(), List.copyOf(reports));
    }

    /// Makes a dispatcher that is shut down after the test.
    ///
    /// @param maxRunning how many tasks run at once
    /// @param maxQueued how many more wait
    /// @return the dispatcher
    protected final TaskDispatcher open(int maxRunning, int maxQueued) {
        return opened(make(limits(maxRunning, maxQueued), reports::add));
    }

    private TaskDispatcher opened(TaskDispatcher dispatcher) {
        opened.add(dispatcher);
        return dispatcher;
    }

    private static DispatcherLimits limits(int maxRunning, int maxQueued) {
        return new DispatcherLimits(maxRunning, maxQueued, STACK_BYTES);
    }

    /// Lets a task go after the test.
    ///
    /// @param task any task
    /// @return `task`
    protected final ScriptedTask added(ScriptedTask task) {
        tasks.add(task);
        return task;
    }

    /// Dispatches a task that must be accepted.
    ///
    /// @param dispatcher where
    /// @param task any task
    /// @return `task`
    protected final ScriptedTask dispatched(TaskDispatcher dispatcher, ScriptedTask task) {
        assertTrue(dispatcher.dispatch(added(task)), "accepted");
        return task;
    }

    /// Dispatches on a thread of its own, because that thread may be the one that runs the task, and waits until it
    /// runs.
    ///
    /// @param dispatcher where
    /// @param task any task
    /// @return `task`
    protected final ScriptedTask begun(TaskDispatcher dispatcher, ScriptedTask task) {
        added(task);
        Patience.start(() -> dispatcher.dispatch(task));
        Patience.await(task.started, "a task starts");
        return task;
    }

    /// Checks what became of a task.
    final void became(ScriptedTask task, int runs, int discards) {
        assertEquals(runs, task.runs.get(), "runs");
        assertEquals(discards, task.discards.get(), "discards");
    }

    @Test
    @Tag("TD-11")
    void an_idle_dispatcher_ends_at_once_and_may_be_ended_again() {
        TaskDispatcher dispatcher = open(1, 1);
        assertEquals(List.of(), dispatcher.shutdown(Duration.ZERO));
        assertEquals(List.of(), dispatcher.shutdown(Patience.bound()));
        assertEquals(List.of(), dispatcher.shutdown(Duration.ofSeconds(-1)));
    }

    @Test
    @Tag("TD-1")
    void a_task_runs_once_and_is_not_discarded() {
        TaskDispatcher dispatcher = open(1, 1);
        ScriptedTask task = dispatched(dispatcher, ScriptedTask.quick());
        Patience.await(task.ended, "the task ends");
        assertEquals(List.of(), dispatcher.shutdown(Patience.bound()));
        became(task, 1, 0);
    }

    @Test
    @Tag("TD-1")
    void where_one_task_runs_at_once_ten_of_ten_get_their_turn() {
        TaskDispatcher dispatcher = open(1, 10);
        List<ScriptedTask> ten = new ArrayList<>();
        for (int k = 0; k < 10; k++) {
            ten.add(dispatched(dispatcher, ScriptedTask.quick()));
        }
        for (ScriptedTask task : ten) {
            Patience.await(task.ended, "the task ends");
            became(task, 1, 0);
        }
    }

    @Test
    @Tag("TD-4")
    void two_tasks_that_need_each_other_both_run() {
        TaskDispatcher dispatcher = open(2, 2);
        CountDownLatch one = new CountDownLatch(1);
        CountDownLatch two = new CountDownLatch(1);
        ScriptedTask first = begun(dispatcher, ScriptedTask.of(() -> {
            one.countDown();
            Patience.await(two, "the second task starts");
        }));
        ScriptedTask second = begun(dispatcher, ScriptedTask.of(() -> {
            two.countDown();
            Patience.await(one, "the first task starts");
        }));
        Patience.await(first.ended, "the first task ends");
        Patience.await(second.ended, "the second task ends");
    }

    @Test
    @Tag("TD-7")
    void after_shutdown_a_task_is_refused_and_not_touched() {
        TaskDispatcher dispatcher = open(1, 1);
        dispatcher.shutdown(Duration.ZERO);
        ScriptedTask late = ScriptedTask.quick();
        assertFalse(dispatcher.dispatch(late), "accepted after the end");
        assertEquals(List.of(), dispatcher.shutdown(Patience.bound()));
        became(late, 0, 0);
    }

    @Test
    @Tag("TD-8")
    void a_running_task_has_ended_when_shutdown_returns_whoever_called_it() throws Exception {
        TaskDispatcher dispatcher = open(1, 1);
        ScriptedTask task = begun(dispatcher, ScriptedTask.stuck());
        Running<List<String>> first = Patience.start(() -> dispatcher.shutdown(Patience.bound()));
        Running<List<String>> second = Patience.start(() -> dispatcher.shutdown(Patience.bound()));
        Patience.untilWaiting(first.thread());
        Patience.untilWaiting(second.thread());
        assertFalse(first.task().isDone() || second.task().isDone(), "ended under a running task");
        task.letGo();
        assertEquals(List.of(), first.get());
        assertEquals(List.of(), second.get());
        assertEquals(0, task.ended.getCount(), "the task has ended");
    }

    @Test
    @Tag("TD-18")
    void a_thread_belongs_to_the_dispatcher_while_it_runs_a_task() {
        TaskDispatcher dispatcher = open(2, 2);
        ScriptedTask task = begun(dispatcher, ScriptedTask.stuck());
        Thread thread = task.thread();
        assertTrue(dispatcher.runsOn(thread), "runs on the task's thread");
        assertFalse(dispatcher.runsOn(Thread.currentThread()), "runs on a stranger");
        task.letGo();
        Patience.until("the thread is forgotten", () -> !dispatcher.runsOn(thread));
    }

    @Test
    @Tag("TD-19")
    void where_no_task_waits_none_can_be_taken() {
        TaskDispatcher dispatcher = open(2, 2);
        assertNull(dispatcher.takeQueued());
        begun(dispatcher, ScriptedTask.stuck());
        assertNull(dispatcher.takeQueued(), "the running one");
    }

    @Test
    @Tag("TD-2")
    @Tag("TD-5")
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
            assertFalse(dispatcher.dispatch(refused), "accepted beyond the bounds");
        }
        queued.forEach(task -> assertEquals(1, task.started.getCount(), "not started yet"));
        first.letGo();
        Patience.await(first.ended, "the first task ends");
        queued.forEach(task -> Patience.await(task.ended, "a queued task ends"));
        Patience.until("there is room again", () -> dispatcher.dispatch(added(ScriptedTask.quick())));
        became(refused, 0, 0);
    }

    @Test
    @Tag("TD-3")
    @Tag("D1")
    void three_tasks_never_meet_where_two_may_run_at_once() throws Exception {
        TaskDispatcher dispatcher = open(2, 1);
        CyclicBarrier three = new CyclicBarrier(3);
        AtomicBoolean met = new AtomicBoolean();
        List<Running<Boolean>> dispatching = new ArrayList<>();
        List<ScriptedTask> all = new ArrayList<>();
        for (int k = 0; k < 3; k++) {
            ScriptedTask task = added(ScriptedTask.of(() -> meet(three, met)));
            all.add(task);
            dispatching.add(Patience.start(() -> dispatcher.dispatch(task)));
        }
        for (int k = 0; k < 3; k++) {
            if (dispatching.get(k).get()) {
                Patience.await(all.get(k).ended, "an accepted task ends");
            }
        }
        assertFalse(met.get(), "three at once");
    }

    private static void meet(CyclicBarrier others, AtomicBoolean met) {
        try {
            others.await(MEETING.toMillis(), TimeUnit.MILLISECONDS);
            met.set(true);
        } catch (TimeoutException | BrokenBarrierException alone) {
            // as it should be
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @Tag("TD-1")
    @Tag("TD-3")
    @Tag("D1")
    void a_flood_is_run_by_few_threads_never_more_at_once_than_the_bound_and_none_is_lost() throws Exception {
        int count = floodTasks();
        TaskDispatcher dispatcher = open(2, 1000);
        TaskLedger ledger = new TaskLedger(count);
        Flood flood = new Flood(MANY_THREADS);
        for (int k = 0; k < count; k++) {
            while (!dispatcher.dispatch(ledger.task(k, flood))) {
                // saturated: a task that ends makes room
                assertTrue(flood.ended.tryAcquire(Patience.bound().toMillis(), TimeUnit.MILLISECONDS), "room comes");
            }
        }
        Patience.until("all ran", () -> ran(ledger, count) == count);
        assertEquals(List.of(), dispatcher.shutdown(Patience.bound()));
        for (int k = 0; k < count; k++) {
            if (ledger.runs(k) != 1 || ledger.discards(k) != 0) {
                throw new AssertionError(
                        "task %d: %d runs, %d discards".formatted(k, ledger.runs(k), ledger.discards(k)));
            }
        }
        assertTrue(flood.most.get() >= 1 && flood.most.get() <= 2, "at most 2 at once, not " + flood.most);
        assertTrue(flood.threads.size() <= maxFloodThreads(), "threads: " + flood.threads);
    }

    private static int ran(TaskLedger ledger, int count) {
        int ran = 0;
        while (ran < count && ledger.runs(ran) > 0) {
            ran++;
        }
        return ran;
    }

    @Test
    @Tag("TD-1")
    @Tag("TD-2")
    @Tag("D2")
    void in_each_interleaving_of_dispatch_and_shutdown_a_task_is_run_or_discarded_or_refused_once() throws Exception {
        int rounds = Integer.getInteger("orcrt.interleavings", 20_000);
        long seed = Long.getLong("orcrt.seed", 20_261_122);
        Interleavings all = new Interleavings(seed, rounds);
        all.play(() -> make(limits(2, 2), reports::add));
        assertTrue(all.ran() > 0, "some tasks ran");
        assertTrue(all.refused() > 0, "some tasks came late");
        assertTrue(all.discarded() > 0 || !queues(), "some tasks waited too long");
    }

    @Test
    @Tag("TD-15")
    @Tag("D3")
    void what_a_task_throws_is_reported_once_and_disturbs_no_other() throws Exception {
        TaskDispatcher dispatcher = open(1, 10);
        List<Throwable> planted =
                List.of(new IllegalStateException("planted"), new AssertionError("planted"), new StackOverflowError());
        for (Throwable failure : planted) {
            dispatched(dispatcher, ScriptedTask.of(() -> TaskDispatcherContract.<RuntimeException>sneak(failure)));
            assertSame(failure, Patience.take(reports, "a report"));
        }
        ScriptedTask next = dispatched(dispatcher, ScriptedTask.quick());
        Patience.await(next.ended, "the next task ends");
        assertEquals(List.of(), dispatcher.shutdown(Patience.bound()));
        assertEquals(List.of(), List.copyOf(reports));
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }

    @Test
    @Tag("TD-17")
    @Tag("D3")
    void a_reporter_that_throws_disturbs_no_task() {
        CountDownLatch told = new CountDownLatch(1);
        TaskDispatcher dispatcher = opened(make(limits(1, 10), failure -> {
            told.countDown();
            throw new IllegalStateException("planted", failure);
        }));
        dispatched(dispatcher, ScriptedTask.of(() -> {
            throw new IllegalStateException("planted");
        }));
        Patience.await(told, "the reporter hears");
        ScriptedTask next = dispatched(dispatcher, ScriptedTask.quick());
        Patience.await(next.ended, "the next task ends");
    }

    @Test
    @Tag("TD-10")
    @Tag("D4")
    void a_task_that_does_not_end_is_named_with_its_stack_within_a_second_of_the_bound() {
        TaskDispatcher dispatcher = open(2, 2);
        ScriptedTask stuck = begun(dispatcher, ScriptedTask.stuck());
        Patience.untilWaiting(stuck.thread());
        long beforeNs = System.nanoTime();
        List<String> still = dispatcher.shutdown(SHORT);
        Duration took = Duration.ofNanos(System.nanoTime() - beforeNs);
        assertTrue(took.compareTo(SHORT) >= 0 && took.compareTo(SHORT.plusSeconds(1)) <= 0, "took " + took);
        assertEquals(1, still.size(), still.toString());
        assertTrue(still.getFirst().contains(stuck.thread().getName()), still.toString());
        assertTrue(still.getFirst().contains("standInThisMethod"), still.toString());
        assertTrue(dispatcher.runsOn(stuck.thread()), "the task runs on");
        stuck.letGo();
        assertEquals(List.of(), dispatcher.shutdown(Patience.bound()), "a later call waits again");
    }

    @Test
    @Tag("TD-12")
    @Tag("D5")
    void shutdown_from_inside_a_task_waits_for_the_others_but_not_for_itself() throws Exception {
        TaskDispatcher dispatcher = open(2, 2);
        ScriptedTask other = begun(dispatcher, ScriptedTask.stuck());
        BlockingQueue<List<String>> report = new LinkedBlockingQueue<>();
        ScriptedTask inside = begun(dispatcher, ScriptedTask.of(() -> {
            report.add(dispatcher.shutdown(SHORT));
            report.add(dispatcher.shutdown(Patience.bound()));
        }));
        List<String> still = Patience.take(report, "the first shutdown returns");
        assertEquals(1, still.size(), still.toString());
        assertTrue(still.getFirst().contains(other.thread().getName()), still.toString());
        Patience.untilWaiting(inside.thread());
        assertEquals(0, report.size(), "the second shutdown waits");
        other.letGo();
        assertEquals(List.of(), Patience.take(report, "the second shutdown returns"));
        Patience.await(inside.ended, "the task ends");
    }

    @Test
    @Tag("TD-13")
    @Tag("D7")
    void an_interrupt_ends_the_wait_for_the_end_is_kept_and_loses_no_task() throws Exception {
        TaskDispatcher dispatcher = open(1, 2);
        ScriptedTask stuck = begun(dispatcher, ScriptedTask.stuck());
        Running<Boolean> shutdown = Patience.start(() -> {
            assertEquals(1, dispatcher.shutdown(Duration.ofMinutes(2)).size());
            return Thread.currentThread().isInterrupted();
        });
        Patience.untilWaiting(shutdown.thread());
        shutdown.thread().interrupt();
        assertTrue(shutdown.get(), "still interrupted");
        stuck.letGo();
        assertEquals(List.of(), dispatcher.shutdown(Patience.bound()));
        became(stuck, 1, 0);
    }

    @Test
    @Tag("TD-14")
    @Tag("D7")
    void a_thread_that_was_interrupted_dispatches_all_the_same_and_stays_interrupted() throws Exception {
        TaskDispatcher dispatcher = open(1, 2);
        ScriptedTask task = added(ScriptedTask.quick());
        Running<Boolean> dispatch = Patience.start(() -> {
            Thread.currentThread().interrupt();
            assertTrue(dispatcher.dispatch(new InterruptTolerant(task)), "accepted");
            return Thread.currentThread().isInterrupted();
        });
        assertTrue(dispatch.get(), "still interrupted");
        Patience.await(task.ended, "the task ends");
        became(task, 1, 0);
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
