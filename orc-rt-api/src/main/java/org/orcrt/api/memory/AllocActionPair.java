// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api.memory;

/// What to run once memory is initialized, and what undoes it before the memory goes. (LLVM's *finalize* and *dealloc*
/// actions.)
///
/// @param initialize runs after content and protection are in place
/// @param deinitialize runs before the region is given back, only if `initialize` succeeded
public record AllocActionPair(AllocAction initialize, AllocAction deinitialize) {}
