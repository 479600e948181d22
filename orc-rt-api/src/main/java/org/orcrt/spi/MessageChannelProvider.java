// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.orcrt.api.type.Abilities;

/// A transport: names and two factories. Making a provider does nothing: no socket, no thread, no native call.
public interface MessageChannelProvider extends Abilities {

    /// The transport's name, for listings.
    ///
    /// @return for example `socket`
    String name();

    /// The schemes of connection specs that this transport serves.
    ///
    /// @return for example `fd`
    Set<String> schemes();

    /// Says why this transport cannot work here, if it cannot.
    ///
    /// @return the reason, or empty if it can
    default Optional<String> unavailable() {
        return Optional.empty();
    }

    /// Reaches a peer. The channel is ready when this returns: the medium's own handshake is done.
    ///
    /// @param spec a spec with one of [#schemes()]
    /// @param timeout at most so long
    /// @return the channel, owned by the caller
    /// @throws IOException if the peer cannot be reached
    /// @throws IllegalArgumentException if the spec's target is wrong
    MessageChannel connect(ConnectionSpec spec, Duration timeout) throws IOException;

    /// Waits for peers. A transport of which only one end can listen says so with an [IllegalArgumentException].
    ///
    /// @param spec a spec with one of [#schemes()]
    /// @return the listener, owned by the caller
    /// @throws IOException if the place is taken
    MessageChannelListener listen(ConnectionSpec spec) throws IOException;
}
