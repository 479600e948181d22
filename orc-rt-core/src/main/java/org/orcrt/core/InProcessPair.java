// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ExecutorProcessControl;
import org.orcrt.spi.ControllerAccess;
import org.orcrt.wire.PendingCalls;

/// Both ends of a connection within one process. Calls run on the caller's thread; no bytes are copied but the
/// answer's.
///
/// ```java
/// InProcessPair pair = InProcessPair.create(failure -> {});
/// try (Session session = Sessions.builder().attach(pair.access())) {
///     pair.control().callWrapperAndWait(...);
/// }
/// ```
///
/// @param access the executor's end, to be attached to a session
/// @param control the controller's end
public record InProcessPair(ControllerAccess access, ExecutorProcessControl control) {

    /// Makes a pair with the usual bound on calls that wait.
    ///
    /// @param reporter takes failures that nobody waits for
    /// @return both ends, not attached yet
    public static InProcessPair create(ErrorReporter reporter) {
        return create(SessionLimits.DEFAULT.maxInFlight(), reporter);
    }

    /// Makes a pair.
    ///
    /// @param maxInFlight how many calls may wait at once in each direction, a power of two
    /// @param reporter takes failures that nobody waits for
    /// @return both ends, not attached yet
    public static InProcessPair create(int maxInFlight, ErrorReporter reporter) {
        return of(connection(maxInFlight, reporter));
    }

    static InProcessConnection connection(int maxInFlight, ErrorReporter reporter) {
        return new InProcessConnection(
                new PendingCalls(maxInFlight, reporter), new PendingCalls(maxInFlight, reporter), reporter);
    }

    static InProcessPair of(InProcessConnection connection) {
        return new InProcessPair(new InProcessAccess(connection), new InProcessControl(connection));
    }
}
