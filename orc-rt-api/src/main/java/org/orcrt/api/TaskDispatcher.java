// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs tasks on threads of its own choice, within bounds. What a task throws harms no other task and is
/// reported once, to whom the maker of the dispatcher named ([org.orcrt.spi.TaskDispatcherProvider#create]
/// takes an [ErrorReporter]).
public interface TaskDispatcher {

    /// Takes a task. Any thread; does not block, unless the dispatcher runs tasks in place and says so.
    ///
    /// @param task owned by the callee if accepted: it will be run or discarded, exactly once
    /// @return `false` if the dispatcher is saturated or shut down, or the system has no thread left; the
    ///         task was not touched
    boolean dispatch(Task task);

    /// Takes back a task that waits for a thread, so that a thread which waits inside a task can run it meanwhile.
    ///
    /// @return the task that waited longest, owned by the caller, or `null` if none waits
    default @Nullable Task takeQueued() {
        return null;
    }

    /// Tells whether a thread is inside a task of this dispatcher.
    ///
    /// @param thread any thread
    /// @return whether a task runs on it now
    boolean runsOn(Thread thread);

    /// Refuses new tasks, discards queued ones, and waits for running ones, at most as long as told.
    /// Idempotent. Any thread; one that is inside a task waits for the others but not for itself. An
    /// interrupt ends the wait; the flag is kept.
    ///
    /// @param bound how long to wait for running tasks
    /// @return names of the threads whose tasks still run, with where they are, without the calling thread;
    ///         empty if all ended
    List<String> shutdown(Duration bound);
}
