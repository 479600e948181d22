// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.ListIterator;
import org.jspecify.annotations.Nullable;

/// The command line.
///
/// @param help whether only the usage is wanted
/// @param list whether only the names are wanted
/// @param only a benchmark or a goal, or `null` for all
/// @param rounds how often each point is measured
/// @param effort how long a measurement takes
/// @param strict whether a missed goal is a failure
/// @param json where figures go, or `null`
record BenchOptions(
        boolean help,
        boolean list,
        @Nullable String only,
        int rounds,
        Effort effort,
        boolean strict,
        @Nullable Path json) {

    static final String USAGE = """
            usage: orc-rt bench [--only NAME] [--rounds N] [--json FILE] [--strict] [--smoke]
                   orc-rt bench --list
                   orc-rt bench jmh -- ARGS
            Measures our ways beside peers' ways, in turns, and prints their ratios beside the goals for them.

              --only NAME  one benchmark or one goal; all unless told otherwise
              --rounds N   how often each way is measured; 7 unless told otherwise, a median wants 5
              --json FILE  writes the figures there, with what the machine is
              --strict     a missed goal is exit code 1
              --smoke      so short that the figures mean nothing
              --list       lists the benchmarks and their goals
              jmh -- ARGS  hands ARGS to JMH: -h says what it takes
            """;

    private static final int ROUNDS = 7;
    private static final int MAX_ROUNDS = 1000;

    /// Reads the words of the command line.
    ///
    /// @throws org.orcrt.bench.BenchException if they are wrong
    static BenchOptions of(List<String> words) {
        boolean help = false;
        boolean list = false;
        boolean strict = false;
        String only = null;
        Path json = null;
        int rounds = ROUNDS;
        Effort effort = Effort.FULL;
        for (ListIterator<String> rest = words.listIterator(); rest.hasNext(); ) {
            String word = rest.next();
            switch (word) {
                case "-h", "--help" -> help = true;
                case "--list" -> list = true;
                case "--strict" -> strict = true;
                case "--smoke" -> effort = Effort.SMOKE;
                case "--only" -> only = value(word, rest);
                case "--json" -> json = Path.of(value(word, rest));
                case "--rounds" -> rounds = rounds(value(word, rest));
                default -> throw wrong("unknown argument '" + word + "'");
            }
        }
        return new BenchOptions(help, list, only, rounds, effort, strict, json);
    }

    private static String value(String option, ListIterator<String> rest) {
        if (!rest.hasNext()) {
            throw wrong(option + " needs a value");
        }
        return rest.next();
    }

    private static int rounds(String text) {
        try {
            int rounds = Integer.parseInt(text);
            if (rounds >= 1 && rounds <= MAX_ROUNDS) {
                return rounds;
            }
        } catch (NumberFormatException noNumber) {
            // said below
        }
        throw wrong("--rounds %s is no number from 1 to %d".formatted(text, MAX_ROUNDS));
    }

    private static BenchException wrong(String what) {
        return new BenchException(BenchException.USAGE, what + "; --help says what there is");
    }
}
