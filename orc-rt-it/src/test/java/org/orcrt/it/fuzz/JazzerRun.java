// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One run of Jazzer in a JVM of its own.
///
/// @param executions how many inputs were tried
/// @param seconds how long that took
/// @param finding what was found, in two lines, the last of which makes it a seed; empty if nothing was
/// @param broken why there is no result, empty if there is one
record JazzerRun(long executions, long seconds, String finding, String broken) {

    private static final String DRIVER = "org.orcrt.testing.FuzzDriver";
    private static final Pattern DONE = Pattern.compile("(?m)^Done ([0-9]+) runs in ([0-9]+) second");
    private static final int MAX_INPUT_BYTES = 4096;
    private static final long MAX_HOURS = 24;

    /// Runs a target until so many inputs were tried or something is found.
    ///
    /// @param which `ours` or `planted`
    /// @param directory empty; for the log and what is found
    /// @param corpus kept from run to run
    static JazzerRun of(FuzzTargets target, String which, long executions, Path directory, Path corpus)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path finding = directory.resolve("finding.txt");
        Path log = directory.resolve("log.txt");
        int seeded = exitCode(log, List.of(DRIVER, target.className(), which, corpus.toString()));
        long begunNs = System.nanoTime();
        int code = seeded != 0 ? seeded : exitCode(log, jazzer(target, which, executions, directory, corpus));
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begunNs);
        if (Files.exists(finding)) {
            String[] told = Files.readString(finding).split("\n", 2);
            return new JazzerRun(Long.parseLong(told[0].strip()), seconds, told[1].strip(), "");
        }
        Matcher done = DONE.matcher(Files.readString(log));
        return code == 0 && done.find()
                ? new JazzerRun(Long.parseLong(done.group(1)), seconds, "", "")
                : new JazzerRun(0, seconds, "", "exit code " + code + ", see " + log);
    }

    private static List<String> jazzer(FuzzTargets target, String which, long executions, Path directory, Path corpus) {
        return List.of(
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + DRIVER,
                "--target_args=" + String.join(" ", target.className(), which, directory + "/finding.txt"),
                "--instrumentation_includes=org.orcrt.**",
                "--instrumentation_excludes=org.orcrt.testing.**",
                "--reproducer_path=" + directory,
                "-artifact_prefix=" + directory + "/",
                "-max_len=" + MAX_INPUT_BYTES,
                "-runs=" + executions,
                corpus.toString());
    }

    private static int exitCode(Path log, List<String> command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+EnableDynamicAgentLoading",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
        line.addAll(command);
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            return process.waitFor(MAX_HOURS, TimeUnit.HOURS) ? process.exitValue() : -1;
        } finally {
            process.destroyForcibly();
        }
    }
}
