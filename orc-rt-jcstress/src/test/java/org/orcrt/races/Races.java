// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How the races run.
public final class Races {

    /// So that two actors collide often, also where the machine has other work.
    private static final List<String> SHORT =
            List.of("-m", "sanity", "-f", "1", "-strideCount", "16", "-sc", "false", "-af", "NONE");

    private static final Duration SHORT_BOUND = Duration.ofMinutes(4);
    private static final Duration LONG_BOUND = Duration.ofHours(12);

    /// A JVM of one kind; without it jcstress goes through all collectors and compilers.
    private static final String JVM = "-XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -D" + Planted.PROPERTY + "=";

    /// One for each attempt.
    private static final long[] WINDOWS_NS = {1_000, 100_000, 1_000_000, 10_000_000};

    private Races() {}

    /// Every test for a fraction of a second, in one kind of JVM.
    public static JcstressRun shortForm(Path directory) throws IOException, InterruptedException {
        List<String> options = options(100, 2, "-strideSize", "32", "-jvmArgs", JVM + 0);
        return JcstressRun.run(directory, SHORT_BOUND, options);
    }

    /// Every test with every compiler.
    ///
    /// @param iterations of one second, for each test and kind of JVM; also, up to 5, how many JVMs whose compiler
    ///     orders instructions at random
    public static JcstressRun longForm(Path directory, int iterations) throws IOException, InterruptedException {
        List<String> options = List.of(
                "-m",
                "default",
                "-iters",
                Integer.toString(iterations),
                "-fsm",
                Integer.toString(Math.min(iterations, 5)),
                "-jvmArgsPrepend",
                "--enable-native-access=ALL-UNNAMED");
        return JcstressRun.run(directory, LONG_BOUND, options);
    }

    /// The same tests with the bugs. A bug shows with some luck, and on a busy machine with little: what has not shown
    /// is
    /// tried again, for longer and with more room for the bug.
    ///
    /// @return the tests that saw their bug
    public static Collection<String> caught(Path directory) throws IOException, InterruptedException {
        Collection<String> caught = new TreeSet<>();
        List<String> missed = List.of();
        for (int attempt = 0; attempt == 0 || (attempt < WINDOWS_NS.length && !missed.isEmpty()); attempt++) {
            int millis = 100 + 500 * attempt;
            List<String> options =
                    new ArrayList<>(options(millis, 2, "-strideSize", "4", "-jvmArgs", JVM + WINDOWS_NS[attempt]));
            if (!missed.isEmpty()) {
                String names = missed.stream().map(Pattern::quote).collect(Collectors.joining("|"));
                options.addAll(List.of("-t", "^(" + names + ")$"));
            }
            JcstressRun run = JcstressRun.run(directory.resolve("attempt-" + attempt), SHORT_BOUND, options);
            if (!run.broken().isEmpty()) {
                throw new IllegalStateException("jcstress could not run %s; see %s".formatted(run.broken(), run.log()));
            }
            caught.addAll(run.failed());
            missed = run.passed();
        }
        return caught;
    }

    private static List<String> options(int millis, int iterations, String... more) {
        List<String> options = new ArrayList<>(SHORT);
        options.addAll(List.of("-time", Integer.toString(millis), "-iters", Integer.toString(iterations)));
        options.addAll(List.of(more));
        return options;
    }
}
