// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// A way to a controller that is not made of frames: anything exotic. What can carry frames is a
/// [MessageChannelProvider], which is less work. Making a provider does nothing.
public interface ControllerAccessProvider {

    /// The way's name, for listings.
    ///
    /// @return for example `in-process`
    String name();

    /// The schemes of connection specs that it serves.
    ///
    /// @return for example `inproc`
    Set<String> schemes();

    /// Says why it cannot work here, if it cannot.
    ///
    /// @return the reason, or empty if it can
    default Optional<String> unavailable() {
        return Optional.empty();
    }

    /// Reaches a controller, or waits for one.
    ///
    /// @param spec a spec with one of [#schemes()]
    /// @param timeout at most so long
    /// @return not attached yet; owned by the caller, who attaches or disconnects it
    /// @throws IOException if no controller can be reached
    /// @throws IllegalArgumentException if the spec's target is wrong
    ControllerAccess connect(ConnectionSpec spec, Duration timeout) throws IOException;
}
