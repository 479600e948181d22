// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

/// What a frame is. Numbers, not an enum: a frame is read in place and may hold any number.
public final class Opcode {

    /// The executor says who it is; its first frame, exactly once.
    public static final long SETUP = 0;
    /// The sender goes away; payload an SPS error.
    public static final long HANGUP = 1;
    /// The answer to a call of the same number.
    public static final long RESULT = 2;
    /// A call of a wrapper function.
    public static final long CALL = 3;

    private Opcode() {}
}
