// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

/// An address in the executor process, as an unsigned 64-bit number. Hot paths use the raw `long`.
///
/// @param value the address
public record ExecutorAddress(long value) implements Comparable<ExecutorAddress> {

    /// The null address.
    public static final ExecutorAddress NULL = new ExecutorAddress(0);

    /// Tells whether this is the null address.
    ///
    /// @return whether the value is 0
    public boolean isNull() {
        return value == 0;
    }

    /// The address some bytes further on; wraps at 2^64 like a pointer.
    ///
    /// @param bytes how far, in bytes
    /// @return the sum
    public ExecutorAddress plus(long bytes) {
        return new ExecutorAddress(value + bytes);
    }

    @Override
    public int compareTo(ExecutorAddress other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return "0x%016x".formatted(value);
    }
}
