// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.testing.FuzzRun;

@Tag("W12")
class PeerTextFuzzTest {

    @Test
    void any_bytes_become_one_bounded_line_without_control_characters() {
        FuzzRun.of(new PeerTextFuzz(), 10_000);
    }

    @Test
    void planted_escaping_that_lets_some_controls_through_is_found() {
        assertThat(FuzzRun.untilFound(new PeerTextFuzz().planted(), 10_000)).isLessThan(10_000);
    }
}
