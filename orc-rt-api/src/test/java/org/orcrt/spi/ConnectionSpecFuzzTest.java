// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.orcrt.testing.FuzzRun;

class ConnectionSpecFuzzTest {

    @Test
    void any_text_is_read_and_printed_as_the_same_spec_or_refused_with_its_words() {
        FuzzRun.of(new ConnectionSpecFuzz(), 30_000);
    }

    @Test
    void a_planted_parser_that_loses_a_target_is_found() {
        assertThat(FuzzRun.untilFound(new ConnectionSpecFuzz().planted(), 30_000))
                .isLessThan(30_000);
    }
}
