// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

/// What becomes of pages that were given back while their slab stays. Either way they are emptied and inaccessible.
public enum ReusePolicy {
    /// The next region may lie there.
    REUSE,
    /// No region lies there again until the slab is released: a stale pointer meets nothing, and never the code of
    /// somebody else. It costs address space, not memory. Pages that no code has seen, those of an initialize that
    /// failed before its first action, are free again all the same.
    RETIRE
}
