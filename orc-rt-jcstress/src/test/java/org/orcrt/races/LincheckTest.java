// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The short form; `bin/soak races` has the long one.
@Tag("C2")
@Tag("C7")
@Tag("D2")
class LincheckTest {

    private static final int SCENARIOS = 5;
    private static final int INTERLEAVINGS = 300;

    @ParameterizedTest
    @EnumSource
    void every_history_is_one_that_a_single_thread_could_have_made(Model model) {
        model.check(SCENARIOS, INTERLEAVINGS);
    }

    @ParameterizedTest
    @EnumSource
    void the_planted_bug_is_found(Model model) {
        assertThat(model.findsBug()).isTrue();
    }
}
