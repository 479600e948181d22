// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

/// One symbol of a look-up: LLVM's `SPSTuple<SPSString, SPSSymbolLookupFlags>`, 9 bytes and the name.
///
/// @param name what is looked up, one character for each byte
/// @param required whether the look-up fails without it
public record SymbolRequest(@SpsName String name, boolean required) {}
