// SPDX-License-Identifier: Apache-2.0
package org.orcrt.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Every case of some suites, started by `bin/soak faults`. The last line of the output is the summary.
final class FaultsSoak {

    private FaultsSoak() {}

    /// @param args how many cases of each suite at most (empty: all), where to put the summary as JSON (empty:
    ///     nowhere), and the classes of the suites
    public static void main(String[] args) throws IOException, ReflectiveOperationException {
        long limit = args[0].isEmpty() ? Long.MAX_VALUE : Long.parseLong(args[0]);
        long begunNs = System.nanoTime();
        long cases = 0;
        long broken = 0;
        StringBuilder each = new StringBuilder();
        StringBuilder json = new StringBuilder();
        for (int k = 2; k < args.length; k++) {
            FaultSuite suite =
                    (FaultSuite) Class.forName(args[k]).getDeclaredConstructor().newInstance();
            FaultSweep sweep = suite.sweep(true, limit);
            sweep.told().forEach(line -> System.out.println("BROKEN: " + line));
            cases += sweep.cases();
            broken += sweep.broken();
            each.append("%s%d %s".formatted(k == 2 ? "" : ", ", sweep.cases(), suite.name()));
            json.append(", \"%s\": %d".formatted(suite.name(), sweep.cases()));
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begunNs);
        if (!args[1].isEmpty()) {
            Files.writeString(
                    Path.of(args[1]),
                    "{\"name\": \"faults\", \"cases\": %d, \"seconds\": %d, \"broken\": %d%s}%n"
                            .formatted(cases, seconds, broken, json));
        }
        System.out.printf("faults: %d cases (%s) in %d s, %d broken%n", cases, each, seconds, broken);
        System.exit(broken == 0 && cases > 0 ? 0 : 1);
    }
}
