// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.util.Optional;

/// Adds functions, addresses, values and resource managers to every session. Found by [java.util.ServiceLoader].
public interface ExecutorPlugin {

    /// The plug-in's name, for listings and error messages.
    ///
    /// @return for example `memory`
    String name();

    /// Says why this plug-in cannot work here, if it cannot.
    ///
    /// @return the reason, or empty if it can
    default Optional<String> unavailable() {
        return Optional.empty();
    }

    /// Installs this plug-in into one session, before the session is attached. What was added is undone if this throws.
    ///
    /// @param setup takes what the plug-in adds; only valid until this method returns
    void install(ExecutorSetup setup);
}
