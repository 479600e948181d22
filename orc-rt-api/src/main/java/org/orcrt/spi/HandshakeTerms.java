// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

/// What an end offers in the handshake, and what both ends then agree on: of each number the smaller one.
///
/// @param maxFrameBytes the longest frame that the end accepts, header included; at least [#MIN_FRAME_BYTES]
/// @param maxInFlight how many unanswered calls the end accepts; at least 1
public record HandshakeTerms(long maxFrameBytes, int maxInFlight) {

    /// No end may ask for shorter frames than this.
    public static final long MIN_FRAME_BYTES = 4096;

    /// Checks both numbers.
    public HandshakeTerms {
        if (maxFrameBytes < MIN_FRAME_BYTES || maxInFlight < 1) {
            throw new IllegalArgumentException("terms of %d bytes a frame and %d calls; at least %d and 1 are needed"
                    .formatted(maxFrameBytes, maxInFlight, MIN_FRAME_BYTES));
        }
    }

    /// Takes the stricter number of each.
    ///
    /// @param peer what the other end offers
    /// @return what both can keep
    public HandshakeTerms agree(HandshakeTerms peer) {
        return new HandshakeTerms(Math.min(maxFrameBytes, peer.maxFrameBytes), Math.min(maxInFlight, peer.maxInFlight));
    }
}
