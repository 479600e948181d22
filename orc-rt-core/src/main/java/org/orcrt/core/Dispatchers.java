// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.orcrt.api.CallException;
import org.orcrt.api.Task;
import org.orcrt.api.TaskDispatcher;

/// Where incoming calls run: foreign code on threads made for one call each, everything else on the session's
/// dispatcher.
final class Dispatchers {

    /// What a thread is doing for the session.
    enum Place {
        /// No call, or one that it made itself.
        ELSEWHERE,
        /// A call, as a thread of the session's dispatcher.
        WORKER,
        /// The call that it was made for.
        OWN_THREAD
    }

    private final OwnThreadDispatcher foreign;
    private final TaskDispatcher java;
    private final WaitingWorkers workers;

    /// @param java owned by this from now on
    Dispatchers(SessionLimits limits, TaskDispatcher java) {
        this.foreign =
                new OwnThreadDispatcher(limits.ofDispatcher(), limits.stallBound(), task -> refuse(task, limits));
        this.java = java;
        this.workers = new WaitingWorkers(java, limits.maxDepth());
    }

    WaitingWorkers workers() {
        return workers;
    }

    /// @return `false` if there is no room; the call was not touched
    boolean dispatch(IncomingCall call) {
        if (call.isForeign()) {
            return foreign.dispatch(call);
        }
        boolean accepted = java.dispatch(call);
        if (accepted) {
            workers.nudge();
        }
        return accepted;
    }

    /// Whether this thread runs a call.
    ///
    /// @param thread the current one
    boolean isInsideCall(Thread thread) {
        return workers.isInside() || foreign.runsOn(thread) || java.runsOn(thread);
    }

    /// Where a thread is.
    ///
    /// @param thread the current one
    Place placeOf(Thread thread) {
        if (!workers.isInside()) {
            return Place.ELSEWHERE;
        }
        if (java.runsOn(thread)) {
            return Place.WORKER;
        }
        return foreign.runsOn(thread) ? Place.OWN_THREAD : Place.ELSEWHERE;
    }

    /// The current thread, made for one call, begins to wait for the controller. [#endWait()] must follow.
    void beginWait() {
        foreign.beginWait();
    }

    void endWait() {
        foreign.endWait();
    }

    private static void refuse(Task stalled, SessionLimits limits) {
        ((IncomingCall) stalled)
                .refuse(
                        CallException.OVERLOADED,
                        "overloaded: all %d threads for native calls have been waiting for the controller for %d ms"
                                .formatted(
                                        limits.maxNativeCalls(),
                                        limits.stallBound().toMillis()));
    }

    /// Where a call runs that is about to run on this thread, in a word.
    String placeOf(IncomingCall call) {
        if (call.isForeign()) {
            return "own thread";
        }
        return java.runsOn(Thread.currentThread()) ? "dispatcher" : "caller";
    }

    void abandon(Thread thread) {
        foreign.abandon(thread);
    }

    /// Like [TaskDispatcher#shutdown], both at once.
    List<String> shutdown(Duration bound) {
        long startedNs = System.nanoTime();
        List<String> stuck = new ArrayList<>(foreign.shutdown(bound));
        Duration left = bound.minusNanos(System.nanoTime() - startedNs);
        stuck.addAll(java.shutdown(left.isNegative() ? Duration.ZERO : left));
        return stuck;
    }
}
