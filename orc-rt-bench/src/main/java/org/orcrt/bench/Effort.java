// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

/// How long one measurement takes.
///
/// @param warmups iterations before it counts
/// @param iterations iterations that count
/// @param iterationMs how long each is
record Effort(int warmups, int iterations, int iterationMs) {

    /// For figures.
    static final Effort FULL = new Effort(12, 4, 250);

    /// Only shows that everything works.
    static final Effort SMOKE = new Effort(1, 1, 50);
}
