// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.testing.FuzzRun;

@Tag("W1")
@Tag("W2")
@Tag("W8")
class StreamFuzzTest {

    @Test
    void any_stream_in_any_pieces_is_cut_as_the_reference_cuts_it() {
        FuzzRun.of(new StreamFuzz(), 20_000);
    }

    @Test
    void a_planted_channel_with_a_wrong_limit_is_found() {
        assertThat(FuzzRun.untilFound(new StreamFuzz().planted(), 20_000)).isLessThan(20_000);
    }
}
