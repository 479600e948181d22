// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A process that was run: its command line, its output, and its exit code unless it had to be destroyed.
///
/// @param command the words of the command line
/// @param exitCode empty if the process, or one that it left behind, was still there at the end of the time limit
/// @param stdout what came on standard output
/// @param stderr what came on standard error
public record Finished(List<String> command, Optional<Integer> exitCode, String stdout, String stderr) {

    /// What is compared.
    ///
    /// @throws AssertionError if the process was destroyed
    Outcome outcome() {
        return new Outcome(exitCode.orElseThrow(() -> new AssertionError(this)), stdout);
    }

    /// Whether it ended by itself, and so.
    boolean endsAs(Outcome wanted) {
        return exitCode.isPresent() && outcome().equals(wanted);
    }

    /// This, if it ended with 0.
    ///
    /// @throws AssertionError if it did not
    public Finished orThrow() {
        if (exitCode.equals(Optional.of(0))) {
            return this;
        }
        throw new AssertionError(this);
    }

    @Override
    public String toString() {
        return """
                command: %s
                exit code: %s
                --- stdout
                %s
                --- stderr
                %s
                ---""".formatted(
                        command.stream().map(Finished::quoted).collect(Collectors.joining(" ")),
                        exitCode.map(String::valueOf).orElse("none, destroyed at the end of its time"),
                        stdout,
                        stderr);
    }

    private static String quoted(String word) {
        return word.contains(" ") ? "'" + word + "'" : word;
    }
}
