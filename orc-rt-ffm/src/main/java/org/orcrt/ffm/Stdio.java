// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

/// C's standard streams, which have buffers of their own beside Java's.
public final class Stdio {

    private static final long FFLUSH = NativeFunctions.requiredSymbol("fflush");
    private static final long STDOUT = NativeFunctions.requiredSymbol("stdout");

    private Stdio() {}

    /// Writes out what C's standard output holds.
    public static void flushOutput() {
        NativeFunctions.call(FFLUSH, NativeMemory.getLong(STDOUT));
    }

    /// Writes out what all of C's streams hold. Waits for a thread that reads from one of them, so only at the end.
    public static void flushAll() {
        NativeFunctions.call(FFLUSH, 0);
    }
}
