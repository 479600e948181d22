// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Native memory in a process of its own: a write after an unmap would end it, and a leak would be seen as nothing else
/// is mapped there.
class MemoryRaceTest {

    private static final Pattern RACES =
            Pattern.compile("races (\\d+), initialized (\\d+), refused (\\d+), other (\\d+), left (\\d+)\\n");
    private static final Pattern CYCLES = Pattern.compile("cycles (\\d+), mappings ([+-]\\d+), left (\\d+)\\n");

    /// What the JVM itself may map in the meantime.
    private static final int NOISE = 20;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @Tag("M13")
    @ValueSource(strings = {"private", "shared"})
    void an_initialize_that_races_the_release_of_its_slab_wins_or_is_refused(String kind) {
        int races = Rows.tenthOf(kind.equals("private") ? 100_000 : 10_000);
        Matcher summary = run(RACES, "race", kind, races);
        assertThat(summary.group(1)).isEqualTo(Integer.toString(races));
        assertThat(Integer.parseInt(summary.group(2))).as(summary.group()).isPositive();
        assertThat(Integer.parseInt(summary.group(3))).as(summary.group()).isPositive();
        assertThat(summary.group(4)).as(summary.group()).isEqualTo("0");
        assertThat(summary.group(5)).as(summary.group()).isEqualTo("0");
    }

    @Test
    @Tag("M16")
    void cycles_leave_nothing_mapped() {
        int cycles = Rows.tenthOf(20_000);
        for (String kind : List.of("private", "shared")) {
            Matcher summary = run(CYCLES, "cycle", kind, cycles);
            assertThat(summary.group(1)).isEqualTo(Integer.toString(cycles));
            assertThat(Integer.parseInt(summary.group(2))).as(summary.group()).isBetween(-NOISE, NOISE);
            assertThat(summary.group(3)).as(summary.group()).isEqualTo("0");
        }
    }

    private Matcher run(Pattern pattern, String what, String kind, int count) {
        Finished run = Child.runWithPlugIns(
                directory, MemoryRaceProgram.class, List.of(), what, kind, Integer.toString(count));
        assertThat(run.stderr()).isEmpty();
        assertThat(run.exitCode()).as("%s", run).hasValue(0);
        Matcher summary = pattern.matcher(run.stdout());
        assertThat(summary.matches()).as("%s", run.stdout()).isTrue();
        return summary;
    }
}
