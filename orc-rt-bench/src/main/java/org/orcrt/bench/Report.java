// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What came of a run, for people and for programs.
final class Report {

    private final List<Outcome> outcomes;
    private final int rounds;

    Report(List<Outcome> outcomes, int rounds) {
        this.outcomes = outcomes;
        this.rounds = rounds;
    }

    boolean isMet() {
        return outcomes.stream().allMatch(Outcome::isMet);
    }

    /// One line for each goal under a line of headings.
    String table() {
        StringBuilder table =
                new StringBuilder(line("name", "ours", "peer", "ratio [min..max]", "goal", "B/op", "met"));
        for (Outcome outcome : outcomes) {
            Goal goal = outcome.goal();
            List<Double> ratios = outcome.ratios();
            table.append(line(
                    goal.name(),
                    goal.ours().method().replaceFirst(".*\\.", ""),
                    goal.peer().method().replaceFirst(".*\\.", ""),
                    text("%.2f [%.2f..%.2f]", outcome.ratio(), Collections.min(ratios), Collections.max(ratios)),
                    text("<= %.2f", goal.ratioMax()) + (goal.bytesMax() instanceof Double b ? text(", %.0f B", b) : ""),
                    text("%.1f", outcome.heapBytes()),
                    outcome.isMet() ? "yes" : "NO"));
        }
        return table.toString();
    }

    /// The same, with what the machine is.
    ///
    /// @param started when the first round began
    String json(Instant started) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("started", started.truncatedTo(ChronoUnit.SECONDS));
        fields.put("rounds", rounds);
        fields.put("machine", Machine.facts());
        fields.put("results", outcomes.stream().map(Outcome::fields).toList());
        return Json.write(fields);
    }

    private static String line(String... cells) {
        return text("%-20s %-17s %-17s %-20s %-14s %8s  %s%n", (Object[]) cells);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
