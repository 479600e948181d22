// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The short form; `bin/soak races` has the long one.
@Tag("C2")
@Tag("C7")
@Tag("D2")
@Tag("W6")
@Tag("X2")
@Tag("X3")
@Tag("X7")
class JcstressTest {

    /// Below `target`, so that what jcstress wrote can be read afterwards.
    private static final Path DIRECTORY = Path.of("target", "jcstress").toAbsolutePath();

    @Test
    void no_race_has_a_forbidden_outcome() throws Exception {
        JcstressRun run = Races.shortForm(DIRECTORY.resolve("ours"));
        assertThat(run.failed()).as("see %s", run.log()).isEmpty();
        assertThat(run.broken()).as("see %s", run.log()).isEmpty();
        assertThat(run.passed()).as("see %s", run.log()).hasSize(JcstressRun.tests());
        assertThat(run.samples()).isGreaterThan(JcstressRun.tests());
    }

    @Test
    void every_test_sees_the_bug_that_is_planted_for_it() throws Exception {
        assertThat(Races.caught(DIRECTORY.resolve("planted"))).hasSize(JcstressRun.tests());
    }
}
