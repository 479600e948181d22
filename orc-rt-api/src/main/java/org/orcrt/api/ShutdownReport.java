// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import java.util.List;

/// How a shutdown ended.
///
/// @param failures what managers threw, in the order in which it happened
/// @param stillRunning calls that had not ended within the bound, with where they are, and how many keepalives are
///     open; if there is one, the managers were not shut down and nothing was freed
public record ShutdownReport(List<Throwable> failures, List<String> stillRunning) {

    /// Copies both lists.
    public ShutdownReport {
        failures = List.copyOf(failures);
        stillRunning = List.copyOf(stillRunning);
    }

    /// Tells whether all went well.
    ///
    /// @return whether nothing failed and nothing runs
    public boolean isClean() {
        return failures.isEmpty() && stillRunning.isEmpty();
    }
}
