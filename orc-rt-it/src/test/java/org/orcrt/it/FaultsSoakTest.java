// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `bin/soak faults` starts, counts and sums up.
class FaultsSoakTest {

    @TempDir
    private Path directory;

    @Test
    void the_first_cases_of_each_suite_hold() throws Exception {
        Path json = directory.resolve("faults.json");
        Map<String, String> environment =
                Map.of("PATH", System.getenv("PATH"), "ORC_RT_JAVA", System.getProperty("java.home"));
        ScriptRun run = ScriptRun.run(
                Project.root(), environment, List.of("bin/soak", "faults", "--count", "40", "--json", json.toString()));
        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).matches("faults: 80 cases \\(40 memory, 40 attach\\) in [0-9]+ s, 0 broken\n");
        assertThat(json)
                .content()
                .matches("\\{\"name\": \"faults\", \"cases\": 80, \"seconds\": [0-9]+, \"broken\": 0, \"memory\": 40, "
                        + "\"attach\": 40}\n");
    }
}
