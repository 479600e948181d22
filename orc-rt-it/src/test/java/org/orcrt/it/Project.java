// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.orcrt.tck.TaskDispatcherContract;

/// Where things lie in the tree under test.
public final class Project {

    private Project() {}

    /// The root of the tree: `-Dorcrt.root`, or the nearest directory above that has `bin/` and `pom.xml`.
    ///
    /// @return an absolute path
    public static Path root() {
        String told = System.getProperty("orcrt.root");
        Path here = Path.of(told != null ? told : "").toAbsolutePath();
        for (Path at = here; at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("bin")) && Files.isRegularFile(at.resolve("pom.xml"))) {
                return at;
            }
        }
        throw new IllegalStateException("no bin/ and pom.xml in or above " + here);
    }

    /// What the launchers run.
    ///
    /// @return `build/modules`, which exists
    public static Path modules() {
        Path modules = root().resolve("build/modules");
        if (!Files.isRegularFile(modules.resolve(".complete"))) {
            throw new IllegalStateException("no build in " + modules + "; run bin/build");
        }
        return modules;
    }

    /// What `bin/orc-rt bench` runs beside [#modules()].
    ///
    /// @return `build/bench`, which exists
    public static Path benchmarks() {
        return modules().resolveSibling("bench");
    }

    /// Our executor. The system property `orcrt.executor` puts another one in its place: LLVM's own, say, to see
    /// whether a failure is one of the test.
    ///
    /// @return a command to start
    public static Path executor() {
        String told = System.getProperty("orcrt.executor");
        Path executor = told == null ? root().resolve("bin/orc-executor") : Path.of(told);
        if (!Files.isExecutable(executor)) {
            throw new IllegalStateException("no executor at " + executor + "; is the build complete?");
        }
        return executor;
    }

    /// Our own jars in [#modules()] and [#benchmarks()].
    ///
    /// @return sorted in each, not empty
    public static List<Path> jars() {
        List<Path> jars = new ArrayList<>();
        for (Path directory : List.of(modules(), benchmarks())) {
            List<Path> found = files(directory, "glob:**/orc-rt-*.jar");
            if (found.isEmpty()) {
                throw new IllegalStateException("no jar of ours in " + directory + "; run bin/build");
            }
            jars.addAll(found);
        }
        return jars;
    }

    /// All Java files of the modules' main code.
    ///
    /// @return sorted
    public static List<Path> mainSources() {
        return files(root(), "glob:" + root() + "/orc-rt-*/src/main/java/**.java");
    }

    /// All Java files of tests, and of the contracts that they extend.
    ///
    /// @return not sorted
    public static List<Path> testSources() {
        List<Path> sources = new ArrayList<>(files(root(), "glob:" + root() + "/orc-rt-*/src/test/java/**.java"));
        sources.addAll(files(root(), "glob:" + root() + "/orc-rt-tck/src/main/java/**.java"));
        return sources;
    }

    /// All modules of this build: those that the launchers run, and the kit for authors of plug-ins, which is none of
    /// them.
    ///
    /// @return finds ours, and what they require
    public static ModuleFinder built() {
        try {
            URI kit = TaskDispatcherContract.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            return ModuleFinder.of(modules(), benchmarks(), Path.of(kit));
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static List<Path> files(Path below, String pattern) {
        var matcher = below.getFileSystem().getPathMatcher(pattern);
        try (Stream<Path> all = Files.walk(below)) {
            return all.filter(matcher::matches).sorted().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
