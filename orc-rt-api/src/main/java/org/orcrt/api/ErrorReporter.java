// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

/// Where failures go that nobody waits for. Called from many threads at once; must not block or throw.
@FunctionalInterface
public interface ErrorReporter {

    /// A failure that no caller will hear of.
    ///
    /// @param failure what happened
    void report(Throwable failure);
}
