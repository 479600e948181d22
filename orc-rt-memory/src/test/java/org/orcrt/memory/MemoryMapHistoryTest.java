// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Random histories, half of them wrong, against [MapModel]: the same outcome, the same actions in the same order, the
/// same statistics, the same bytes, the same protection of every page, and not a byte outside.
@Tag("M4")
@Tag("M9")
@Tag("M12")
class MemoryMapHistoryTest {

    private static final int STEPS = 2000;
    private static final int SHORT_HISTORIES = 100_000;
    private static final int SHORT_STEPS = 12;

    @ParameterizedTest
    @Tag("M3")
    @CsvSource({"1, REUSE", "2, REUSE", "3, REUSE", "20261122, REUSE", "4, RETIRE", "5, RETIRE"})
    void a_random_history_goes_as_the_model_says(long seed, ReusePolicy reuse) {
        SentinelSystemCalls calls = new SentinelSystemCalls();
        history(new MapFixture(MapFixture.OPTIONS.withReuse(reuse), calls), reuse, seed, 'p');
        assertThat(calls.areSentinelsIntact()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1, REUSE", "2, REUSE", "3, REUSE", "20261122, REUSE", "4, RETIRE", "5, RETIRE"})
    void a_random_history_of_shared_memory_goes_in_the_same_way(long seed, ReusePolicy reuse) {
        history(MapFixture.shared(MapFixture.OPTIONS.withReuse(reuse)), reuse, seed, 's');
    }

    private static void history(MapFixture fixture, ReusePolicy reuse, long seed, char sharing) {
        RandomHistory history = new RandomHistory(fixture, new MapModel(reuse), seed);
        int regions = history.run(STEPS, what -> history.checkMemory(what, sharing));
        assertThat(regions).as("regions in this history").isGreaterThan(STEPS / (reuse == ReusePolicy.REUSE ? 10 : 50));
    }

    /// Many beginnings instead of few long ways. Without a kernel: what is checked is who holds which pages.
    @ParameterizedTest
    @EnumSource
    void a_hundred_thousand_short_histories_go_as_the_model_says(ReusePolicy reuse) {
        int regions = 0;
        for (int seed = 0; seed < SHORT_HISTORIES / 2; seed++) {
            MapFixture fixture = new MapFixture(MapFixture.OPTIONS.withReuse(reuse), new PretendedSystemCalls());
            regions += new RandomHistory(fixture, new MapModel(reuse), seed)
                    .withoutContent()
                    .run(SHORT_STEPS, what -> {});
        }
        assertThat(regions).as("regions in all of them").isGreaterThan(SHORT_HISTORIES / 2);
    }
}
