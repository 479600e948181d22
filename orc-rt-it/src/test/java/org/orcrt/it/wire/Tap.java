// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.orcrt.it.Finished;
import org.orcrt.it.Llvm;
import org.orcrt.it.Processes;

/// What llvm-jitlink and LLVM's own executor said to each other while they ran a program.
///
/// @param toExecutor every byte from the controller
/// @param toController every byte from the executor
/// @param run how llvm-jitlink ended
record Tap(byte[] toExecutor, byte[] toController, Finished run) {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /// Stands between the two: the controller's pipes go through `tee`, the executor gets others. The program's output
    /// is not among them.
    private static final String SCRIPT = """
            #!/bin/sh
            # Started by llvm-jitlink with filedescs=IN,OUT.
            spec=${1#filedescs=}
            cd '%1$s' || exit 1
            mkfifo up || exit 1
            tee to-controller <up >"/proc/self/fd/${spec#*,}" &
            tee to-executor <"/proc/self/fd/${spec%%,*}" | '%2$s' filedescs=0,7 7>up
            wait
            """;

    private static final String PROGRAM = """
            #include <stdio.h>
            static int table[3] = {40, 1, 1};
            int (*volatile print)(const char *, ...) = printf;
            int main(int argc, char **argv) {
                print("captured %s of %d\\n", argv[1], argc);
                return table[0] + table[1] + table[2];
            }
            """;

    /// Runs a program of a few lines.
    ///
    /// @param directory an empty one
    /// @param options further options of llvm-jitlink
    static Tap run(Path directory, Llvm llvm, List<String> options) {
        try {
            Path script = directory.resolve("executor");
            Files.writeString(script, SCRIPT.formatted(directory, llvm.executor()));
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path source = Files.writeString(directory.resolve("main.c"), PROGRAM);
            Path object = directory.resolve("main.o");
            Processes.run(
                            directory,
                            LIMIT,
                            List.of(
                                    llvm.clang().toString(),
                                    "-c",
                                    "-O1",
                                    "-fPIC",
                                    source.toString(),
                                    "-o",
                                    object.toString()))
                    .orThrow();
            List<String> command = Stream.of(
                            Stream.of(llvm.jitlink().toString(), "--oop-executor=" + script),
                            options.stream(),
                            Stream.of(object.toString(), "--args", "main", "one"))
                    .flatMap(words -> words)
                    .toList();
            Finished run = Processes.run(directory, LIMIT, command);
            return new Tap(
                    Files.readAllBytes(directory.resolve("to-executor")),
                    Files.readAllBytes(directory.resolve("to-controller")),
                    run);
        } catch (IOException unexpected) {
            throw new UncheckedIOException(unexpected);
        }
    }
}
