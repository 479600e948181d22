// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import org.orcrt.api.ExecutorAddress;

/// Where a symbol lies and what it is: LLVM's `SPSExecutorSymbolDef`, 10 bytes.
///
/// @param address where it lies
/// @param flags its `JITSymbolFlags`, 8 bits
/// @param targetFlags its flags for one target, 8 bits
public record SymbolDefinition(ExecutorAddress address, int flags, int targetFlags) {

    /// Refuses flags of more than 8 bits.
    ///
    /// @throws IllegalArgumentException if there are such flags
    public SymbolDefinition {
        if (((flags | targetFlags) & ~0xff) != 0) {
            throw new IllegalArgumentException("flags have more than 8 bits: 0x%x, 0x%x".formatted(flags, targetFlags));
        }
    }
}
