// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// A way to reach a controller that is no stream of frames. A transport that moves frames is a [MessageChannelProvider]
/// and leaves the protocol to `org.orcrt.wire`. Making a provider does nothing.
public interface ControllerAccessProvider {

    /// The access's name, for listings.
    ///
    /// @return for example `in-process`
    String name();

    /// The schemes of connection specs that this access serves.
    ///
    /// @return for example `inproc`
    Set<String> schemes();

    /// Says why this access cannot work here, if it cannot.
    ///
    /// @return the reason, or empty if it can
    default Optional<String> unavailable() {
        return Optional.empty();
    }

    /// Reaches a controller.
    ///
    /// @param spec a spec with one of [#schemes()]
    /// @param timeout at most so long
    /// @return the access, not attached yet, owned by the caller
    /// @throws IOException if the controller cannot be reached
    ControllerAccess connect(ConnectionSpec spec, Duration timeout) throws IOException;
}
