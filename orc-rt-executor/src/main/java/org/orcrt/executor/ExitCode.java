// SPDX-License-Identifier: Apache-2.0
package org.orcrt.executor;

/// How the command ends. Our own failures are 64 and above; each prints one line on standard error that begins
/// `orc-rt:`.
enum ExitCode {
    /// Done.
    DONE(0),
    /// The command line is wrong.
    USAGE(64),
    /// A transport or a tool that is needed is missing.
    UNAVAILABLE(69),
    /// A bug of ours.
    INTERNAL(70),
    /// The controller cannot be reached.
    IO(74),
    /// The controller took nothing for too long.
    TIMED_OUT(75),
    /// The controller broke the protocol or died.
    PROTOCOL(76),
    /// The peer did not prove who it is, or refused us.
    REFUSED(77),
    /// The Java set-up is wrong.
    CONFIGURATION(78);

    final int code;

    ExitCode(int code) {
        this.code = code;
    }
}
