// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.Task;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.wire.BlockingCall;

/// Threads of the dispatcher that wait for an answer of the controller inside a call of the controller. They run
/// further calls meanwhile: with all workers waiting there would be nobody else, and the answer may depend on them. So
/// calls can be nested even with one worker, up to a depth; deeper ones are refused, not left waiting.
final class WaitingWorkers {

    /// Calls of this session on each thread's stack.
    private static final class Depth {
        private int calls;
    }

    private final TaskDispatcher dispatcher;
    private final int maxDepth;
    private final ThreadLocal<Depth> depth = ThreadLocal.withInitial(Depth::new);

    /// Guarded by itself.
    private final List<BlockingCall> waiting = new ArrayList<>();

    WaitingWorkers(TaskDispatcher dispatcher, int maxDepth) {
        this.dispatcher = dispatcher;
        this.maxDepth = maxDepth;
    }

    /// A call begins on this thread.
    ///
    /// @return `false` if calls are nested too deep here; else [#leave()] must follow
    boolean tryEnter() {
        Depth mine = depth.get();
        if (mine.calls >= maxDepth) {
            return false;
        }
        mine.calls++;
        return true;
    }

    void leave() {
        depth.get().calls--;
    }

    /// Whether a call runs on this thread.
    boolean isInside() {
        return depth.get().calls > 0;
    }

    void add(BlockingCall call) {
        synchronized (waiting) {
            waiting.add(call);
        }
    }

    void remove(BlockingCall call) {
        synchronized (waiting) {
            waiting.remove(waiting.lastIndexOf(call)); // no equals(): identity
        }
    }

    /// A task may wait for a thread: has all that wait look for it.
    void nudge() {
        synchronized (waiting) {
            for (BlockingCall call : waiting) {
                call.nudge();
            }
        }
    }

    /// Runs a task that waits for a thread.
    ///
    /// @return whether there was one
    boolean runQueued() {
        @Nullable Task next = dispatcher.takeQueued();
        if (next == null) {
            return false;
        }
        boolean interrupted = Thread.interrupted();
        try {
            next.run();
        } finally {
            Thread.interrupted(); // what was meant for that task is not for the one that waits
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return true;
    }
}
