// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

/// The bounds of a dispatcher; none is unlimited. A dispatcher's own page says which of them it has a use for.
///
/// @param maxRunning how many tasks run at once, at least 1
/// @param maxQueued how many more tasks wait, 0 for none
/// @param stackBytes the stack of each platform thread, 0 for the JVM's own choice
public record DispatcherLimits(int maxRunning, int maxQueued, long stackBytes) {

    /// Checks all bounds.
    public DispatcherLimits {
        if (maxRunning < 1) {
            throw new IllegalArgumentException("maxRunning allows no task at all: " + maxRunning + "; give at least 1");
        }
        if (maxQueued < 0) {
            throw new IllegalArgumentException("maxQueued is negative: " + maxQueued + "; give 0 for no queue");
        }
        if (stackBytes < 0) {
            throw new IllegalArgumentException(
                    "stackBytes is negative: " + stackBytes + "; give 0 for the default of the JVM");
        }
    }
}
