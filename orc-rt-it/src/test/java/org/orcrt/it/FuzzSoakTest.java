// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The short form of `bin/soak fuzz`: one target, few inputs.
class FuzzSoakTest {

    @TempDir
    private Path directory;

    @Test
    void a_run_is_counted_recorded_and_finds_the_planted_bug() throws Exception {
        Path ledger = directory.resolve("ledger.json");
        ScriptRun run = soak(ledger);
        assertThat(run.exitCode()).as("%s", run).isZero();
        assertThat(run.out().lines().toList().getFirst())
                .matches("spec: 500 executions in [0-9]+ s, 0 findings, planted bug found after [0-9,]+");
        assertThat(run.out()).endsWith("fuzz: 1 targets, 500 executions, 0 findings, 1 of 1 planted bugs caught\n");
        assertThat(ledger).content().containsOnlyOnce("\"target\": \"spec\", \"executions\": 500, ");
    }

    private ScriptRun soak(Path ledger) throws Exception {
        Path root = Project.root();
        String classPath = Stream.of(
                        root.resolve("orc-rt-api/target/test-classes"),
                        root.resolve("orc-rt-it/target/test-classes"),
                        Project.modules().resolve("*"),
                        root.resolve("orc-rt-it/target/jazzer/*"))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        return ScriptRun.run(
                root,
                Map.of("PATH", System.getenv("PATH")),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        "org.orcrt.it.fuzz.FuzzSoak",
                        directory.resolve("work").toString(),
                        directory.resolve("corpus").toString(),
                        "500",
                        "",
                        ledger.toString(),
                        "unknown",
                        "spec"));
    }
}
