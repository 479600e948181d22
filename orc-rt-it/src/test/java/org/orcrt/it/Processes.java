// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// Runs processes to their end within a time limit.
///
/// A run is over when the process has ended *and* nobody holds its output streams any more: an executor writes its
/// last output, and must end, after the llvm-jitlink that started it. At the end of the time limit the process and all
/// that descend from it are destroyed, also those whose parent is gone: a variable in their environment marks them.
public final class Processes {
    private static final String MARK = "ORC_RT_IT_RUN";
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private Processes() {}

    /// Runs a process with an empty standard input.
    ///
    /// @param directory where it runs; also holds the pipes for its output while it runs
    /// @param limit how long it may take
    /// @param command the words of the command line
    public static Finished run(Path directory, Duration limit, List<String> command) {
        String mark = UUID.randomUUID().toString();
        Path out = directory.resolve("out-" + mark);
        Path err = directory.resolve("err-" + mark);
        try {
            new ProcessBuilder("mkfifo", out.toString(), err.toString()).start().waitFor();
            return run(builder(directory, command, mark), out, err, System.nanoTime() + limit.toNanos());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + command, e);
        } finally {
            out.toFile().delete();
            err.toFile().delete();
        }
    }

    private static ProcessBuilder builder(Path directory, List<String> command, String mark) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().put(MARK, mark);
        return builder;
    }

    private static Finished run(ProcessBuilder builder, Path out, Path err, long deadlineNs)
            throws IOException, InterruptedException {
        Drain stdout = new Drain(out);
        Drain stderr = new Drain(err);
        Process process = builder.redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        boolean ended = false;
        try {
            ended = process.waitFor(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS)
                    && stdout.endsBy(deadlineNs)
                    && stderr.endsBy(deadlineNs);
        } finally {
            if (!ended) {
                destroyMarked(builder.environment().get(MARK));
            }
        }
        if (!ended) {
            long patienceNs = System.nanoTime() + LAST_WORDS.toNanos();
            stdout.endsBy(patienceNs);
            stderr.endsBy(patienceNs);
        }
        Optional<Integer> exitCode = ended ? Optional.of(process.exitValue()) : Optional.empty();
        return new Finished(builder.command(), exitCode, stdout.text(), stderr.text());
    }

    private static void destroyMarked(String mark) {
        ProcessHandle.allProcesses()
                .filter(process -> environment(process).contains(MARK + "=" + mark))
                .forEach(ProcessHandle::destroyForcibly);
    }

    private static String environment(ProcessHandle process) {
        try {
            Path file = Path.of("/proc", Long.toString(process.pid()), "environ");
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // ended in the meantime, or somebody else's: none of ours
        }
    }
}
