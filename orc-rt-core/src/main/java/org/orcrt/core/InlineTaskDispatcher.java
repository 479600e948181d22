// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import org.orcrt.api.ErrorReporter;
import org.orcrt.api.Task;
import org.orcrt.spi.DispatcherLimits;

/// Runs each task at once, on the thread that dispatches it: `dispatch` returns when the task has ended. A
/// task may dispatch further ones. Counted over all threads, nested ones included, at most `maxRunning`
/// run; one more is refused, which bounds the depth of the stack, too. There is no queue and no thread:
/// `maxQueued` and `stackBytes` have no meaning.
final class InlineTaskDispatcher extends TrackedDispatcher {

    private final int maxRunning;

    InlineTaskDispatcher(DispatcherLimits limits, ErrorReporter reporter) {
        super(reporter);
        this.maxRunning = limits.maxRunning();
    }

    @Override
    public boolean dispatch(Task task) {
        Thread thread = Thread.currentThread();
        synchronized (this) {
            if (isShutDown() || running() >= maxRunning) {
                return false;
            }
            enter(thread);
        }
        run(task);
        synchronized (this) {
            leave(thread);
        }
        return true;
    }
}
