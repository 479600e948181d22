// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.time.Duration;

/// The bounds of a channel.
///
/// @param maxFrameBytes the longest frame in either direction
/// @param writeBound how long the peer may take nothing while we have something to send
record FdLimits(long maxFrameBytes, Duration writeBound) {

    static final FdLimits DEFAULT = new FdLimits(64L << 20, Duration.ofSeconds(20));
}
