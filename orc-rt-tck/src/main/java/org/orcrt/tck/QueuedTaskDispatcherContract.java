// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.api.Task;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.tck.Patience.Running;

/// What a dispatcher promises to tasks that wait for their turn, besides what every dispatcher does.
public abstract class QueuedTaskDispatcherContract extends TaskDispatcherContract {

    /// For subclasses.
    protected QueuedTaskDispatcherContract() {}

    @Override
    protected final boolean queues() {
        return true;
    }

    @Test
    @Tag("TD-6")
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
            assertEquals(k, Patience.take(order, "task " + k));
        }
    }

    @Test
    @Tag("TD-19")
    void the_task_that_waited_longest_can_be_taken_and_belongs_to_the_taker() {
        TaskDispatcher dispatcher = open(1, 2);
        begun(dispatcher, ScriptedTask.stuck());
        ScriptedTask first = dispatched(dispatcher, ScriptedTask.quick());
        ScriptedTask second = dispatched(dispatcher, ScriptedTask.quick());
        assertSame(first, dispatcher.takeQueued());
        assertSame(second, dispatcher.takeQueued());
        nobody_stays_behind();
        became(first, 0, 0);
        became(second, 0, 0);
    }

    @Test
    @Tag("TD-9")
    void a_task_that_waits_at_shutdown_is_discarded_once_and_never_runs() throws Exception {
        TaskDispatcher dispatcher = open(1, 5);
        ScriptedTask running = begun(dispatcher, ScriptedTask.stuck());
        List<ScriptedTask> queued = new ArrayList<>();
        for (int k = 0; k < 5; k++) {
            queued.add(dispatched(dispatcher, ScriptedTask.quick()));
        }
        Running<List<String>> shutdown = Patience.start(() -> dispatcher.shutdown(Patience.bound()));
        queued.forEach(task -> Patience.await(task.ended, "a queued task is discarded while another runs"));
        assertEquals(1, running.ended.getCount(), "the running one runs on");
        running.letGo();
        assertEquals(List.of(), shutdown.get());
        assertEquals(List.of(), dispatcher.shutdown(Patience.bound()));
        queued.forEach(task -> became(task, 0, 1));
        became(running, 1, 0);
    }

    @Test
    @Tag("TD-16")
    @Tag("D3")
    void a_discard_that_throws_is_reported_once_and_the_others_are_discarded_all_the_same() throws Exception {
        TaskDispatcher dispatcher = open(1, 3);
        ScriptedTask running = begun(dispatcher, ScriptedTask.stuck());
        ScriptedTask before = dispatched(dispatcher, ScriptedTask.quick());
        IllegalStateException planted = new IllegalStateException("planted");
        assertTrue(dispatcher.dispatch(new ThrowsAtDiscard(planted)), "accepted");
        ScriptedTask after = dispatched(dispatcher, ScriptedTask.quick());
        Running<List<String>> shutdown = Patience.start(() -> dispatcher.shutdown(Patience.bound()));
        assertSame(planted, Patience.take(reports, "a report"));
        Patience.await(before.ended, "the one before is discarded");
        Patience.await(after.ended, "the one behind is discarded");
        running.letGo();
        assertEquals(List.of(), shutdown.get());
        became(before, 0, 1);
        became(after, 0, 1);
    }

    @Test
    @Tag("TD-9")
    @Tag("TD-12")
    @Tag("D5")
    void shutdown_from_inside_a_task_discards_what_waits() {
        TaskDispatcher dispatcher = open(1, 1);
        ScriptedTask inside = begun(dispatcher, ScriptedTask.stuckThen(() -> dispatcher.shutdown(Patience.bound())));
        ScriptedTask queued = dispatched(dispatcher, ScriptedTask.quick());
        inside.letGo();
        Patience.await(inside.ended, "the task ends");
        became(queued, 0, 1);
    }

    @Test
    @Tag("TD-9")
    @Tag("TD-13")
    @Tag("D7")
    void an_interrupted_thread_that_ends_the_dispatcher_discards_what_waits() throws Exception {
        TaskDispatcher dispatcher = open(1, 1);
        ScriptedTask stuck = begun(dispatcher, ScriptedTask.stuck());
        ScriptedTask queued = dispatched(dispatcher, ScriptedTask.quick());
        Running<Boolean> shutdown = Patience.start(() -> {
            Thread.currentThread().interrupt();
            assertEquals(1, dispatcher.shutdown(Patience.bound()).size());
            return Thread.currentThread().isInterrupted();
        });
        assertTrue(shutdown.get(), "still interrupted");
        became(queued, 0, 1);
        assertEquals(1, stuck.ended.getCount(), "the running one runs on");
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
