// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

/// What is compared of a run.
///
/// @param exitCode the exit code of the process that was started: the program itself, or llvm-jitlink
/// @param stdout everything that was written to standard output
record Outcome(int exitCode, String stdout) {

    @Override
    public String toString() {
        return "exit code " + exitCode + ", stdout:\n" + stdout;
    }
}
