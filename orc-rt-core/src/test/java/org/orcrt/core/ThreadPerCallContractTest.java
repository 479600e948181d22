// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import org.orcrt.api.ErrorReporter;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.spi.DispatcherLimits;
import org.orcrt.tck.QueuedTaskDispatcherContract;

/// The thread per call keeps the contract; [ThreadPerCallTaskDispatcherTest] has what is its own.
class ThreadPerCallContractTest extends QueuedTaskDispatcherContract {

    @Override
    protected TaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter) {
        return new ThreadPerCallTaskDispatcher(limits, reporter);
    }

    @Override
    protected int floodTasks() {
        return 20_000; // each starts a thread
    }
}
