// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// What a script did.
///
/// @param exitCode its exit code
/// @param out its standard output
/// @param err its standard error
record ScriptRun(int exitCode, String out, String err) {

    private static final long MAX_SECONDS = 60;

    /// Runs a command to its end, in an environment that consists of `environment` alone.
    static ScriptRun run(Path directory, Map<String, String> environment, List<String> command) throws Exception {
        Path out = Files.createTempFile("orcrt-out", null);
        Path err = Files.createTempFile("orcrt-err", null);
        try {
            Process process = start(directory, environment, command, out, err);
            if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " still runs after " + MAX_SECONDS + " s: " + Files.readString(err));
            }
            return new ScriptRun(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /// Starts a command whose output goes to two files.
    static Process start(Path directory, Map<String, String> environment, List<String> command, Path out, Path err)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    /// Copies `bin/` of the tree under test, and nothing else, to `root`.
    static void copyBin(Path root) throws IOException {
        Path from = Project.root();
        try (Stream<Path> files = Files.walk(from.resolve("bin"))) {
            for (Path file : files.toList()) {
                Files.copy(file, root.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /// Writes a shell script that can be started.
    static Path script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + text);
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot make executable: " + file);
        }
        return file;
    }

    /// The command `name` on our own `PATH`, if there is one.
    static Optional<Path> onPath(String name) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// Puts the command `name` into a directory, if there is one. (A link would make JUnit warn when it cleans up.)
    static void lend(String name, Path directory) throws IOException {
        Optional<Path> command = onPath(name);
        if (command.isPresent()) {
            script(directory.resolve(name), "exec " + command.get() + " \"$@\"\n");
        }
    }

    /// Makes a directory that passes for a JDK; its `java` prints its arguments, one per line in brackets.
    static Path fakeJdk(Path home, String version) throws IOException {
        script(home.resolve("bin/java"), "for a; do echo \"[$a]\"; done\n");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }
}
