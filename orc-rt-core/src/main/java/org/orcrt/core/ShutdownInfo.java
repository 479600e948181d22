// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.orcrt.api.ShutdownReport;

/// What a shutdown needs. Its presence in a session means that shutdown has begun.
///
/// @param bound how long to wait for running calls
/// @param failures what went wrong so far; used by the thread that shuts down
/// @param report completed at the end, for all who asked
/// @param driver the thread that shuts down
record ShutdownInfo(Duration bound, List<Throwable> failures, CompletableFuture<ShutdownReport> report, Thread driver) {

    ShutdownInfo(Duration bound) {
        this(bound, new ArrayList<>(), new CompletableFuture<>(), Thread.currentThread());
    }

    /// Waits for the end of this shutdown, or says who is at it.
    ShutdownReport join(long deadlineNs) {
        if (driver == Thread.currentThread() && !report.isDone()) {
            throw new IllegalStateException("shutdown from a resource manager that shuts down waits for itself");
        }
        try {
            return report.get(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException stillAtIt) {
            return running("another thread shuts the session down: " + TrackedDispatcher.describe(driver));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return running("interrupted while another thread shuts the session down: " + driver.getName());
        } catch (ExecutionException impossible) {
            throw new AssertionError("a report is never a failure", impossible);
        }
    }

    private static ShutdownReport running(String what) {
        return new ShutdownReport(List.of(), List.of(what));
    }
}
