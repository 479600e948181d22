// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.testing.FuzzRun;

@Tag("W4")
class ConnectionFuzzTest {

    @Test
    void any_sequence_of_frames_and_calls_ends_as_the_model_says() {
        FuzzRun.of(new ConnectionFuzz(), 60_000);
    }

    @Test
    void a_planted_connection_that_lets_setup_pass_is_found() {
        assertThat(FuzzRun.untilFound(new ConnectionFuzz().planted(), 60_000)).isLessThan(60_000);
    }
}
