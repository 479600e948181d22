// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.api.Task;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.testing.Bounded;
import org.orcrt.testing.Bounded.Running;

/// What a dispatcher promises to tasks that wait for their turn.
abstract class QueuedDispatcherContract extends DispatcherContract {

    @Test
    void tasks_that_wait_start_in_the_order_in_which_they_came() throws Exception {
        TaskDispatcher dispatcher = open(1, 100);
        ScriptedTask blocker = begun(dispatcher, ScriptedTask.stuck());
        BlockingQueue<Integer> order = new LinkedBlockingQueue<>();
        for (int k = 0; k < 100; k++) {
            int mine = k;
            dispatched(dispatcher, ScriptedTask.of(() -> order.add(mine)));
        }
        blocker.letGo();
        for (int k = 0; k < 100; k++) {
            assertThat(Bounded.take(order)).isEqualTo(k);
        }
    }

    @Test
    void a_task_that_waits_at_shutdown_is_discarded_once_and_never_runs() throws Exception {
        TaskDispatcher dispatcher = open(1, 5);
        ScriptedTask running = begun(dispatcher, ScriptedTask.stuck());
        List<ScriptedTask> queued = new ArrayList<>();
        for (int k = 0; k < 5; k++) {
            queued.add(dispatched(dispatcher, ScriptedTask.quick()));
        }
        Running<List<String>> shutdown = Bounded.start(() -> dispatcher.shutdown(LONG));
        queued.forEach(task -> Bounded.await(task.ended));
        assertThat(running.ended.getCount())
                .as("discarded while another still runs")
                .isOne();
        running.letGo();
        assertThat(shutdown.get()).isEmpty();
        assertThat(dispatcher.shutdown(LONG)).isEmpty();
        assertThat(queued).allSatisfy(task -> {
            assertThat(task.discards).hasValue(1);
            assertThat(task.runs).hasValue(0);
        });
        assertThat(running.runs).hasValue(1);
        assertThat(running.discards).hasValue(0);
    }

    @Test
    @Tag("D3")
    void a_discard_that_throws_is_reported_once_and_the_others_are_discarded_all_the_same() throws Exception {
        TaskDispatcher dispatcher = open(1, 3);
        ScriptedTask running = begun(dispatcher, ScriptedTask.stuck());
        ScriptedTask before = dispatched(dispatcher, ScriptedTask.quick());
        IllegalStateException planted = new IllegalStateException("planted");
        assertThat(dispatcher.dispatch(new ThrowsAtDiscard(planted))).isTrue();
        ScriptedTask after = dispatched(dispatcher, ScriptedTask.quick());
        Running<List<String>> shutdown = Bounded.start(() -> dispatcher.shutdown(LONG));
        assertThat(Bounded.take(reports)).isSameAs(planted);
        Bounded.await(before.ended);
        Bounded.await(after.ended);
        running.letGo();
        assertThat(shutdown.get()).isEmpty();
        assertThat(List.of(before, after))
                .allSatisfy(task -> assertThat(task.discards).hasValue(1));
    }

    @Test
    @Tag("D5")
    void shutdown_from_inside_a_task_discards_what_waits() {
        TaskDispatcher dispatcher = open(1, 1);
        ScriptedTask inside = begun(dispatcher, ScriptedTask.stuckThen(() -> dispatcher.shutdown(LONG)));
        ScriptedTask queued = dispatched(dispatcher, ScriptedTask.quick());
        inside.letGo();
        Bounded.await(inside.ended);
        assertThat(queued.discards).hasValue(1);
        assertThat(queued.runs).hasValue(0);
    }

    @Test
    @Tag("D7")
    void an_interrupted_thread_that_ends_the_dispatcher_discards_what_waits() throws Exception {
        TaskDispatcher dispatcher = open(1, 1);
        ScriptedTask stuck = begun(dispatcher, ScriptedTask.stuck());
        ScriptedTask queued = dispatched(dispatcher, ScriptedTask.quick());
        Running<Boolean> shutdown = Bounded.start(() -> {
            Thread.currentThread().interrupt();
            assertThat(dispatcher.shutdown(LONG)).hasSize(1);
            return Thread.currentThread().isInterrupted();
        });
        assertThat(shutdown.get()).isTrue();
        assertThat(queued.discards).hasValue(1);
        assertThat(stuck.ended.getCount()).isOne();
    }

    private record ThrowsAtDiscard(RuntimeException planted) implements Task {
        @Override
        public void run() {
            throw new AssertionError("it was to be discarded");
        }

        @Override
        public void discard() {
            throw planted;
        }
    }
}
