// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.util.Optional;
import org.orcrt.api.ResourceManager;
import org.orcrt.api.Session;

/// Adds one resource manager to every session. A plug-in that also publishes names is an [ExecutorPlugin].
public interface ResourceManagerProvider {

    /// The manager's name, for listings and error messages.
    ///
    /// @return for example `audit`
    String name();

    /// Says why this manager cannot work here, if it cannot.
    ///
    /// @return the reason, or empty if it can
    default Optional<String> unavailable() {
        return Optional.empty();
    }

    /// Makes the manager of one session.
    ///
    /// @param session the session; it has no controller yet
    /// @return the manager, owned by the session
    ResourceManager create(Session session);
}
