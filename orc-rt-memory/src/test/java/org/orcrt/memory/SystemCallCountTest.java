// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.orcrt.memory.MapFixture.PAGE;
import static org.orcrt.memory.MapFixture.R;
import static org.orcrt.memory.MapFixture.RW;
import static org.orcrt.memory.MapFixture.RX;
import static org.orcrt.memory.MapFixture.bytes;
import static org.orcrt.memory.MapFixture.request;
import static org.orcrt.memory.MapFixture.segment;
import static org.orcrt.memory.MapFixture.temporary;

import org.junit.jupiter.api.Test;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.NativeMemoryMap;

/// Which system calls a memory map makes, and that it makes no other: they are most of what it costs.
class SystemCallCountTest {

    private final MapFixture fixture = new MapFixture();
    private final NativeMemoryMap map = fixture.map;

    @Test
    void the_typical_cycle_takes_six_system_calls_and_seven_with_much_content() {
        cycle(PAGE);
        assertThat(fixture.calls.log())
                .containsExactly("mmap 0", "mprotect 3", "mprotect 5", "mprotect 1", "mmapOver 0", "munmap");
        fixture.calls.refuseNothing();
        cycle(16 * PAGE);
        assertThat(fixture.calls.log())
                .containsExactly(
                        "mmap 0", "mprotect 3", "madvise 23", "mprotect 5", "mprotect 1", "mmapOver 0", "munmap");
    }

    private void cycle(long segmentBytes) {
        int[] content = new int[(int) segmentBytes];
        ExecutorAddress slab = map.reserve(3 * segmentBytes);
        ExecutorAddress key = map.initialize(request(
                segment(RX, slab, segmentBytes, content),
                segment(R, slab.plus(segmentBytes), segmentBytes, content),
                segment(RW, slab.plus(2 * segmentBytes), segmentBytes, content)));
        map.deinitialize(key);
        map.release(slab);
    }

    @Test
    void only_pages_that_content_covers_are_populated_and_only_where_they_are_many() {
        ExecutorAddress slab = map.reserve(40 * PAGE);
        fixture.calls.refuseNothing();
        int[] fourPages = new int[4 * (int) PAGE];
        int[] more = new int[4 * (int) PAGE + 1];
        map.initialize(request(segment(RW, slab, 20 * PAGE, fourPages)));
        assertThat(fixture.calls.log()).containsExactly("mprotect 3");
        fixture.calls.refuseNothing();
        ExecutorAddress second = slab.plus(20 * PAGE);
        map.initialize(request(segment(RW, second, 20 * PAGE, more)));
        assertThat(fixture.calls.log()).containsExactly("mprotect 3", "madvise 23");
        assertThat(fixture.calls.lastAdvised()).isEqualTo(new ExecutorAddressRange(second, second.plus(5 * PAGE)));
        map.release(slab);
    }

    @Test
    void a_kernel_that_cannot_populate_is_asked_once() {
        ExecutorAddress slab = map.reserve(5 * PAGE);
        int[] content = new int[5 * (int) PAGE];
        content[5 * (int) PAGE - 1] = 9;
        InitializeRequest request = request(segment(RW, slab, 5 * PAGE, content));
        fixture.calls.refuse(index -> index == 1);
        map.deinitialize(map.initialize(request));
        map.initialize(request);
        assertThat(fixture.calls.log()).containsExactly("mprotect 3", "madvise 23", "mmapOver 0", "mprotect 3");
        assertThat(bytes(slab, 5 * PAGE)).endsWith(9);
        map.release(slab);
    }

    @Test
    void neighbours_of_one_protection_share_a_system_call_across_lifetimes() {
        ExecutorAddress slab = map.reserve(6 * PAGE);
        fixture.calls.refuseNothing();
        map.initialize(request(
                segment(RX, slab.plus(PAGE), PAGE, 1),
                segment(RX, slab, PAGE),
                segment(temporary(RX), slab.plus(2 * PAGE), PAGE),
                segment(RX, slab.plus(4 * PAGE), PAGE)));
        assertThat(fixture.calls.log())
                .containsExactly("mprotect 3", "mprotect 3", "mprotect 5", "mprotect 5", "mmapOver 0");
        map.release(slab);
    }

    @Test
    void without_content_pages_get_their_protection_at_once() {
        ExecutorAddress slab = map.reserve(2 * PAGE);
        fixture.calls.refuseNothing();
        map.initialize(request(segment(RX, slab, PAGE), segment(RW, slab.plus(PAGE), PAGE)));
        assertThat(fixture.calls.log()).containsExactly("mprotect 5", "mprotect 3");
        assertThat(bytes(slab, 2 * PAGE)).containsOnly(0);
        map.release(slab);
    }
}
