// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs tasks on threads of its own choice, within bounds.
public interface TaskDispatcher {

    /// Takes a task. Any thread; does not block.
    ///
    /// @param task owned by the callee if accepted: it will be run or discarded, exactly once
    /// @return `false` if the dispatcher is saturated or shut down; the task was not touched
    boolean dispatch(Task task);

    /// Takes back a task that waits for a thread, so that a thread which waits inside a task can run it meanwhile.
    ///
    /// @return the task that waited longest, owned by the caller, or `null` if none waits
    default @Nullable Task takeQueued() {
        return null;
    }

    /// Tells whether a thread belongs to this dispatcher.
    ///
    /// @param thread any thread
    /// @return whether tasks run on it
    boolean runsOn(Thread thread);

    /// Refuses new tasks, discards queued ones, and waits for running ones, at most as long as told. Idempotent.
    ///
    /// @param bound how long to wait for running tasks
    /// @return names of the tasks that still run, with where they are; empty if all ended
    List<String> shutdown(Duration bound);
}
