// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.Main;

/// The command `orc-rt bench`. The table goes to standard output, what it is doing to standard error.
public final class OrcRtBench {

    private static final int MISSED = 1;

    private OrcRtBench() {}

    /// Runs the command and ends the process.
    ///
    /// @param args what follows `bench` on the command line
    public static void main(String[] args) {
        System.exit(run(List.of(args)));
    }

    private static int run(List<String> words) {
        try {
            if (!words.isEmpty() && words.getFirst().equals("jmh")) {
                return jmh(words.subList(1, words.size()));
            }
            BenchOptions options = BenchOptions.of(words);
            if (options.help()) {
                System.out.print(BenchOptions.USAGE);
                return 0;
            }
            Map<String, List<Goal>> chosen = chosen(options);
            if (options.list()) {
                list(chosen);
                return 0;
            }
            return measure(options, chosen);
        } catch (BenchException failure) {
            say(String.valueOf(failure.getMessage()));
            return failure.exitCode();
        } catch (IOException | RuntimeException | AssertionError failure) {
            say("internal error");
            failure.printStackTrace();
            return BenchException.INTERNAL;
        }
    }

    private static int jmh(List<String> words) throws IOException {
        if (words.isEmpty() || !words.getFirst().equals("--")) {
            throw new BenchException(
                    BenchException.USAGE, "jmh wants -- before its arguments: orc-rt bench jmh -- ARGS");
        }
        Main.main(words.subList(1, words.size()).toArray(String[]::new));
        return 0;
    }

    /// The goals that were asked for, by benchmark.
    private static Map<String, List<Goal>> chosen(BenchOptions options) {
        Map<String, List<Goal>> chosen = new LinkedHashMap<>();
        List<Goal> all = Goal.all();
        for (Goal goal : all) {
            String only = options.only();
            if (only == null || only.equals(goal.benchmark()) || only.equals(goal.name())) {
                chosen.computeIfAbsent(goal.benchmark(), key -> new ArrayList<>())
                        .add(goal);
            }
        }
        if (chosen.isEmpty()) {
            List<String> names = all.stream().map(Goal::benchmark).distinct().toList();
            throw new BenchException(
                    BenchException.USAGE,
                    "unknown name '%s'; there are %s, and what --list says"
                            .formatted(options.only(), String.join(", ", names)));
        }
        return chosen;
    }

    private static void list(Map<String, List<Goal>> chosen) {
        chosen.forEach((benchmark, goals) -> {
            System.out.println(benchmark);
            goals.forEach(goal -> System.out.printf(
                    "  %-20s %s / %s <= %s%n", goal.name(), goal.ours(), goal.peer(), goal.ratioMax()));
        });
    }

    private static int measure(BenchOptions options, Map<String, List<Goal>> chosen) {
        Rounds rounds = new Rounds(options.effort(), NativeCode.library());
        Path json = options.json();
        if (json != null) {
            write(json, ""); // better now than after minutes
        }
        Instant started = Instant.now();
        List<Outcome> outcomes = new ArrayList<>();
        chosen.values().forEach(goals -> outcomes.addAll(rounds.run(goals, options.rounds(), OrcRtBench::say)));
        Report report = new Report(outcomes, options.rounds());
        System.out.print(report.table());
        if (json != null) {
            write(json, report.json(started));
        }
        return options.strict() && !report.isMet() ? MISSED : 0;
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException notWritten) {
            throw new BenchException(BenchException.IO, "cannot write " + file + ": " + notWritten);
        }
    }

    private static void say(String line) {
        System.err.println("orc-rt: " + line);
    }
}
