// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

/// What a controller must know of the executor process before it links code for it.
///
/// @param triple LLVM's target triple, for example `x86_64-pc-linux-gnu`
/// @param pageBytes the size of a page, a power of two
public record ProcessInfo(String triple, long pageBytes) {

    /// Checks both values.
    public ProcessInfo {
        if (triple.isEmpty()) {
            throw new IllegalArgumentException("triple is empty");
        }
        if (pageBytes <= 0 || Long.bitCount(pageBytes) != 1) {
            throw new IllegalArgumentException("pageBytes is not a power of two: " + pageBytes);
        }
    }
}
