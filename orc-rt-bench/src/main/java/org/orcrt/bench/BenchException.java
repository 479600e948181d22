// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import java.io.Serial;

/// Ends the command with a message and an exit code.
final class BenchException extends RuntimeException {

    /// The command line is wrong.
    static final int USAGE = 64;

    /// A needed tool is missing.
    static final int UNAVAILABLE = 69;

    /// A bug of ours.
    static final int INTERNAL = 70;

    /// A file cannot be written.
    static final int IO = 74;

    @Serial
    private static final long serialVersionUID = 1;

    private final int exitCode;

    BenchException(int exitCode, String message) {
        this.exitCode = exitCode;
        super(message);
    }

    int exitCode() {
        return exitCode;
    }
}
