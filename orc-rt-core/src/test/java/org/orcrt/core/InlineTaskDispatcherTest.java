// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.spi.DispatcherLimits;
import org.orcrt.tck.ScriptedTask;
import org.orcrt.tck.TaskDispatcherContract;
import org.orcrt.testing.Bounded;

/// The contract in place, and how deep it goes.
class InlineTaskDispatcherTest extends TaskDispatcherContract {

    @Override
    protected TaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter) {
        return new InlineTaskDispatcher(limits, reporter);
    }

    @Override
    protected int maxFloodThreads() {
        return 1;
    }

    @Test
    void a_task_has_run_on_the_dispatching_thread_when_dispatch_returns() {
        TaskDispatcher dispatcher = open(1, 0);
        ScriptedTask task = dispatched(dispatcher, ScriptedTask.quick());
        assertThat(task.thread()).isSameAs(Thread.currentThread());
        assertThat(task.ended.getCount()).isZero();
        assertThat(dispatcher.runsOn(Thread.currentThread())).isFalse();
    }

    @Test
    @Tag("D1")
    void tasks_nest_as_deep_as_the_bound_and_one_more_is_refused() {
        TaskDispatcher dispatcher = open(3, 100);
        List<Boolean> accepted = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            nest(dispatcher, accepted);
            assertThat(accepted).as("innermost first").containsExactly(false, true, true, true);
            accepted.clear();
        }
    }

    private void nest(TaskDispatcher dispatcher, List<Boolean> accepted) {
        accepted.add(dispatcher.dispatch(added(ScriptedTask.of(() -> {
            nest(dispatcher, accepted);
            assertThat(dispatcher.runsOn(Thread.currentThread()))
                    .as("the outer task goes on")
                    .isTrue();
        }))));
    }

    @Test
    @Tag("D1")
    void the_bound_holds_over_all_threads_together() {
        TaskDispatcher dispatcher = open(2, 100);
        ScriptedTask stuck = begun(dispatcher, ScriptedTask.stuck());
        List<Boolean> accepted = new ArrayList<>();
        nest(dispatcher, accepted);
        assertThat(accepted).containsExactly(false, true);
        stuck.letGo();
        Bounded.await(stuck.ended);
    }

    @Test
    @Tag("D5")
    void shutdown_from_a_nested_task_does_not_wait_for_the_outer_one() {
        TaskDispatcher dispatcher = open(3, 0);
        List<List<String>> reports = new ArrayList<>();
        List<Boolean> accepted = new ArrayList<>();
        dispatched(
                dispatcher,
                ScriptedTask.of(() -> accepted.add(dispatcher.dispatch(
                        ScriptedTask.of(() -> reports.add(dispatcher.shutdown(Duration.ofDays(1))))))));
        assertThat(accepted).containsExactly(true);
        assertThat(reports).containsExactly(List.of());
    }
}
