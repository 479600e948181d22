// SPDX-License-Identifier: Apache-2.0
package org.orcrt.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command itself. It does nothing but hold the subcommands.
@Command(
        name = "orc-rt",
        description = "LLVM's ORC runtime, executor side, for the JVM.",
        subcommands = {PluginsCommand.class, CommandLine.HelpCommand.class},
        mixinStandardHelpOptions = true,
        version = "orc-rt 0.1.0-SNAPSHOT",
        exitCodeOnInvalidInput = OrcRt.USAGE,
        exitCodeOnExecutionException = OrcRt.INTERNAL)
public final class OrcRt {

    /// The command line is wrong.
    static final int USAGE = 64;

    /// A bug of ours.
    static final int INTERNAL = 70;

    /// Made by [#main].
    OrcRt() {}

    /// Runs the command and ends the process.
    ///
    /// @param args a subcommand and its arguments
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new OrcRt());
        line.setParameterExceptionHandler((wrong, given) -> {
            CommandLine.Help.Ansi ansi = CommandLine.Help.Ansi.AUTO;
            wrong.getCommandLine().getErr().println("orc-rt: " + wrong.getMessage());
            wrong.getCommandLine().usage(wrong.getCommandLine().getErr(), ansi);
            return USAGE;
        });
        return line;
    }
}
