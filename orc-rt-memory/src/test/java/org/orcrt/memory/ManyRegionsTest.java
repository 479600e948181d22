// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.orcrt.memory.MapFixture.OPTIONS;
import static org.orcrt.memory.MapFixture.PAGE;
import static org.orcrt.memory.MapFixture.RX;
import static org.orcrt.memory.MapFixture.request;
import static org.orcrt.memory.MapFixture.segment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.orcrt.api.ExecutorAddress;

/// As many regions as a large program has: found in a tree, and joined by the kernel where their protection is one.
@Timeout(120)
class ManyRegionsTest {

    private static final int REGIONS = 100_000;
    private static final int FILLED = 3000;

    @ParameterizedTest
    @EnumSource
    void a_hundred_thousand_adjacent_regions_come_and_go_in_any_order(ReusePolicy reuse) {
        boolean real = reuse == ReusePolicy.REUSE; // the kernel knows no policy
        MapFixture fixture =
                new MapFixture(OPTIONS.withReuse(reuse), real ? new ScriptedSystemCalls() : new PretendedSystemCalls());
        ExecutorAddress slab = fixture.map.reserve(2L * REGIONS * PAGE);
        List<ExecutorAddress> keys = new ArrayList<>();
        for (int k = 0; k < REGIONS; k++) {
            keys.add(fixture.map.initialize(request(segment(RX, slab.plus(k * PAGE), PAGE))));
        }
        assertMappings(real, slab, 3); // the regions, what is free, and perhaps the last one
        Collections.shuffle(keys, new Random(5));
        List<ExecutorAddress> half = keys.subList(0, REGIONS / 2);
        half.forEach(fixture.map::deinitialize);
        fixture.map.deinitializeAll(keys.subList(REGIONS / 2, REGIONS));
        assertMappings(real, slab, 1);

        long from = real ? 0 : REGIONS;
        for (int k = 0; k < REGIONS; k++) {
            fixture.map.initialize(request(segment(RX, slab.plus((from + k) * PAGE), PAGE)));
        }
        fixture.map.release(slab);
        assertThat(fixture.statistics())
                .isEqualTo(
                        new MemoryStatistics(0, 0, 0, 0, 0, 1, 2 * REGIONS, 2 * REGIONS, 1, 0, MemoryQuotas.DEFAULT));
    }

    private static void assertMappings(boolean real, ExecutorAddress slab, long atMost) {
        if (real) {
            assertThat(Maps.count(slab, 2L * REGIONS * PAGE)).isBetween(1L, atMost);
        }
    }

    @Test
    void regions_with_content_share_a_mapping_too() {
        MapFixture fixture = new MapFixture();
        ExecutorAddress slab = fixture.map.reserve(FILLED * PAGE);
        for (int k = 0; k < FILLED; k++) {
            fixture.map.initialize(request(segment(RX, slab.plus(k * PAGE), PAGE, 0xc3)));
        }
        assertThat(Maps.count(slab, FILLED * PAGE)).isBetween(1L, 3L);
        fixture.map.release(slab);
    }
}
