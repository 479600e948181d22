// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.orcrt.api.MemoryMapException.KIND;
import static org.orcrt.api.MemoryMapException.MISALIGNED;
import static org.orcrt.api.MemoryMapException.OUT_OF_SLAB;
import static org.orcrt.api.MemoryMapException.OVERLAP;
import static org.orcrt.api.MemoryMapException.SIZE_OVERFLOW;
import static org.orcrt.api.MemoryMapException.WRITE_EXECUTE;
import static org.orcrt.memory.MapFixture.OPTIONS;
import static org.orcrt.memory.MapFixture.PAGE;
import static org.orcrt.memory.MapFixture.R;
import static org.orcrt.memory.MapFixture.RW;
import static org.orcrt.memory.MapFixture.RWX;
import static org.orcrt.memory.MapFixture.RX;
import static org.orcrt.memory.MapFixture.bytes;
import static org.orcrt.memory.MapFixture.failureOf;
import static org.orcrt.memory.MapFixture.mapsOf;
import static org.orcrt.memory.MapFixture.segment;
import static org.orcrt.memory.MapFixture.temporary;
import static org.orcrt.memory.RecordingRunner.pair;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.SegmentRequest;
import org.orcrt.api.type.TypeId;

/// A wrong request is refused as a whole: no system call, no byte written, no action run. The slab of four pages lies
/// between two sentinel pages; its third page is a live region.
class RequestCheckTest {

    private static final int PAGES = 4;

    private final SentinelSystemCalls calls = new SentinelSystemCalls();
    private final MapFixture fixture = new MapFixture(OPTIONS, calls);
    private final ExecutorAddress slab = fixture.map.reserve(PAGES * PAGE);
    private final ExecutorAddress end = slab.plus(PAGES * PAGE);
    private final ExecutorAddress live = fixture.page(slab.plus(2 * PAGE));
    private final SegmentRequest good = segment(RW, slab, PAGE, 4, 4, 4);

    @AfterEach
    void the_region_still_goes_and_the_sentinels_are_intact() {
        fixture.map.deinitialize(live);
        fixture.map.release(slab);
        assertThat(calls.areSentinelsIntact()).isTrue();
    }

    @Test
    @Tag("M3")
    void segments_outside_or_astride_the_slab_are_refused() {
        refuse(OUT_OF_SLAB, segment(RW, slab.plus(-PAGE), PAGE, 1));
        refuse(OUT_OF_SLAB, segment(RW, slab.plus(-PAGE), 2 * PAGE, 1));
        refuse(OUT_OF_SLAB, segment(RW, end, PAGE, 1));
        refuse(OUT_OF_SLAB, segment(RW, end, 1, 1));
        refuse(OUT_OF_SLAB, segment(RW, end.plus(-PAGE), PAGE + 1, 1));
        refuse(OUT_OF_SLAB, good, segment(RW, end.plus(-PAGE), 2 * PAGE, 1));
        refuse(OUT_OF_SLAB, good, segment(RW, end, PAGE, 1));
        refuse(OUT_OF_SLAB, good, segment(R, end.plus(PAGE), 0));
        refuse(OUT_OF_SLAB, good, segment(R, slab.plus(-PAGE), 0));
        refuse(OUT_OF_SLAB, segment(R, ExecutorAddress.NULL, PAGE, 1));
        refuse(OUT_OF_SLAB, good, segment(R, ExecutorAddress.NULL, 0));
        refuse(OUT_OF_SLAB, segment(R, new ExecutorAddress(0x7000_0000_0000_0000L), PAGE));
        refuse(OUT_OF_SLAB, segment(R, new ExecutorAddress(-2 * PAGE), PAGE));
    }

    @Test
    @Tag("M3")
    void segments_in_two_slabs_are_refused() {
        ExecutorAddress other = fixture.map.reserve(PAGE);
        refuse(OUT_OF_SLAB, good, segment(RW, other, PAGE, 1));
        refuse(OUT_OF_SLAB, segment(RW, other, PAGE, 1), good);
        fixture.map.release(other);
    }

