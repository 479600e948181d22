// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

/// Which time counts.
enum Clock {
    /// What the benchmark's one thread spends on a processor. For what neither blocks nor needs another thread.
    CPU,
    /// The time that passes.
    WALL
}
