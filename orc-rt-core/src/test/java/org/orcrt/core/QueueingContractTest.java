// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.Task;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.spi.DispatcherLimits;
import org.orcrt.tck.QueuedTaskDispatcherContract;
import org.orcrt.testing.Bounded;

/// The queue keeps the contract when somebody comes for the tasks; [QueueingTaskDispatcherTest] has what is
/// its own.
class QueueingContractTest extends QueuedTaskDispatcherContract {

    @Override
    protected TaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter) {
        QueueingTaskDispatcher queue = new QueueingTaskDispatcher(limits, reporter);
        for (int k = 0; k < limits.maxRunning(); k++) {
            Bounded.start(() -> {
                for (@Nullable Task task = next(queue); task != null; task = next(queue)) {
                    task.run();
                }
                return null;
            });
        }
        return queue;
    }

    private static @Nullable Task next(QueueingTaskDispatcher queue) {
        return queue.takeFirst(Duration.ofMinutes(2));
    }

    @Override
    protected int maxFloodThreads() {
        return 2;
    }
}
