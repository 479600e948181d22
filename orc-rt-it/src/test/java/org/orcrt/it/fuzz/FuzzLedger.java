// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `docs/fuzz-ledger.json`: what was tried so far, one line for each target of each recorded run.
///
/// @param entries in the order of the file
record FuzzLedger(List<Entry> entries) {

    private static final Pattern LINE =
            Pattern.compile("\\{\"date\": \"([0-9-]{10})\", \"commit\": \"([0-9a-z]+)\", \"target\": \"([a-z]+)\", "
                    + "\"executions\": ([0-9]+), \"seconds\": ([0-9]+), \"findings\": ([0-9]+), "
                    + "\"plantedAfter\": ([0-9]+)}(,?)");

    /// What one run of one target gave.
    ///
    /// @param date when, for example `2026-11-22`
    /// @param commit of what, or `unknown`
    /// @param target its name
    /// @param executions how many inputs were tried
    /// @param seconds how long that took
    /// @param findings 0 or 1: a run ends with the first
    /// @param plantedAfter after how many executions the planted bug was found, 0 if it was not
    record Entry(
            String date,
            String commit,
            String target,
            long executions,
            long seconds,
            long findings,
            long plantedAfter) {

        private String line() {
            return ("{\"date\": \"%s\", \"commit\": \"%s\", \"target\": \"%s\", \"executions\": %d, \"seconds\": %d, "
                            + "\"findings\": %d, \"plantedAfter\": %d}")
                    .formatted(date, commit, target, executions, seconds, findings, plantedAfter);
        }
    }

    /// Reads the file; one that is not there is empty.
    ///
    /// @throws IllegalArgumentException if a line is not as this class writes it
    static FuzzLedger read(Path file) throws IOException {
        List<Entry> entries = new ArrayList<>();
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of("[", "]");
        for (String line : lines.subList(1, lines.size() - 1)) {
            Matcher parts = LINE.matcher(line);
            boolean last = entries.size() == lines.size() - 3;
            if (!parts.matches() || parts.group(8).isEmpty() != last) {
                throw new IllegalArgumentException("in " + file + ", not a line of the ledger: " + line);
            }
            entries.add(new Entry(
                    parts.group(1),
                    parts.group(2),
                    parts.group(3),
                    Long.parseLong(parts.group(4)),
                    Long.parseLong(parts.group(5)),
                    Long.parseLong(parts.group(6)),
                    Long.parseLong(parts.group(7))));
        }
        return new FuzzLedger(entries);
    }

    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("[");
        for (int k = 0; k < entries.size(); k++) {
            lines.add(entries.get(k).line() + (k < entries.size() - 1 ? "," : ""));
        }
        lines.add("]");
        Files.write(file, lines);
    }

    FuzzLedger with(List<Entry> more) {
        List<Entry> all = new ArrayList<>(entries);
        all.addAll(more);
        return new FuzzLedger(all);
    }

    /// How many inputs each target was tried with.
    Map<String, Long> executions() {
        Map<String, Long> sums = new TreeMap<>();
        entries.forEach(entry -> sums.merge(entry.target(), entry.executions(), Long::sum));
        return sums;
    }
}
