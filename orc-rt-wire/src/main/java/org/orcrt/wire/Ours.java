// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

/// Two ends of ours: errors travel with their kinds, and who goes says so.
public final class Ours {

    /// The dialect. Services have the names that LLVM 22 gives them, so that a controller of ours finds them
    /// in either executor.
    public static final Dialect DIALECT =
            new Dialect("orc-rt for the JVM", true, true, true, Llvm22.DIALECT.serviceNames());

    private Ours() {}
}
