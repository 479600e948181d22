// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.sockets;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.orcrt.it.Project;
import org.orcrt.spi.ConnectionSpec;

/// `bin/orc-executor` as a process. Killed at the end, if it is still there.
final class ExecutorProcess implements AutoCloseable {

    private static final long BOUND_SECONDS = 30;

    private final Process process;
    private final Path stderr;

    ExecutorProcess(Path directory, String spec) throws IOException {
        stderr = Files.createTempFile(directory, "executor", ".txt");
        process = new ProcessBuilder(Project.executor().toString(), spec)
                .redirectError(stderr.toFile())
                .start();
    }

    /// The line that a listener prints before it waits.
    ConnectionSpec awaitListening() throws Exception {
        BufferedReader out = process.inputReader();
        FutureTask<String> reading = new FutureTask<>(out::readLine);
        Thread.ofPlatform().daemon().name("stdout").start(reading);
        String line = reading.get(BOUND_SECONDS, TimeUnit.SECONDS);
        if (line == null || !line.startsWith("listening ")) {
            throw new AssertionError("instead of 'listening SPEC' came '" + line + "'; " + errors());
        }
        return ConnectionSpec.parse(line.substring("listening ".length()));
    }

    long pid() {
        return process.pid();
    }

    /// `kill -9`.
    void kill() {
        process.destroyForcibly();
    }

    void signal(String name) throws Exception {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new AssertionError("kill -" + name + " ended with " + code);
        }
    }

    int exitCode() throws Exception {
        if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the executor does not end; " + errors());
        }
        return process.exitValue();
    }

    String errors() throws IOException {
        return Files.readString(stderr, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
