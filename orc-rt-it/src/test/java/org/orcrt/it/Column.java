// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

/// One of the three ways in which each program of the corpus runs.
enum Column {
    /// As a usual executable.
    NATIVE,
    /// Sent by llvm-jitlink to LLVM's executor.
    LLVM,
    /// Sent by llvm-jitlink to our executor.
    OURS
}
