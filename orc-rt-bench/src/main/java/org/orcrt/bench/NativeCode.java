// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The peers in C, compiled when they are needed.
final class NativeCode {

    /// Where the parent of a fork has put the library; without it, it is compiled on first use.
    static final String LIBRARY_PROPERTY = "orcrt.bench.library";

    private static final List<String> COMPILERS = List.of("clang-22", "clang", "gcc", "cc");
    private static final List<String> SOURCES = List.of("slab.c", "wrapper.c");

    private NativeCode() {}

    /// The compiled library.
    ///
    /// @throws org.orcrt.bench.BenchException if there is no compiler, or it fails
    static Path library() {
        String told = System.getProperty(LIBRARY_PROPERTY);
        if (told != null) {
            return Path.of(told);
        }
        try {
            Path directory = Files.createTempDirectory("orc-rt-bench-");
            directory.toFile().deleteOnExit();
            return compile(directory);
        } catch (IOException notWritten) {
            throw new BenchException(
                    BenchException.IO, "cannot compile in " + System.getProperty("java.io.tmpdir") + ": " + notWritten);
        }
    }

    private static Path compile(Path directory) throws IOException {
        Path library = directory.resolve("libbench.so");
        List<String> command = new ArrayList<>(
                List.of(compiler().toString(), "-std=gnu11", "-O2", "-fPIC", "-shared", "-o", library.toString()));
        library.toFile().deleteOnExit();
        for (String name : SOURCES) {
            Path source = directory.resolve(name);
            source.toFile().deleteOnExit();
            try (InputStream text = NativeCode.class.getResourceAsStream(name)) {
                if (text == null) {
                    throw new IOException("the module has no resource " + name + "; run bin/build");
                }
                Files.copy(text, source);
            }
            command.add(source.toString());
        }
        run(command);
        return library;
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new BenchException(
                        BenchException.UNAVAILABLE, String.join(" ", command) + " failed: " + said.strip());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchException(BenchException.INTERNAL, "interrupted while compiling");
        }
    }

    private static Path compiler() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return COMPILERS.stream()
                .flatMap(name -> Stream.of(path.split(File.pathSeparator))
                        .filter(directory -> !directory.isEmpty())
                        .map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new BenchException(
                        BenchException.UNAVAILABLE,
                        "the peers are written in C and there is no compiler: none of %s on PATH; install one of them"
                                .formatted(String.join(", ", COMPILERS))));
    }
}
