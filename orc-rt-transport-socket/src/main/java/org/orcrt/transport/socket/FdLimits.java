// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.time.Duration;
import org.orcrt.spi.HandshakeTerms;

/// The bounds of a channel.
///
/// @param maxFrameBytes the longest frame in either direction
/// @param writeBound how long the peer may take nothing while we have something to send
record FdLimits(long maxFrameBytes, Duration writeBound) {

    static final FdLimits DEFAULT = new FdLimits(64L << 20, Duration.ofSeconds(20));

    private static final int MAX_IN_FLIGHT = 4096;

    /// What a handshake offers.
    HandshakeTerms terms() {
        return new HandshakeTerms(maxFrameBytes, MAX_IN_FLIGHT);
    }

    FdLimits agreed(HandshakeTerms terms) {
        return new FdLimits(terms.maxFrameBytes(), writeBound);
    }
}
