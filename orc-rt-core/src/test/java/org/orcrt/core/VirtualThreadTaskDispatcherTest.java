// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.spi.DispatcherLimits;
import org.orcrt.tck.QueuedTaskDispatcherContract;
import org.orcrt.tck.ScriptedTask;
import org.orcrt.testing.Bounded;

/// The contract on virtual threads.
class VirtualThreadTaskDispatcherTest extends QueuedTaskDispatcherContract {

    @Override
    protected TaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter) {
        return new VirtualThreadTaskDispatcher(limits, reporter);
    }

    @Test
    void each_task_has_a_virtual_thread_of_its_own_with_a_name() {
        TaskDispatcher dispatcher = open(2, 2);
        ScriptedTask first = begun(dispatcher, ScriptedTask.stuck());
        ScriptedTask second = begun(dispatcher, ScriptedTask.stuck());
        assertThat(first.thread().isVirtual()).isTrue();
        assertThat(first.thread().getName()).isEqualTo("orc-virtual-1");
        assertThat(second.thread().isVirtual()).isTrue();
        assertThat(second.thread().getName()).isEqualTo("orc-virtual-2");
        first.letGo();
        Bounded.await(first.ended);
        ScriptedTask third = begun(dispatcher, ScriptedTask.quick());
        assertThat(third.thread().getName()).isEqualTo("orc-virtual-3");
    }

    @Test
    void far_more_tasks_wait_at_once_than_there_are_carriers() {
        int many = 1000;
        TaskDispatcher dispatcher = open(many, 0);
        ScriptedTask[] all = new ScriptedTask[many];
        for (int k = 0; k < many; k++) {
            all[k] = dispatched(dispatcher, ScriptedTask.stuck());
        }
        for (ScriptedTask task : all) {
            Bounded.await(task.started);
        }
        assertThat(dispatcher.dispatch(ScriptedTask.quick())).isFalse();
    }
}
