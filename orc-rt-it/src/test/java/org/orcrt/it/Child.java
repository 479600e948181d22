// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A JVM of its own, for what may end it.
final class Child {

    private static final Duration LIMIT = Duration.ofMinutes(4);

    /// What would plug in.
    private static final Pattern PLUG_IN = Pattern.compile("orc-rt-(memory|llvm|transport|executor|cli)");

    private Child() {}

    /// Runs a program of the tests on our own class path, which lets it make native calls. Plug-ins are left out.
    ///
    /// @param directory where it runs
    /// @param program has a `main`
    /// @param options of the JVM
    /// @param arguments of the program
    static Finished run(Path directory, Class<?> program, List<String> options, String... arguments) {
        String path = Pattern.compile(File.pathSeparator)
                .splitAsStream(System.getProperty("java.class.path"))
                .filter(entry -> !PLUG_IN.matcher(entry).find())
                .collect(Collectors.joining(File.pathSeparator));
        return run(directory, path, program, options, arguments);
    }

    /// Runs a program of the tests on all of our own class path.
    ///
    /// @param directory where it runs
    /// @param program has a `main`
    /// @param options of the JVM
    /// @param arguments of the program
    static Finished runWithPlugIns(Path directory, Class<?> program, List<String> options, String... arguments) {
        return run(directory, System.getProperty("java.class.path"), program, options, arguments);
    }

    private static Finished run(
            Path directory, String path, Class<?> program, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                java(), "-XX:+UseSerialGC", "-XX:-CreateCoredumpOnCrash", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(options);
        command.addAll(List.of("-cp", path, program.getName()));
        command.addAll(List.of(arguments));
        return Processes.run(directory, LIMIT, command);
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
