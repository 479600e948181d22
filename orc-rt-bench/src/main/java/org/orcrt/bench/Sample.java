// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

/// One measurement of a point, in a JVM of its own.
///
/// @param wallNanos how long one operation took
/// @param cpuNanos how much of that the benchmark's thread was on a processor
/// @param heapBytes bytes of the Java heap that one operation took, over all threads
record Sample(double wallNanos, double cpuNanos, double heapBytes) {

    double nanos(Clock clock) {
        return clock == Clock.CPU ? cpuNanos : wallNanos;
    }
}
