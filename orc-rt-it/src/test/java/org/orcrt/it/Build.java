// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Compiles the corpus, each file once, and only what is asked for. For one thread.
final class Build {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> FLAGS = List.of("-fPIC", "-O1", "-Wall", "-Wextra", "-Werror");

    private final Llvm llvm;
    private final Path sources;
    private final Path output;
    private final Map<Path, Path> built = new HashMap<>();

    /// @param sources the folder that holds a folder for each program
    /// @param output an empty folder for what is built
    Build(Llvm llvm, Path sources, Path output) {
        this.llvm = llvm;
        this.sources = sources;
        this.output = output;
    }

    /// The folder in which a program is built and run.
    Path folder(Program program) {
        return output.resolve(program.toString().replace(' ', '_'));
    }

    /// The link line for llvm-jitlink, with what it names built.
    List<String> jitLine(Program program) {
        return resolve(program, program.jitLine());
    }

    /// The native executable.
    ///
    /// @param name the name of its file
    Path executable(Program program, String name) {
        return once(folder(program).resolve(name), file -> {
            List<String> command = command(llvm.clangxx(), "-o", file.toString());
            for (String word : resolve(program, program.nativeLine())) {
                if (!word.endsWith(".so")) {
                    command.add(word);
                }
            }
            command.addAll(List.of("-pthread", "-ldl", "-lm"));
            return command;
        });
    }

    private List<String> resolve(Program program, List<String> line) {
        // Libraries first: one that is missing skips the test before its missing header fails it.
        line.stream().filter(word -> word.endsWith(".a")).forEach(word -> resolve(program, word));
        return line.stream().map(word -> resolve(program, word)).toList();
    }

    private String resolve(Program program, String word) {
        Path target = folder(program).resolve(word);
        String stem = word.substring(0, Math.max(0, word.lastIndexOf('.')));
        if (word.endsWith(".o")) {
            return object(program, sources.resolve(program.folder()), target).toString();
        }
        if (word.endsWith(".so")) {
            String object = resolve(program, stem + ".o");
            return once(target, file -> command(llvm.clangxx(), "-shared", "-o", file.toString(), object))
                    .toString();
        }
        if (word.endsWith(".a")) {
            Path members = sources.resolve(program.folder()).resolve(stem.substring("lib".length()));
            return (Files.isDirectory(members) ? archive(program, members, target) : llvm.staticLibrary(word))
                    .toString();
        }
        return word;
    }

    private Path object(Program program, Path from, Path target) {
        return once(target, file -> {
            String stem = file.getFileName().toString().replaceFirst("\\.o$", "");
            Path cplusplus = from.resolve(stem + ".cpp");
            boolean isCplusplus = Files.exists(cplusplus);
            Path source = isCplusplus ? cplusplus : from.resolve(stem + ".c");
            List<String> command = command(
                    isCplusplus ? llvm.clangxx() : llvm.clang(),
                    isCplusplus ? "-std=c++20" : "-std=gnu17",
                    "-c",
                    source.toString(),
                    "-o",
                    file.toString());
            command.addAll(FLAGS);
            command.addAll(program.flags());
            return command;
        });
    }

    private Path archive(Program program, Path members, Path target) {
        return once(target, file -> {
            List<String> command = command(llvm.ar(), "rcs", file.toString());
            for (Path source : list(members)) {
                String stem = source.getFileName().toString().replaceFirst("\\.[^.]*$", "");
                Path object = folder(program).resolve(members.getFileName()).resolve(stem + ".o");
                command.add(object(program, members, object).toString());
            }
            return command;
        });
    }

    private Path once(Path target, Recipe recipe) {
        Path done = built.get(target);
        if (done == null) {
            done = make(target, recipe);
            built.put(target, done);
        }
        return done;
    }

    private Path make(Path target, Recipe recipe) {
        try {
            Files.createDirectories(target.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Processes.run(target.getParent(), LIMIT, recipe.command(target)).orThrow();
        return target;
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(Path tool, String... words) {
        List<String> command = new ArrayList<>();
        command.add(tool.toString());
        command.addAll(List.of(words));
        return command;
    }

    /// How a file is made.
    @FunctionalInterface
    private interface Recipe {
        List<String> command(Path target);
    }
}
