// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import java.util.List;

/// What a controller must know of the executor process before it compiles and links code for it.
///
/// @param triple LLVM's target triple, for example `x86_64-pc-linux-gnu`
/// @param pageBytes the size of a page, a power of two
/// @param cpuFeatures what the processor can do, in LLVM's words, for example `avx2`; empty if that is not known
public record ProcessInfo(String triple, long pageBytes, List<String> cpuFeatures) {

    /// Checks the values and copies the list.
    public ProcessInfo {
        if (triple.isEmpty()) {
            throw new IllegalArgumentException("triple is empty");
        }
        if (pageBytes <= 0 || Long.bitCount(pageBytes) != 1) {
            throw new IllegalArgumentException("pageBytes is not a power of two: " + pageBytes);
        }
        cpuFeatures = List.copyOf(cpuFeatures);
        for (String feature : cpuFeatures) {
            if (!feature.matches("[a-z0-9][a-z0-9.-]*")) {
                throw new IllegalArgumentException(
                        "a CPU feature is named as in LLVM and without + or -, not '" + PeerText.escape(feature) + "'");
            }
        }
    }

    /// A process of whose processor nothing more is known.
    ///
    /// @param triple LLVM's target triple
    /// @param pageBytes the size of a page, a power of two
    public ProcessInfo(String triple, long pageBytes) {
        this(triple, pageBytes, List.of());
    }
}
