// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The short form of `bin/soak sessions`: sessions that come and go leave nothing, and what they would leave is found.
@Tag("J10")
class SessionsSoakTest {

    private static final String SHORT = "200";

    @TempDir
    private Path directory;

    @Test
    void sessions_leave_nothing() throws Exception {
        Path json = directory.resolve("sessions.json");
        ScriptRun run = soak("bin/soak", "sessions", "--count", SHORT, "--json", json.toString());
        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.err()).isEmpty();
        String last = run.out().lines().toList().getLast();
        assertThat(last)
                .matches("sessions: 200 cycles in [0-9]+ s, threads ([0-9]+) -> \\1, descriptors [0-9]+ -> [0-9]+, "
                        + "mappings [0-9]+ -> [0-9]+ \\(ours 0 -> 0\\), stubs ([0-9]+) -> \\2, "
                        + "heap [0-9.]+ -> [0-9.]+ MiB, resident [0-9]+ -> [0-9]+ MiB");
        assertThat(json)
                .content()
                .startsWith("{\"name\": \"sessions\", \"count\": 200, ")
                .contains("\"growing\": 0");
    }

    @Test
    void planted_leaks_of_each_kind_are_found() throws Exception {
        ScriptRun run = soak(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--module-path",
                Project.modules().toString(),
                "--add-modules",
                "ALL-MODULE-PATH",
                "--enable-native-access=org.orcrt.ffm",
                "--add-exports",
                "org.orcrt.ffm/org.orcrt.ffm=ALL-UNNAMED",
                "-cp",
                Project.root().resolve("orc-rt-it/target/test-classes").toString(),
                "org.orcrt.it.soak.SessionsSoak",
                "3",
                "",
                "EVERYTHING");
        assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
        assertThat(run.out())
                .contains(
                        "GROWTH: threads grew from ",
                        "GROWTH: descriptors grew from ",
                        "GROWTH: mappings of ours grew from ",
                        "GROWTH: leased stubs grew from ",
                        "GROWTH: heap bytes grew from ",
                        "GROWTH: resident bytes grew from ")
                .endsWith(": GROWTH\n");
    }

    private static ScriptRun soak(String... command) throws Exception {
        Map<String, String> environment =
                Map.of("PATH", System.getenv("PATH"), "ORC_RT_JAVA", System.getProperty("java.home"));
        assertThat(Files.isDirectory(Project.modules())).isTrue();
        return ScriptRun.run(Project.root(), environment, List.of(command));
    }
}
