// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.orcrt.memory.MapFixture.PAGE;
import static org.orcrt.memory.MapFixture.R;
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

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.NativeMemoryMap;

/// Requests whose segments are all of finalize lifetime, as LLVM's executor takes them.
class FinalizeOnlyTest {

    private final MapFixture fixture = new MapFixture();
    private final NativeMemoryMap map = fixture.map;

    @Test
    void a_region_of_finalize_lifetime_only_keeps_no_page_and_is_deinitialized_once() {
        ExecutorAddress slab = map.reserve(4 * PAGE);
        List<Byte> seen = new ArrayList<>();
        fixture.runner.when("+a", () -> seen.add(bytes(slab.plus(PAGE), 1)[0]));
        ExecutorAddress key = map.initialize(new InitializeRequest(
                List.of(
                        segment(temporary(RW), slab.plus(2 * PAGE), PAGE, 6),
                        segment(temporary(R), slab.plus(PAGE), PAGE, 5)),
                List.of(pair("a"))));
        assertThat(key).as("the lowest address of all").isEqualTo(slab.plus(PAGE));
        assertThat(seen).containsExactly((byte) 5);
        assertThat(mapsOf(slab, 4)).containsExactly("0+4000 ---p");

        ExecutorAddress over = map.initialize(request(segment(RW, slab, 4 * PAGE)));
        assertThat(bytes(slab, 4 * PAGE)).as("its pages are free").containsOnly(0);
        map.deinitialize(over);
        assertThat(failureOf(() -> fixture.page(key)))
                .as("its key is not")
                .hasMessageContaining("deinitialize it first");
        map.deinitialize(key);
        assertThat(fixture.runner.ran()).containsExactly("+a", "-a");
        assertThat(kindOf(() -> map.deinitialize(key))).isEqualTo(MemoryMapException.UNKNOWN_BASE);
        map.deinitialize(fixture.page(key));
        map.release(slab);
    }

    @Test
    void a_region_of_finalize_lifetime_only_goes_with_its_slab() {
        ExecutorAddress slab = map.reserve(PAGE);
        map.initialize(request(segment(temporary(RX), slab, PAGE, 0xc3), pair("a")));
        map.release(slab);
        assertThat(fixture.runner.ran()).containsExactly("+a", "-a");
        assertThat(fixture.calls.mapped()).isEmpty();
    }
}
