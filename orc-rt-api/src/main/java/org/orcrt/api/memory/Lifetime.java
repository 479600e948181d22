// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api.memory;

/// How long a segment is needed.
public enum Lifetime {
    /// Until it is deinitialized.
    STANDARD,
    /// Only until the initialize actions have run.
    FINALIZE
}
