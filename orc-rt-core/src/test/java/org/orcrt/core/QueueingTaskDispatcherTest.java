// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.api.Task;
import org.orcrt.spi.DispatcherLimits;
import org.orcrt.tck.ScriptedTask;
import org.orcrt.tck.TaskLedger;
import org.orcrt.testing.Bounded;
import org.orcrt.testing.Bounded.Running;

/// Tasks that somebody comes for. Upstream's `QueueingTaskDispatcherTest` and `QueueingRunnerTest`; where
/// upstream lets queued tasks be taken after the end, ours are discarded at the end.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QueueingTaskDispatcherTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(30);

    private final List<Throwable> reports = new CopyOnWriteArrayList<>();
    private final List<Integer> order = new CopyOnWriteArrayList<>();
    private final QueueingTaskDispatcher queue =
            new QueueingTaskDispatcher(new DispatcherLimits(1, 10_000, 0), reports::add);

    @AfterEach
    void nothing_is_left() {
        assertThat(queue.shutdown(LONG)).isEmpty();
        assertThat(reports).isEmpty();
    }

    private void dispatchNumbers(int count) {
        for (int k = 0; k < count; k++) {
            int mine = k;
            assertThat(queue.dispatch(ScriptedTask.of(() -> order.add(mine)))).isTrue();
        }
    }

    private static Task taken(@Nullable Task task) {
        assertThat(task).isNotNull();
        return task;
    }

    @Test
    void a_task_does_not_run_before_it_is_taken_and_run() {
        ScriptedTask task = ScriptedTask.quick();
        assertThat(queue.dispatch(task)).isTrue();
        Task taken = taken(queue.takeFirst(Duration.ZERO));
        assertThat(task.runs).hasValue(0);
        taken.run();
        assertThat(task.runs).hasValue(1);
        assertThat(task.thread()).isSameAs(Thread.currentThread());
        assertThat(queue.takeFirst(Duration.ZERO)).isNull();
    }

    @Test
    void the_first_comes_first() {
        dispatchNumbers(3);
        for (int k = 0; k < 3; k++) {
            taken(queue.takeFirst(LONG)).run();
        }
        assertThat(order).containsExactly(0, 1, 2);
        assertThat(queue.takeFirst(Duration.ZERO)).isNull();
    }

    @Test
    void or_the_last_comes_first() {
        dispatchNumbers(3);
        for (int k = 0; k < 3; k++) {
            taken(queue.takeLast(LONG)).run();
        }
        assertThat(order).containsExactly(2, 1, 0);
        assertThat(queue.takeLast(Duration.ZERO)).isNull();
    }

    @Test
    void both_ends_may_be_taken_from() {
        dispatchNumbers(3);
        taken(queue.takeLast(LONG)).run();
        taken(queue.takeFirst(LONG)).run();
        taken(queue.takeLast(LONG)).run();
        assertThat(order).containsExactly(2, 0, 1);
        assertThat(queue.takeFirst(Duration.ZERO)).isNull();
    }

    @Test
    void all_are_run_in_their_order() {
        dispatchNumbers(3);
        assertThat(queue.runFifoUntilEmpty()).isEqualTo(3);
        assertThat(order).containsExactly(0, 1, 2);
        assertThat(queue.runFifoUntilEmpty()).as("nothing is left").isZero();
    }

    @Test
    void or_in_the_reverse_of_it() {
        dispatchNumbers(3);
        assertThat(queue.runLifoUntilEmpty()).isEqualTo(3);
        assertThat(order).containsExactly(2, 1, 0);
        assertThat(queue.runLifoUntilEmpty()).as("nothing is left").isZero();
    }

    @Test
    void tasks_that_come_while_the_queue_is_emptied_are_run_too() {
        assertThat(queue.dispatch(ScriptedTask.of(() -> dispatchNumbers(2)))).isTrue();
        assertThat(queue.runFifoUntilEmpty()).isEqualTo(3);
        assertThat(queue.dispatch(ScriptedTask.of(() -> dispatchNumbers(2)))).isTrue();
        assertThat(queue.runLifoUntilEmpty()).isEqualTo(3);
        assertThat(order).containsExactly(0, 1, 1, 0);
    }

    @Test
    void a_task_may_empty_the_queue_itself() {
        List<Integer> nested = new ArrayList<>();
        assertThat(queue.dispatch(ScriptedTask.of(() -> {
                    nested.add(queue.runFifoUntilEmpty());
                    assertThat(queue.runsOn(Thread.currentThread())).isTrue();
                })))
                .isTrue();
        dispatchNumbers(2);
        assertThat(queue.runFifoUntilEmpty()).isOne();
        assertThat(nested).containsExactly(2);
        assertThat(queue.runsOn(Thread.currentThread())).isFalse();
    }

    @Test
    void who_comes_too_early_waits_for_a_task() throws Exception {
        for (boolean first : new boolean[] {true, false}) {
            Running<@Nullable Task> taker = Bounded.start(() -> first ? queue.takeFirst(LONG) : queue.takeLast(LONG));
            Bounded.untilWaiting(taker.thread());
            dispatchNumbers(1);
            taken(taker.get()).run();
        }
        assertThat(order).containsExactly(0, 0);
    }

    @Test
    void who_waits_in_vain_gets_nothing_after_the_time() {
        long beforeNs = System.nanoTime();
        assertThat(queue.takeFirst(SHORT)).isNull();
        assertThat(queue.takeLast(SHORT)).isNull();
        assertThat(Duration.ofNanos(System.nanoTime() - beforeNs)).isGreaterThanOrEqualTo(SHORT.multipliedBy(2));
    }

    @Test
    void the_end_sends_away_all_who_wait() throws Exception {
        List<Running<@Nullable Task>> takers = new ArrayList<>();
        for (int k = 0; k < 3; k++) {
            takers.add(Bounded.start(() -> queue.takeFirst(Duration.ofDays(1))));
        }
        takers.forEach(taker -> Bounded.untilWaiting(taker.thread()));
        assertThat(queue.shutdown(LONG)).isEmpty();
        for (Running<@Nullable Task> taker : takers) {
            assertThat(taker.get()).isNull();
        }
        assertThat(queue.takeFirst(Duration.ofDays(1))).as("later, too").isNull();
        assertThat(queue.runFifoUntilEmpty()).isZero();
    }

    @Test
    @Tag("D1")
    void a_full_queue_refuses() {
        QueueingTaskDispatcher two = new QueueingTaskDispatcher(new DispatcherLimits(1, 2, 0), reports::add);
        ScriptedTask refused = ScriptedTask.quick();
        assertThat(two.dispatch(ScriptedTask.quick())).isTrue();
        assertThat(two.dispatch(ScriptedTask.quick())).isTrue();
        assertThat(two.dispatch(refused)).isFalse();
        taken(two.takeFirst(Duration.ZERO)).run();
        assertThat(two.dispatch(ScriptedTask.quick())).isTrue();
        assertThat(two.runFifoUntilEmpty()).isEqualTo(2);
        assertThat(refused.runs).hasValue(0);
        assertThat(refused.discards).hasValue(0);
    }

    @Test
    void many_producers_and_one_consumer_lose_nothing() throws Exception {
        TaskLedger ledger = new TaskLedger(100);
        Running<Integer> consumer = Bounded.start(() -> {
            for (int k = 0; k < 100; k++) {
                taken(queue.takeFirst(LONG)).run();
            }
            return 100;
        });
        Bounded.together(4, producer -> () -> {
            for (int k = 0; k < 25; k++) {
                assertThat(queue.dispatch(ledger.task(producer * 25 + k, () -> {})))
                        .isTrue();
            }
            return null;
        });
        assertThat(consumer.get()).isEqualTo(100);
        assertThat(IntStream.range(0, 100)).allMatch(k -> ledger.runs(k) == 1);
    }

    @Test
    void one_producers_tasks_run_in_its_order_while_somebody_empties_the_queue() throws Exception {
        Running<@Nullable Void> producer = Bounded.start(() -> {
            dispatchNumbers(1024);
            return null;
        });
        Bounded.until("all ran", () -> {
            queue.runFifoUntilEmpty();
            return order.size() == 1024;
        });
        producer.get();
        assertThat(order).isEqualTo(IntStream.range(0, 1024).boxed().toList());
    }

    @Test
    void a_taken_task_is_run_or_discarded_once() {
        ScriptedTask first = ScriptedTask.quick();
        ScriptedTask second = ScriptedTask.quick();
        assertThat(queue.dispatch(first)).isTrue();
        assertThat(queue.dispatch(second)).isTrue();
        Task ran = taken(queue.takeFirst(LONG));
        ran.run();
        assertThatIllegalStateException().isThrownBy(ran::run).withMessageContaining("run or discarded once");
        assertThatIllegalStateException().isThrownBy(ran::discard);
        Task discarded = taken(queue.takeFirst(LONG));
        discarded.discard();
        assertThatIllegalStateException().isThrownBy(discarded::run);
        assertThat(first.runs).hasValue(1);
        assertThat(first.discards).hasValue(0);
        assertThat(second.runs).hasValue(0);
        assertThat(second.discards).hasValue(1);
    }

    @Test
    @Tag("D3")
    void what_a_task_throws_does_not_reach_who_runs_it() {
        IllegalStateException planted = new IllegalStateException("planted");
        assertThat(queue.dispatch(ScriptedTask.of(() -> {
                    throw planted;
                })))
                .isTrue();
        dispatchNumbers(1);
        assertThat(queue.runFifoUntilEmpty()).isEqualTo(2);
        assertThat(order).containsExactly(0);
        assertThat(reports).containsExactly(planted);
        reports.clear();
    }

    @Test
    @Tag("D4")
    void shutdown_waits_for_a_task_that_was_taken_and_names_who_has_it() throws Exception {
        assertThat(queue.dispatch(ScriptedTask.quick())).isTrue();
        Running<@Nullable Task> taker = Bounded.start(() -> queue.takeFirst(LONG));
        Task task = taken(taker.get());
        assertThat(queue.shutdown(SHORT)).singleElement().asString().startsWith("test-helper");
        Running<List<String>> shutdown = Bounded.start(() -> queue.shutdown(LONG));
        Bounded.untilWaiting(shutdown.thread());
        task.run();
        assertThat(shutdown.get()).isEmpty();
    }

    @Test
    @Tag("D5")
    void who_has_taken_a_task_may_end_the_queue_and_does_not_wait_for_himself() {
        ScriptedTask task = ScriptedTask.quick();
        assertThat(queue.dispatch(task)).isTrue();
        Task taken = taken(queue.takeFirst(LONG));
        assertThat(queue.runsOn(Thread.currentThread())).isTrue();
        assertThat(queue.shutdown(Duration.ofDays(1))).isEmpty();
        taken.run();
        assertThat(task.runs).hasValue(1);
        assertThat(queue.runsOn(Thread.currentThread())).isFalse();
    }

    @Test
    @Tag("D7")
    void an_interrupt_ends_the_wait_for_a_task_is_kept_and_loses_none() throws Exception {
        Running<Boolean> taker = Bounded.start(() -> {
            assertThat(queue.takeFirst(Duration.ofDays(1))).isNull();
            return Thread.currentThread().isInterrupted();
        });
        Bounded.untilWaiting(taker.thread());
        taker.thread().interrupt();
        assertThat(taker.get()).isTrue();
        dispatchNumbers(1);
        Running<Boolean> interrupted = Bounded.start(() -> {
            Thread.currentThread().interrupt();
            Task task = taken(queue.takeFirst(LONG));
            boolean kept = Thread.interrupted();
            task.run();
            return kept;
        });
        assertThat(interrupted.get()).isTrue();
        assertThat(order).containsExactly(0);
    }
}
