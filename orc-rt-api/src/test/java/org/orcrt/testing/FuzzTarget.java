// SPDX-License-Identifier: Apache-2.0
package org.orcrt.testing;

import java.util.List;

/// What can be done with any bytes, and what must hold then. Each has a class of its own without parameters, so that
/// `bin/soak fuzz` can make it by name. Same bytes, same outcome: no clock, no random numbers, no threads.
public interface FuzzTarget {

    /// Inputs to begin with: the known good ones, the known lies, and each input that once was a finding.
    ///
    /// @return small inputs; at least one
    List<byte[]> seeds();

    /// Does it with one input.
    ///
    /// @param input any bytes; not kept
    /// @throws AssertionError if what must hold does not; any other exception that leaves this method is a
    ///     finding, too
    void run(byte[] input);

    /// The same over code with a bug, which must be found.
    FuzzTarget planted();
}
