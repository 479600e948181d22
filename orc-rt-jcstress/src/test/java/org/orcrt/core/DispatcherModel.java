// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.orcrt.races.Fate;
import org.orcrt.races.TaskRunner;
import org.orcrt.races.planted.HastyTaskRunner;

/// The dispatcher for Lincheck. When its threads do what is not for the callers to decide: only the end is
/// looked at: what became of each task.
public abstract class DispatcherModel {

    private final TaskRunner dispatcher;
    private final List<Fate> tasks = new CopyOnWriteArrayList<>();

    DispatcherModel(TaskRunner dispatcher) {
        this.dispatcher = dispatcher;
    }

    /// Ours.
    public static final class Real extends DispatcherModel {

        /// A new one.
        public Real() {
            super(new RealTaskRunner());
        }
    }

    /// With the bug.
    public static final class WithBug extends DispatcherModel {

        /// A new one.
        public WithBug() {
            super(new HastyTaskRunner());
        }
    }

    /// Hands a task over.
    @Operation
    public void dispatch() {
        Fate task = new Fate();
        tasks.add(task);
        task.handTo(dispatcher);
    }

    /// Ends everything.
    @Operation
    public void shutdown() {
        dispatcher.shutdown();
    }

    /// Each task was run or discarded once, or refused.
    @Validate
    public void noTaskIsLostOrTwice() {
        dispatcher.shutdown();
        for (Fate task : tasks) {
            switch (task.toString()) {
                case "RUN", "DISCARDED", "REFUSED" -> {}
                default -> throw new IllegalStateException("fates of the tasks: " + tasks);
            }
        }
    }
}
