// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/// Whether the races run against copies with planted bugs instead of our classes.
public final class Planted {

    /// The system property of the JVMs that jcstress starts: for how many nanoseconds a bug that has two steps lets
    /// other threads in between them. 0 or nothing: no bugs.
    public static final String PROPERTY = "orcrt.planted";

    private static final long WINDOW_NS = Long.getLong(PROPERTY, 0);

    /// Said once, when the JVM starts: so a test is the same with and without the bug.
    public static final boolean ON = WINDOW_NS > 0;

    /// How long a wait lasts that only a bug makes last, in nanoseconds. Far beyond what a busy machine delays a
    /// thread, but where the bug is planted nobody needs to wait so long.
    public static final long PATIENCE_NS = ON ? 20_000_000L : 20_000_000_000L;

    private Planted() {}

    /// Called between the two steps of a bug. Not always for long, so that neither side is always late.
    public static void window() {
        if (ON && ThreadLocalRandom.current().nextBoolean()) {
            LockSupport.parkNanos(WINDOW_NS);
        } else {
            Thread.yield();
        }
    }
}
