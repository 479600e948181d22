// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.orcrt.it.fuzz.FuzzLedger.Entry;

/// The long form of the fuzz tests, started by `bin/soak fuzz`: Jazzer looks for inputs that reach new code, one target
/// after the other, and then finds the bug that each target has planted. The last line of the output is the summary.
final class FuzzSoak {

    /// A planted bug that is not found within so many executions will hardly be.
    private static final long MAX_PLANTED = 1_000_000;

    private final Path work;
    private final Path corpus;
    private final String commit;
    private final List<Entry> entries = new ArrayList<>();
    private int broken;

    private FuzzSoak(Path work, Path corpus, String commit) {
        this.work = work;
        this.corpus = corpus;
        this.commit = commit;
    }

    /// @param args where to write, where the corpus is kept, how many executions for each target, where to put the
    ///     summary as JSON (empty: nowhere), the ledger (empty: nothing is recorded), the commit, and then
    ///     the targets (none: all)
    public static void main(String[] args) throws IOException, InterruptedException {
        long count = Long.parseLong(args[2]);
        FuzzSoak soak = new FuzzSoak(Path.of(args[0]), Path.of(args[1]), args[5]);
        for (FuzzTargets target : targets(Arrays.asList(args).subList(6, args.length))) {
            soak.run(target, count);
        }
        if (!args[3].isEmpty()) {
            Files.writeString(Path.of(args[3]), soak.json(count));
        }
        if (!args[4].isEmpty()) {
            record(Path.of(args[4]), soak.entries);
        }
        System.exit(soak.summary() ? 0 : 1);
    }

    private static Set<FuzzTargets> targets(List<String> names) {
        return names.isEmpty()
                ? EnumSet.allOf(FuzzTargets.class)
                : names.stream()
                        .map(name -> FuzzTargets.valueOf(name.toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(FuzzTargets.class)));
    }

    private void run(FuzzTargets target, long count) throws IOException, InterruptedException {
        Path own = work.resolve(target.toString());
        JazzerRun ours = JazzerRun.of(target, "ours", count, own, Files.createDirectories(corpus.resolve(target + "")));
        tell(target + ", broken: ", ours.broken());
        tell(target + ", FINDING: ", ours.finding());
        JazzerRun planted =
                JazzerRun.of(target, "planted", MAX_PLANTED, own.resolve("planted"), own.resolve("planted-corpus"));
        tell(target + ", planted, broken: ", planted.broken());
        long plantedAfter = planted.finding().isEmpty() ? 0 : planted.executions();
        long findings = ours.finding().isEmpty() ? 0 : 1;
        broken += ours.broken().isEmpty() ? 0 : 1;
        say(
                "%s: %,d executions in %d s, %d findings, planted bug %s",
                target,
                ours.executions(),
                ours.seconds(),
                findings,
                plantedAfter == 0 ? "NOT found" : String.format(Locale.ROOT, "found after %,d", plantedAfter));
        String today = LocalDate.now(ZoneOffset.UTC).toString();
        entries.add(
                new Entry(today, commit, target.toString(), ours.executions(), ours.seconds(), findings, plantedAfter));
    }

    private static void record(Path file, List<Entry> entries) throws IOException {
        FuzzLedger ledger = FuzzLedger.read(file).with(entries);
        ledger.write(file);
        ledger.executions().forEach((target, sum) -> say("ledger: %s: %,d executions so far", target, sum));
    }

    private String json(long count) {
        String each = entries.stream()
                .map(entry ->
                        "{\"name\": \"%s\", \"executions\": %d, \"seconds\": %d, \"findings\": %d, \"plantedAfter\": %d}"
                                .formatted(
                                        entry.target(),
                                        entry.executions(),
                                        entry.seconds(),
                                        entry.findings(),
                                        entry.plantedAfter()))
                .collect(Collectors.joining(", "));
        return "{\"name\": \"fuzz\", \"count\": %d, \"executions\": %d, \"findings\": %d, \"planted\": %d, \"caught\": %d, \"targets\": [%s]}%n"
                .formatted(count, executions(), findings(), entries.size(), caught(), each);
    }

    /// @return whether the target held
    private boolean summary() {
        say(
                "fuzz: %d targets%s, %,d executions, %d findings, %d of %d planted bugs caught",
                entries.size(),
                broken == 0 ? "" : " (" + broken + " broken)",
                executions(),
                findings(),
                caught(),
                entries.size());
        return broken == 0 && findings() == 0 && caught() == entries.size();
    }

    private long executions() {
        return entries.stream().mapToLong(Entry::executions).sum();
    }

    private long findings() {
        return entries.stream().mapToLong(Entry::findings).sum();
    }

    private long caught() {
        return entries.stream().filter(entry -> entry.plantedAfter() > 0).count();
    }

    private static void tell(String what, String text) {
        if (!text.isEmpty()) {
            say("%s%s", what, text);
        }
    }

    private static void say(String text, Object... values) {
        System.out.println(String.format(Locale.ROOT, text, values));
    }
}
