// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The system itself refuses, in a JVM of its own: an error, everything as before, and life goes on.
class RealMemoryFaultTest {

    private static final Duration LIMIT = Duration.ofMinutes(4);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @Tag("M1")
    @ValueSource(strings = {"private", "shared"})
    void without_address_space_a_reserve_fails_until_there_is_some_again(String kind) {
        Finished run = run("space", kind);
        assertThat(run.stderr()).isEmpty();
        assertThat(run.exitCode()).as("%s", run).hasValue(0);
        assertThat(run.stdout())
                .isEqualTo("refused 20 times: reserve: mmap of 0x100000000 bytes failed: ENOMEM (errno 12); ask for"
                        + " less or raise the limit (ulimit -v)\n");
    }

    @ParameterizedTest
    @Tag("M17")
    @ValueSource(strings = {"private", "shared"})
    void at_the_limit_of_mappings_an_initialize_fails_and_a_release_works(String kind) {
        Finished run = run("maps", kind);
        assertThat(run.stderr()).isEmpty();
        assertThat(run.exitCode()).as("%s", run).hasValue(0);
        assertThat(run.stdout())
                .matches("refused 20 times: mprotect of 0x1000 bytes at \\S+ to r-- failed: ENOMEM \\(errno 12\\); "
                        + "too many mappings\\? raise sysctl vm.max_map_count\n");
    }

    /// The JVM's own memory is there from the beginning, so that the limit meets our calls and not its own.
    private Finished run(String limit, String kind) {
        List<String> command = List.of(
                Child.java(),
                "-XX:+UseSerialGC",
                "-Xms128m",
                "-Xmx128m",
                "-XX:+AlwaysPreTouch",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UseDynamicNumberOfCompilerThreads",
                "-XX:-CreateCoredumpOnCrash",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RealMemoryFaultProgram.class.getName(),
                limit,
                kind);
        return Processes.run(directory, LIMIT, command);
    }
}
