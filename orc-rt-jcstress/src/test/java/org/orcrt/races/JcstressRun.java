// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What jcstress found.
///
/// @param passed names of tests without a forbidden outcome
/// @param failed names of tests with one
/// @param broken names of tests that did not end
/// @param samples how many outcomes were looked at
/// @param log what jcstress wrote
public record JcstressRun(List<String> passed, List<String> failed, List<String> broken, long samples, Path log) {

    private static final Pattern TEST = Pattern.compile("^\\.+ \\[(\\w+)] (\\S+)$");
    private static final Pattern OUTCOME =
            Pattern.compile("^ .* ([0-9,]+) +<?[0-9.]+% +(?:Acceptable|Interesting|Forbidden) .*");

    /// Runs jcstress in a JVM of its own, which starts a JVM for each test.
    ///
    /// @param directory for what is written; made if it is not there
    /// @param bound for all of it
    /// @param options of jcstress
    public static JcstressRun run(Path directory, Duration bound, List<String> options)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path log = directory.resolve("jcstress.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-v",
                "-r",
                "report"));
        command.addAll(options);
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Thread end = new Thread(() -> destroy(process));
        Runtime.getRuntime().addShutdownHook(end);
        try {
            if (!process.waitFor(bound.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("jcstress still ran after %s; see %s".formatted(bound, log));
            }
        } finally {
            destroy(process);
            Runtime.getRuntime().removeShutdownHook(end);
        }
        return parse(log);
    }

    private static void destroy(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /// How many tests there are. jcstress leaves out silently what it has not the processors for.
    public static int tests() throws IOException {
        try (InputStream list = JcstressRun.class.getResourceAsStream("/META-INF/TestList")) {
            if (list == null) {
                throw new IllegalStateException("no list of tests: jcstress's annotation processor did not run");
            }
            var lines = new BufferedReader(new InputStreamReader(list, StandardCharsets.UTF_8));
            return (int) lines.lines().filter(line -> !line.isBlank()).count();
        }
    }

    private static JcstressRun parse(Path log) throws IOException {
        JcstressRun run = new JcstressRun(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), 0, log);
        long samples = 0;
        boolean results = false;
        for (String line : Files.readAllLines(log)) {
            results |= line.startsWith("RUN RESULTS");
            Matcher test = TEST.matcher(line);
            Matcher outcome = OUTCOME.matcher(line);
            if (results && test.matches()) {
                run.namesOf(test.group(1)).add(test.group(2));
            } else if (results && outcome.matches()) {
                samples += Long.parseLong(outcome.group(1).replace(",", ""));
            }
        }
        return new JcstressRun(run.passed, run.failed, run.broken, samples, log);
    }

    private List<String> namesOf(String verdict) {
        return switch (verdict) {
            case "OK" -> passed;
            case "FAILED" -> failed;
            default -> broken;
        };
    }
}
