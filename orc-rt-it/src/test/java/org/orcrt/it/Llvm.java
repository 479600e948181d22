// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// The tools and libraries of LLVM 22 on this machine. What is missing skips the test that asks for it.
public final class Llvm {
    private static final Path HOME = Path.of("/usr/lib/llvm-22/bin");
    private static final String INSTALL = "install LLVM 22 (Debian, Ubuntu: clang-22 llvm-22 libclang-rt-22-dev)";
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);

    private final Path scratch;
    private final Map<String, Path> tools = new ConcurrentHashMap<>();
    private final Map<String, Path> libraries = new ConcurrentHashMap<>();

    /// @param scratch a folder in which tools may run
    public Llvm(Path scratch) {
        this.scratch = scratch;
    }

    /// The C compiler.
    public Path clang() {
        return tool("clang");
    }

    /// The C++ compiler, which links native executables too.
    Path clangxx() {
        return tool("clang++");
    }

    /// What makes static libraries.
    Path ar() {
        return tool("llvm-ar");
    }

    /// What takes sections out of object files.
    public Path objcopy() {
        return tool("llvm-objcopy");
    }

    /// The controller.
    public Path jitlink() {
        return tool("llvm-jitlink");
    }

    /// LLVM's own executor.
    public Path executor() {
        return tool("llvm-jitlink-executor");
    }

    /// The static library of LLVM's ORC runtime.
    public Path orcRuntime() {
        return libraries.computeIfAbsent("orc_rt", key -> {
            Path library = Path.of(ask("-print-resource-dir"), "lib", "linux", "liborc_rt-" + architecture() + ".a");
            return present(library, "LLVM's ORC runtime " + library + " is missing; " + INSTALL);
        });
    }

    /// A static library of the system.
    ///
    /// @param file its name, such as `libz.a`
    Path staticLibrary(String file) {
        return libraries.computeIfAbsent(file, key -> {
            String text = file + " is missing; install it (Debian, Ubuntu: libsqlite3-dev, zlib1g-dev)";
            return present(Path.of(ask("-print-file-name=" + file)), text);
        });
    }

    private Path tool(String name) {
        return tools.computeIfAbsent(
                name,
                key -> Stream.concat(
                                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                                        .map(directory -> Path.of(directory, name + "-22")),
                                Stream.of(HOME.resolve(name)))
                        .filter(Files::isExecutable)
                        .findFirst()
                        .orElseThrow(() -> Skip.because(name + " of LLVM 22 is missing; " + INSTALL)));
    }

    private String ask(String question) {
        List<String> command = List.of(clang().toString(), question);
        return Processes.run(scratch, ANSWER_LIMIT, command).orThrow().stdout().strip();
    }

    private static String architecture() {
        String name = System.getProperty("os.arch");
        return name.equals("amd64") ? "x86_64" : name;
    }

    private static Path present(Path file, String otherwise) {
        if (file.isAbsolute() && Files.isReadable(file)) {
            return file;
        }
        throw Skip.because(otherwise);
    }
}
