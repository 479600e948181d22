// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import java.time.Duration;

/// C's standard streams, which have buffers of their own beside Java's.
public final class Stdio {

    private static final long FFLUSH = NativeFunctions.requiredSymbol("fflush");
    private static final long STDOUT = NativeFunctions.requiredSymbol("stdout");

    private Stdio() {}

    /// Writes out what C's standard output holds.
    public static void flushOutput() {
        NativeFunctions.call(FFLUSH, NativeMemory.getLong(STDOUT));
    }

    /// Writes out what all of C's streams hold. That waits for a thread that reads from one of them, so it gets a
    /// thread
    /// and a bound of its own.
    ///
    /// @param bound how long to wait
    public static void flushAllWithin(Duration bound) {
        try {
            Thread flusher =
                    Thread.ofPlatform().name("orc-flush").daemon().start(() -> NativeFunctions.call(FFLUSH, 0));
            flusher.join(bound);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (OutOfMemoryError noThread) {
            flushOutput();
        }
    }
}
