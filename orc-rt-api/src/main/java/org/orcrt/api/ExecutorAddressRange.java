// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

/// The addresses from `start` up to, not including, `end`.
///
/// @param start the first address
/// @param end the address after the last; not below `start`
public record ExecutorAddressRange(ExecutorAddress start, ExecutorAddress end) {

    /// Checks that the range does not run backwards.
    public ExecutorAddressRange {
        if (start.compareTo(end) > 0) {
            throw new IllegalArgumentException("range ends before it starts: [" + start + ", " + end + ")");
        }
    }

    /// How long the range is.
    ///
    /// @return bytes, unsigned
    public long sizeBytes() {
        return end.value() - start.value();
    }

    /// Tells whether an address lies inside.
    ///
    /// @param address any address
    /// @return whether `start <= address < end`
    public boolean contains(ExecutorAddress address) {
        return start.compareTo(address) <= 0 && address.compareTo(end) < 0;
    }

    /// Tells whether two ranges share an address.
    ///
    /// @param other any range
    /// @return whether both contain some address; an empty range contains none
    public boolean overlaps(ExecutorAddressRange other) {
        ExecutorAddress laterStart = start.compareTo(other.start) < 0 ? other.start : start;
        return laterStart.compareTo(end) < 0 && laterStart.compareTo(other.end) < 0;
    }

    @Override
    public String toString() {
        return "[" + start + ", " + end + ")";
    }
}