    @Test
    @Tag("M4")
    void segments_that_share_a_page_are_refused() {
        refuse(OVERLAP, good, segment(R, slab, PAGE, 1));
        refuse(OVERLAP, good, segment(R, slab, 1, 1));
        refuse(OVERLAP, segment(RW, slab, PAGE + 1, 1), segment(R, slab.plus(PAGE), 1));
        refuse(OVERLAP, segment(RX, slab.plus(PAGE), 1), segment(temporary(RW), slab, 2 * PAGE, 1));
        refuse(OVERLAP, segment(RW, slab, 2 * PAGE), segment(R, end.plus(-PAGE), 1), segment(R, slab.plus(PAGE), 1));
    }

    @Test
    @Tag("M4")
    void segments_that_share_a_page_with_a_region_are_refused() {
        refuse(OVERLAP, segment(RW, live, PAGE, 1));
        refuse(OVERLAP, segment(RW, live, 0));
        refuse(OVERLAP, segment(RW, slab.plus(PAGE), 2 * PAGE, 1));
        refuse(OVERLAP, segment(RW, slab.plus(PAGE), PAGE + 1, 1));
        refuse(OVERLAP, segment(RW, slab, 4 * PAGE, 1));
        refuse(OVERLAP, good, segment(temporary(R), live, 1, 1));
        refuse(OVERLAP, segment(R, end.plus(-PAGE), PAGE), segment(RW, live, 1, 1));
    }

    @Test
    @Tag("M5")
    void segments_that_do_not_start_at_a_page_are_refused() {
        refuse(MISALIGNED, segment(RW, slab.plus(1), PAGE - 1, 1));
        refuse(MISALIGNED, segment(RW, slab.plus(PAGE / 2), 8, 1));
        refuse(MISALIGNED, good, segment(RW, slab.plus(PAGE + 8), 0));
        refuse(MISALIGNED, segment(RW, new ExecutorAddress(-1), 0));
    }

    @ParameterizedTest
    @Tag("M2")
    @ValueSource(longs = {-1, -PAGE, -PAGE - 1, Long.MIN_VALUE, -2 * PAGE})
    void sizes_that_run_over_the_end_of_addresses_are_refused(long sizeBytes) {
        refuse(SIZE_OVERFLOW, segment(RW, slab.plus(Long.MIN_VALUE), sizeBytes, 1));
        refuse(SIZE_OVERFLOW, good, segment(R, new ExecutorAddress(-PAGE), sizeBytes));
        refuse(SIZE_OVERFLOW, segment(R, new ExecutorAddress(-PAGE), PAGE));
        refuse(SIZE_OVERFLOW, segment(R, new ExecutorAddress(-PAGE), 1));
    }

    @Test
    @Tag("M6")
    void content_longer_than_its_segment_is_refused() {
        refuse(SIZE_OVERFLOW, segment(RW, slab, 2, 1, 2, 3));
        refuse(SIZE_OVERFLOW, segment(RW, slab, 0, 1));
        refuse(SIZE_OVERFLOW, good, segment(R, slab.plus(PAGE), 0, 1));
    }

    @Test
    @Tag("M14")
    void memory_both_writable_and_executable_is_refused() {
        refuse(WRITE_EXECUTE, segment(RWX, slab, PAGE, 0xc3));
        refuse(WRITE_EXECUTE, good, segment(temporary(RWX), slab.plus(PAGE), PAGE, 0xc3));
        refuse(WRITE_EXECUTE, good, segment(RWX, slab.plus(PAGE), 0));
    }

    @Test
    @Tag("M6")
    void a_request_without_a_segment_is_refused() {
        refuse(KIND);
    }

    private void refuse(TypeId kind, SegmentRequest... segments) {
        calls.refuseNothing();
        List<String> before = mapsOf(slab.plus(-PAGE), PAGES + 2);
        InitializeRequest request = new InitializeRequest(List.of(segments), List.of(pair("never")));
        MemoryMapException failure = failureOf(() -> fixture.map.initialize(request));
        assertThat(failure.typeId()).as(failure.getMessage()).isEqualTo(kind);
        assertThat(failure).hasMessageStartingWith("initialize");
        assertThat(calls.log()).isEmpty();
        assertThat(mapsOf(slab.plus(-PAGE), PAGES + 2)).isEqualTo(before);
        assertThat(bytes(live, 4)).containsExactly(1, 2, 3, 0);
        assertThat(fixture.runner.ran()).isEmpty();
        assertThat(fixture.map.initialize(new InitializeRequest(List.of(good), List.of())))
                .as("the first page is free")
                .isEqualTo(slab);
        fixture.map.deinitialize(slab);
    }
}
