// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The corpus is only as good as what runs it.
class ProcessesTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void output_of_a_child_that_outlives_its_parent_is_waited_for() {
        Finished finished = shell(LIMIT, "(sleep 0.3; echo late) & echo early; exit 3");
        assertThat(finished.outcome()).isEqualTo(new Outcome(3, "early\nlate\n"));
    }

    @Test
    void a_megabyte_on_each_stream_blocks_nobody() {
        Finished finished = shell(LIMIT, "head -c 1000000 /dev/zero >&2; head -c 1000001 /dev/zero");
        assertThat(finished.stdout()).hasSize(1_000_001);
        assertThat(finished.stderr()).hasSize(1_000_000);
    }

    @Test
    void standard_input_is_empty() {
        assertThat(shell(LIMIT, "cat; echo end").outcome()).isEqualTo(new Outcome(0, "end\n"));
    }

    @Test
    void a_process_and_its_orphans_are_destroyed_at_the_end_of_their_time() {
        Finished finished = shell(Duration.ofMillis(500), "sleep 1000 & echo $!; exit 0");
        assertThat(finished.exitCode()).isEmpty();
        assertThatThrownBy(finished::outcome).hasMessageContaining("destroyed").hasMessageContaining("sleep 1000");
        long orphan = Long.parseLong(finished.stdout().strip());
        assertThat(ProcessHandle.of(orphan)
                        .flatMap(process -> process.info().command())
                        .filter(command -> command.endsWith("sleep")))
                .isEmpty();
    }

    private Finished shell(Duration limit, String script) {
        return Processes.run(directory, limit, List.of("sh", "-c", script));
    }
}
