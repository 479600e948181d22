// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Native code that calls a Java function while its address is taken back: an answer or an error, never a crash.
@Tag("J4")
class StubRaceTest {

    private static final Pattern SUMMARY =
            Pattern.compile("races (\\d+), answered (\\d+), gone (\\d+), other (\\d+)\\n");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "unbind, 80000, false",
        "lease, 18000, false",
        "session, 2000, false",
        "unbind, 80000, true",
        "lease, 18000, true",
        "session, 2000, true"
    })
    void calls_that_race_the_end_of_their_address_never_end_the_process(String kind, int full, boolean plain) {
        int races = Rows.tenthOf(full);
        Finished run = Child.run(
                directory, StubRaceProgram.class, List.of("-Dorcrt.ffm.plain=" + plain), kind, Integer.toString(races));
        assertThat(run.stderr()).isEmpty();
        assertThat(run.exitCode()).as("%s", run).hasValue(0);
        Matcher summary = SUMMARY.matcher(run.stdout());
        assertThat(summary.matches()).as("%s", run.stdout()).isTrue();
        assertThat(summary.group(1)).isEqualTo(Integer.toString(races));
        assertThat(Integer.parseInt(summary.group(2)))
                .as("calls in time: %s", run.stdout())
                .isPositive();
        assertThat(Integer.parseInt(summary.group(3)))
                .as("calls too late: %s", run.stdout())
                .isPositive();
        assertThat(summary.group(4)).as("answers of nobody: %s", run.stdout()).isEqualTo("0");
    }
}
