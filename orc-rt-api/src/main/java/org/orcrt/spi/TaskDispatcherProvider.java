// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.util.Optional;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.TaskDispatcher;

/// A way to run tasks: a name and a factory. Making a provider does nothing: no thread.
public interface TaskDispatcherProvider {

    /// The name by which it is chosen.
    ///
    /// @return for example `thread-pool`; the same at every call
    String name();

    /// Says why this way cannot work here, if it cannot.
    ///
    /// @return the reason, or empty if it can
    default Optional<String> unavailable() {
        return Optional.empty();
    }

    /// Makes a dispatcher. Starts no thread before the first task.
    ///
    /// @param limits its bounds
    /// @param reporter hears, once, of what a task throws when it is run or discarded; called on the thread
    ///         that ran or discarded it, outside all locks
    /// @return the dispatcher, owned by the caller, who shuts it down
    TaskDispatcher create(DispatcherLimits limits, ErrorReporter reporter);
}
