// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.util.Optional;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.spi.DispatcherLimits;
import org.orcrt.spi.TaskDispatcherProvider;

/// Our dispatchers, as `ServiceLoader` finds them. The classes in here are public for it alone.
final class DispatcherProviders {

    private DispatcherProviders() {}

    /// A few threads, used again and again.
    public static final class ThreadPool implements TaskDispatcherProvider {

        /// Called by `ServiceLoader`.
        public ThreadPool() {}

        @Override
        public String name() {
            return "thread-pool";
        }

        @Override
        public TaskDispatcher create(DispatcherLimits limits, ErrorReporter reporter) {
            return new ThreadPoolTaskDispatcher(limits, reporter, ThreadPoolTaskDispatcher.IDLE);
        }
    }

    /// A platform thread for each task.
    public static final class ThreadPerCall implements TaskDispatcherProvider {

        /// Called by `ServiceLoader`.
        public ThreadPerCall() {}

        @Override
        public String name() {
            return "thread-per-call";
        }

        @Override
        public TaskDispatcher create(DispatcherLimits limits, ErrorReporter reporter) {
            return new ThreadPerCallTaskDispatcher(limits, reporter);
        }
    }

    /// A virtual thread for each task.
    public static final class VirtualThread implements TaskDispatcherProvider {

        /// Called by `ServiceLoader`.
        public VirtualThread() {}

        @Override
        public String name() {
            return "virtual-thread";
        }

        @Override
        public TaskDispatcher create(DispatcherLimits limits, ErrorReporter reporter) {
            return new VirtualThreadTaskDispatcher(limits, reporter);
        }
    }

    /// No threads: somebody comes for the tasks.
    public static final class Queueing implements TaskDispatcherProvider {

        /// Called by `ServiceLoader`.
        public Queueing() {}

        /// Who names it would never get at its queue.
        @Override
        public Optional<String> unavailable() {
            return Optional.of("it has no threads, so somebody must come for its tasks; make one with new "
                    + "QueueingTaskDispatcher(limits, reporter) and give that to the builder");
        }

        @Override
        public String name() {
            return "queueing";
        }

        @Override
        public TaskDispatcher create(DispatcherLimits limits, ErrorReporter reporter) {
            return new QueueingTaskDispatcher(limits, reporter);
        }
    }

    /// No threads: the dispatching one runs the task.
    public static final class Inline implements TaskDispatcherProvider {

        /// Called by `ServiceLoader`.
        public Inline() {}

        @Override
        public String name() {
            return "inline";
        }

        @Override
        public TaskDispatcher create(DispatcherLimits limits, ErrorReporter reporter) {
            return new InlineTaskDispatcher(limits, reporter);
        }
    }
}
