// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.time.Duration;
import org.orcrt.spi.DispatcherLimits;

/// The bounds of a session; none is unlimited.
///
/// @param maxNativeCalls how many calls run at once on threads of their own
/// @param maxQueuedCalls how many more calls wait for a thread
/// @param callStackBytes the stack of each such thread
/// @param maxInFlight how many calls to the controller wait at once, a power of two
/// @param maxDepth how deep calls may be nested on one thread that waits for the controller inside a call
/// @param shutdownBound how long `close` waits for running calls
/// @param stallBound how long calls wait for a thread of their own while all of these threads wait for the controller;
///     then they are refused, because what the threads wait for may be their answers
public record SessionLimits(
        int maxNativeCalls,
        int maxQueuedCalls,
        long callStackBytes,
        int maxInFlight,
        int maxDepth,
        Duration shutdownBound,
        Duration stallBound) {

    private static final Duration STALL_BOUND = Duration.ofSeconds(1);

    /// The bounds that hold unless told otherwise.
    public static final SessionLimits DEFAULT = new SessionLimits(64, 4096, 64L << 20, 4096, 64, Duration.ofSeconds(5));

    /// Bounds with a stall bound of one second.
    ///
    /// @param maxNativeCalls how many calls run at once on threads of their own
    /// @param maxQueuedCalls how many more calls wait for a thread
    /// @param callStackBytes the stack of each such thread
    /// @param maxInFlight how many calls to the controller wait at once, a power of two
    /// @param maxDepth how deep calls may be nested on one thread that waits for the controller inside a call
    /// @param shutdownBound how long `close` waits for running calls
    public SessionLimits(
            int maxNativeCalls,
            int maxQueuedCalls,
            long callStackBytes,
            int maxInFlight,
            int maxDepth,
            Duration shutdownBound) {
        this(maxNativeCalls, maxQueuedCalls, callStackBytes, maxInFlight, maxDepth, shutdownBound, STALL_BOUND);
    }

    /// The bounds of the dispatchers.
    DispatcherLimits ofDispatcher() {
        return new DispatcherLimits(maxNativeCalls, maxQueuedCalls, callStackBytes);
    }

    /// Checks all bounds.
    public SessionLimits {
        if (maxNativeCalls < 1
                || maxQueuedCalls < 0
                || callStackBytes < 0
                || shutdownBound.isNegative()
                || stallBound.isNegative()) {
            throw new IllegalArgumentException("a bound is negative or allows no call at all");
        }
        if (maxDepth < 1) {
            throw new IllegalArgumentException("maxDepth allows no call at all: " + maxDepth);
        }
        if (maxInFlight < 1 || Integer.bitCount(maxInFlight) != 1) {
            throw new IllegalArgumentException("maxInFlight is not a power of two: " + maxInFlight);
        }
    }
}
