// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jetbrains.lincheck.LincheckAssertionError;

/// The long form of the races, started by `bin/soak races`. The last line of the output is the summary.
final class RacesSoak {

    private static final int SCENARIOS_PER_COUNT = 10;
    private static final int INTERLEAVINGS = 1000;

    private RacesSoak() {}

    /// @param args where to write, how much, and where to put the summary as JSON (empty: nowhere)
    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = Path.of(args[0]);
        int count = Integer.parseInt(args[1]);
        long begunNs = System.nanoTime();

        say("jcstress: %d tests, %d iterations of a second for each kind of JVM", JcstressRun.tests(), count);
        JcstressRun run = Races.longForm(directory.resolve("ours"), count);
        run.failed().forEach(test -> say("FORBIDDEN outcome in %s; see %s", test, run.log()));
        run.broken().forEach(test -> say("BROKEN: %s; see %s", test, run.log()));
        int left = JcstressRun.tests() - run.passed().size() - run.failed().size();
        say("jcstress: the same tests with planted bugs");
        int caught = Races.caught(directory.resolve("planted")).size();

        int violated = 0;
        for (Model model : Model.values()) {
            say("Lincheck: %s", model);
            violated += violates(model, count) ? 1 : 0;
            caught += model.findsBug() ? 1 : 0;
        }

        int tests = JcstressRun.tests() + Model.values().length;
        int forbidden = run.failed().size() + violated;
        if (!args[2].isEmpty()) {
            String json =
                    "{\"name\": \"races\", \"count\": %d, \"tests\": %d, \"notRun\": %d, \"samples\": %d, \"forbidden\": %d, "
                            + "\"planted\": %d, \"caught\": %d, \"seconds\": %d}%n";
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begunNs);
            Files.writeString(
                    Path.of(args[2]),
                    json.formatted(count, tests, left, run.samples(), forbidden, tests, caught, seconds));
        }
        say(
                "races: %d tests%s, %,d samples, %d forbidden, %d of %d planted bugs caught",
                tests, left == 0 ? "" : " (" + left + " did not run)", run.samples(), forbidden, caught, tests);
        System.exit(forbidden == 0 && left == 0 && caught == tests ? 0 : 1);
    }

    private static boolean violates(Model model, int count) {
        try {
            model.check(SCENARIOS_PER_COUNT * count, INTERLEAVINGS);
            return false;
        } catch (LincheckAssertionError history) {
            say("VIOLATED: %s%n%s", model, history.getMessage());
            return true;
        }
    }

    private static void say(String text, Object... values) {
        System.out.println(String.format(Locale.ROOT, text, values));
    }
}
