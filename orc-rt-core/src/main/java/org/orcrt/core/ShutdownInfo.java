// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.orcrt.api.ResourceManager;
import org.orcrt.api.ShutdownReport;

/// What a shutdown needs. Its presence in a session means that shutdown has begun.
///
/// @param managers in the order in which they shut down
/// @param bound how long to wait for running calls
/// @param failures what went wrong so far; used by the thread that shuts down
/// @param report completed at the end, for all who asked
record ShutdownInfo(
        List<ResourceManager> managers,
        Duration bound,
        List<Throwable> failures,
        CompletableFuture<ShutdownReport> report) {

    ShutdownInfo(List<ResourceManager> managers, Duration bound) {
        this(managers, bound, new ArrayList<>(), new CompletableFuture<>());
    }
}
