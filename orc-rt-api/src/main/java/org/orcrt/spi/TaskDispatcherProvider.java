// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.util.Optional;
import org.orcrt.api.TaskDispatcher;

/// A kind of task dispatcher. Making a provider does nothing: no thread.
public interface TaskDispatcherProvider {

    /// The dispatcher's name, by which a session chooses it.
    ///
    /// @return for example `thread-pool`
    String name();

    /// Says why this dispatcher cannot work here, if it cannot.
    ///
    /// @return the reason, or empty if it can
    default Optional<String> unavailable() {
        return Optional.empty();
    }

    /// Makes a dispatcher for one session.
    ///
    /// @param maxRunning how many tasks run at once, at least 1
    /// @param maxQueued how many more tasks wait
    /// @return the dispatcher, owned by the caller
    TaskDispatcher create(int maxRunning, int maxQueued);
}
