// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races.planted;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.orcrt.api.Task;
import org.orcrt.races.Planted;
import org.orcrt.races.TaskRunner;

/// Planted: shutdown tells the tasks in the queue that they are discarded, and empties the queue afterwards. It looks
/// once whether it is shut down, before it accepts a task.
public final class HastyTaskRunner implements TaskRunner {

    private final ConcurrentLinkedQueue<Task> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean shutDown;

    @Override
    public boolean dispatch(Task task) {
        if (shutDown) {
            return false;
        }
        Planted.window();
        if (running.compareAndSet(0, 1)) {
            Thread.ofPlatform().daemon().start(() -> runAll(task));
            return true;
        }
        return queue.add(task);
    }

    private void runAll(Task first) {
        Planted.window();
        for (Task task = first; task != null; task = queue.poll()) {
            task.run();
        }
        running.set(0);
    }

    @Override
    public void shutdown() {
        shutDown = true;
        queue.forEach(Task::discard);
        Planted.window();
        queue.clear();
        while (running.get() > 0) {
            Thread.yield();
        }
    }
}
