// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.orcrt.memory.MapFixture.OPTIONS;
import static org.orcrt.memory.MapFixture.PAGE;
import static org.orcrt.memory.MapFixture.RW;
import static org.orcrt.memory.MapFixture.RX;
import static org.orcrt.memory.MapFixture.bytes;
import static org.orcrt.memory.MapFixture.failureOf;
import static org.orcrt.memory.MapFixture.kindOf;
import static org.orcrt.memory.MapFixture.mapsOf;
import static org.orcrt.memory.MapFixture.request;
import static org.orcrt.memory.MapFixture.segment;
import static org.orcrt.memory.MapFixture.temporary;
import static org.orcrt.memory.RecordingRunner.pair;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.NativeMemoryMap;

/// Under `RETIRE` no page that code has seen is handed out again before its slab is released.
class ReusePolicyTest {

    private static final int PAGES = 8;

    private static MapFixture fixture(boolean shared) {
        MemoryMapOptions options = OPTIONS.withReuse(ReusePolicy.RETIRE);
        return shared ? MapFixture.shared(options) : new MapFixture(options);
    }

    private static void end(MapFixture fixture) {
        fixture.calls.refuseNothing();
        fixture.map.shutdown();
        assertThat(fixture.calls.mapped()).isEmpty();
        assertThat(fixture.reported).isEmpty();
        assertThat(fixture.statistics().retiredBytes()).isZero();
    }

    private static void assertRetired(MapFixture fixture, ExecutorAddress page) {
        MemoryMapException refusal = failureOf(() -> fixture.page(page));
        assertThat(refusal.typeId()).isEqualTo(MemoryMapException.OVERLAP);
        assertThat(refusal)
                .hasMessageContaining(page.toString())
                .hasMessageContaining("memory.reuse=retire")
                .hasMessageContaining("another slab");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("M9")
    void pages_of_a_deinitialized_region_are_inaccessible_and_come_no_more(boolean shared) {
        MapFixture fixture = fixture(shared);
        NativeMemoryMap map = fixture.map;
        ExecutorAddress slab = map.reserve(PAGES * PAGE);
        map.deinitialize(map.initialize(request(segment(RX, slab.plus(PAGE), 2 * PAGE, 0xc3))));
        assertThat(mapsOf(slab, PAGES)).containsExactly("0+8000 ---" + (shared ? 's' : 'p'));
        assertRetired(fixture, slab.plus(PAGE));
        assertRetired(fixture, slab.plus(2 * PAGE));
        assertThat(kindOf(() -> map.initialize(request(segment(RW, slab, 4 * PAGE)))))
                .isEqualTo(MemoryMapException.OVERLAP);
        assertThat(fixture.statistics().retiredBytes()).isEqualTo(2 * PAGE);
        assertThat(fixture.statistics().initializedBytes()).isZero();

        fixture.page(slab);
        fixture.page(slab.plus(3 * PAGE));
        map.release(slab);
        assertThat(fixture.statistics().retiredBytes()).isZero();
        ExecutorAddress next = map.reserve(PAGES * PAGE);
        map.initialize(request(segment(RW, next, PAGES * PAGE)));
        assertThat(bytes(next, PAGES * PAGE)).containsOnly(0);
        end(fixture);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pages_of_finalize_lifetime_are_retired_once_the_actions_have_run(boolean shared) {
        MapFixture fixture = fixture(shared);
        ExecutorAddress slab = fixture.map.reserve(PAGES * PAGE);
        ExecutorAddress key = fixture.map.initialize(new InitializeRequest(
                List.of(segment(RW, slab, PAGE), segment(temporary(RX), slab.plus(PAGE), PAGE)), List.of(pair("a"))));
        assertRetired(fixture, slab.plus(PAGE));
        assertThat(fixture.statistics().retiredBytes()).isEqualTo(PAGE);
        assertThat(fixture.statistics().initializedBytes()).isEqualTo(PAGE);
        fixture.map.deinitialize(key);
        assertThat(fixture.statistics().retiredBytes()).isEqualTo(2 * PAGE);
        end(fixture);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_initialize_that_fails_leaves_its_pages_free_unless_an_action_has_seen_them(boolean shared) {
        MapFixture fixture = fixture(shared);
        ExecutorAddress slab = fixture.map.reserve(PAGES * PAGE);
        fixture.calls.refuse(call -> call == 0);
        assertThat(kindOf(() -> fixture.page(slab, pair("never")))).isEqualTo(MemoryMapException.PROTECT);
        fixture.calls.refuseNothing();
        assertThat(fixture.statistics().retiredBytes()).isZero();

        assertThat(kindOf(() -> fixture.page(slab, pair("!a", "b")))).isEqualTo(MemoryMapException.ACTION_FAILED);
        assertRetired(fixture, slab);
        fixture.page(slab.plus(PAGE));
        end(fixture);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("M11")
    void a_slab_that_cannot_be_unmapped_keeps_its_pages_retired(boolean shared) {
        MapFixture fixture = fixture(shared);
        ExecutorAddress slab = fixture.map.reserve(PAGES * PAGE);
        fixture.map.deinitialize(fixture.page(slab));
        fixture.page(slab.plus(2 * PAGE));
        fixture.calls.refuse(call -> fixture.calls.log().getLast().equals("munmap"));
        assertThat(kindOf(() -> fixture.map.release(slab))).isEqualTo(MemoryMapException.UNMAP);
        fixture.calls.refuseNothing();
        assertRetired(fixture, slab);
        assertRetired(fixture, slab.plus(2 * PAGE));
        assertThat(fixture.statistics().retiredBytes()).isEqualTo(2 * PAGE);
        assertThat(fixture.statistics().initializedBytes()).isZero();
        fixture.page(slab.plus(PAGE));
        end(fixture);
    }
}
