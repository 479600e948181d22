// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.time.Duration;
import java.util.List;
import org.orcrt.api.Task;
import org.orcrt.races.Planted;
import org.orcrt.races.TaskRunner;

/// Our dispatcher as the races see it.
final class RealTaskRunner implements TaskRunner {

    private static final Duration PATIENCE = Duration.ofNanos(Planted.PATIENCE_NS);

    private final ThreadPerCallTaskDispatcher dispatcher = new ThreadPerCallTaskDispatcher(1, 1, 1 << 18);

    @Override
    public boolean dispatch(Task task) {
        return dispatcher.dispatch(task);
    }

    @Override
    public void shutdown() {
        List<String> running = dispatcher.shutdown(PATIENCE);
        if (!running.isEmpty()) {
            throw new IllegalStateException("still running after " + PATIENCE + ": " + running);
        }
    }
}
