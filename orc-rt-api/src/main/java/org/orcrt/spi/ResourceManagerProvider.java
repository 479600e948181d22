// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.util.Optional;
import org.orcrt.api.ResourceManager;
import org.orcrt.api.Session;

/// Adds a resource manager to every session, for those who publish nothing. Who has names to publish writes an
/// [ExecutorPlugin]. Making a provider does nothing.
public interface ResourceManagerProvider {

    /// The manager's name, for listings and error messages.
    ///
    /// @return for example `usage-statistics`
    String name();

    /// Says why it cannot work here, if it cannot.
    ///
    /// @return the reason, or empty if it can
    default Optional<String> unavailable() {
        return Optional.empty();
    }

    /// Makes a manager for a session that is being set up.
    ///
    /// @param session not attached yet; to be kept for later
    /// @return the manager, owned by the session
    ResourceManager create(Session session);
}
