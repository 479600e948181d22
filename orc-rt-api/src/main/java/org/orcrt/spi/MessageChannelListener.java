// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.io.IOException;
import java.time.Duration;

/// A place where peers arrive.
public interface MessageChannelListener extends AutoCloseable {

    /// Where it really listens: a spec that a peer can connect to.
    ///
    /// @return the spec, with any free choice (port 0) filled in
    ConnectionSpec spec();

    /// Waits for one peer.
    ///
    /// @param timeout at most so long
    /// @return the channel to it, owned by the caller
    /// @throws IOException if none came, or the listener was closed
    MessageChannel accept(Duration timeout) throws IOException;

    /// Stops listening and takes the place away. Idempotent; channels made before stay open.
    @Override
    void close();
}
