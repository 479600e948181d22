// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.orcrt.memory.MapFixture.OPTIONS;
import static org.orcrt.memory.MapFixture.PAGE;
import static org.orcrt.memory.MapFixture.R;
import static org.orcrt.memory.MapFixture.RW;
import static org.orcrt.memory.MapFixture.RWX;
import static org.orcrt.memory.MapFixture.RX;
import static org.orcrt.memory.MapFixture.bytes;
import static org.orcrt.memory.MapFixture.failureOf;
import static org.orcrt.memory.MapFixture.kindOf;
import static org.orcrt.memory.MapFixture.mapsOf;
import static org.orcrt.memory.MapFixture.request;
import static org.orcrt.memory.MapFixture.segment;
import static org.orcrt.memory.MapFixture.temporary;
import static org.orcrt.memory.RecordingRunner.pair;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.NativeMemoryMap;
import org.orcrt.api.memory.SegmentRequest;
import org.orcrt.ffm.NativeFunctions;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.SystemCalls;

/// What a memory map does for a controller that does everything right, and for one that mistakes addresses.
class SimpleNativeMemoryMapTest {

    private final MapFixture fixture = new MapFixture();
    private final NativeMemoryMap map = fixture.map;

    @AfterEach
    void nothing_is_reported_that_a_caller_heard_of() {
        assertThat(fixture.reported).isEmpty();
    }

    @Test
    @Tag("MM-19")
    void a_gibibyte_is_reserved_without_taking_memory_and_released() {
        ExecutorAddress slab = map.reserve(1L << 30);
        assertThat(Maps.within(slab, 1L << 30)).containsExactly("0+40000000 ---p");
        map.release(slab);
        assertThat(fixture.calls.mapped()).isEmpty();
    }

    @Test
    void a_size_is_rounded_up_to_pages() {
        ExecutorAddress slab = map.reserve(PAGE + 1);
        fixture.page(slab.plus(PAGE));
        map.release(slab);
    }

    @Test
    @Tag("M1")
    void zero_bytes_are_no_slab() {
        assertThat(map.reserve(0)).isEqualTo(ExecutorAddress.NULL);
        assertThat(fixture.calls.log()).isEmpty();
        map.release(ExecutorAddress.NULL);
        map.releaseAll(List.of(ExecutorAddress.NULL, ExecutorAddress.NULL));
    }

    @Test
    @Tag("M1")
    void empty_segments_at_null_are_what_follows_a_reserve_of_zero_bytes() {
        InitializeRequest nothing = request(
                segment(RX, ExecutorAddress.NULL, 0),
                segment(R, ExecutorAddress.NULL, 0),
                segment(RW, ExecutorAddress.NULL, 0));
        assertThat(map.initialize(nothing)).isEqualTo(ExecutorAddress.NULL);
        assertThat(map.initialize(nothing)).isEqualTo(ExecutorAddress.NULL);
        map.deinitialize(ExecutorAddress.NULL);
        assertThat(kindOf(() -> map.initialize(request(segment(RW, ExecutorAddress.NULL, 0), pair("lost")))))
                .isEqualTo(MemoryMapException.OUT_OF_SLAB);
        assertThat(fixture.runner.ran()).isEmpty();
    }

    @ParameterizedTest
    @Tag("M1")
    @ValueSource(longs = {1L << 62, Long.MAX_VALUE - PAGE, -PAGE + 1, -1})
    void what_the_system_cannot_give_is_an_error_with_its_number(long sizeBytes) {
        MapFixture vast = new MapFixture(OPTIONS.withQuotas(MapFixture.NO_QUOTAS));
        MemoryMapException failure = failureOf(() -> vast.map.reserve(sizeBytes));
        assertThat(failure.typeId()).isEqualTo(MemoryMapException.RESERVE);
        assertThat(failure).hasMessageContaining("0x%x bytes", sizeBytes).hasMessageContaining("ENOMEM (errno 12)");
        vast.map.release(vast.map.reserve(PAGE));
        assertThat(vast.statistics().reservedBytes()).isZero();
    }

    @Test
    void a_read_write_segment_lives_through_the_whole_cycle() {
        ExecutorAddress slab = map.reserve(4 * PAGE);
        List<Byte> seen = new ArrayList<>();
        fixture.runner.when("+a", () -> {
            seen.add(bytes(slab, 1)[0]);
            NativeMemory.ALL.set(ValueLayout.JAVA_BYTE, slab.value() + 8, (byte) 77);
        });
        fixture.runner.when("-a", () -> seen.add(bytes(slab, 9)[8]));

        ExecutorAddress key = map.initialize(request(segment(RW, slab, 2 * PAGE, 42, 43), pair("a")));

        assertThat(key).isEqualTo(slab);
        assertThat(bytes(slab, 10)).containsExactly(42, 43, 0, 0, 0, 0, 0, 0, 77, 0);
        assertThat(bytes(slab.plus(10), 2 * PAGE - 10)).containsOnly(0);
        map.deinitialize(key);
        assertThat(seen).containsExactly((byte) 42, (byte) 77);
        map.release(slab);
        assertThat(fixture.runner.ran()).containsExactly("+a", "-a");
    }

    @Test
    @Tag("MM-20")
    void each_segment_gets_its_protection_and_the_region_the_lowest_standard_address() {
        ExecutorAddress slab = map.reserve(8 * PAGE);
        ExecutorAddress key = map.initialize(request(
                segment(temporary(RW), slab, PAGE, 9),
                segment(R, slab.plus(3 * PAGE), PAGE, 8),
                segment(RX, slab.plus(PAGE), 2 * PAGE, 7),
                segment(RW, slab.plus(5 * PAGE), 0x88, 6)));
        assertThat(key).isEqualTo(slab.plus(PAGE));
        assertThat(mapsOf(slab, 8))
                .containsExactly(
                        "0+1000 ---p",
                        "1000+2000 r-xp",
                        "3000+1000 r--p",
                        "4000+1000 ---p",
                        "5000+1000 rw-p",
                        "6000+2000 ---p");
        assertThat(bytes(slab.plus(3 * PAGE), 2)).containsExactly(8, 0);
        assertThat(bytes(slab.plus(5 * PAGE), PAGE)).startsWith(6, 0).endsWith(0);
        map.deinitialize(key);
        assertThat(mapsOf(slab, 8)).containsExactly("0+8000 ---p");
        map.release(slab);
    }

    @Test
    void code_runs() {
        ExecutorAddress slab = map.reserve(PAGE);
        int[] return42 = {0xb8, 0x2a, 0, 0, 0, 0xc3};
        for (int round = 0; round < 3; round++) {
            return42[1]++;
            ExecutorAddress key = map.initialize(request(segment(RX, slab, return42.length, return42)));
            assertThat((int) NativeFunctions.call(key.value(), 0)).isEqualTo(return42[1]);
            map.deinitialize(key);
        }
        map.release(slab);
    }

    @Test
    void content_may_lie_in_native_memory() {
        ExecutorAddress slab = map.reserve(PAGE);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment content = arena.allocateFrom("native", StandardCharsets.UTF_8);
            map.initialize(request(new SegmentRequest(R, slab, content.byteSize(), content)));
        }
        assertThat(NativeMemory.cString(slab.value())).isEqualTo("native");
        map.release(slab);
    }

    @Test
    @Tag("M7")
    @Tag("M15")
    void content_that_cannot_be_read_leaves_nothing_behind() {
        ExecutorAddress slab = map.reserve(2 * PAGE);
        MemorySegment closed;
        try (Arena arena = Arena.ofConfined()) {
            closed = arena.allocate(8);
        }
        SegmentRequest bad = new SegmentRequest(R, slab.plus(PAGE), 8, closed);
        assertThatIllegalStateException().isThrownBy(() -> map.initialize(request(segment(RW, slab, PAGE, 5), bad)));
        assertThat(mapsOf(slab, 2)).containsExactly("0+2000 ---p");
        map.initialize(request(segment(RW, slab, 2 * PAGE)));
        assertThat(bytes(slab, 2 * PAGE)).containsOnly(0);
        map.release(slab);
    }

    @Test
    void finalize_memory_is_there_for_the_actions_and_free_afterwards() {
        ExecutorAddress slab = map.reserve(3 * PAGE);
        ExecutorAddress passing = slab.plus(PAGE);
        List<Byte> seen = new ArrayList<>();
        fixture.runner.when("+a", () -> seen.add(bytes(passing, 1)[0]));
        map.initialize(new InitializeRequest(
                List.of(segment(RW, slab, PAGE, 1), segment(temporary(R), passing, PAGE, 2)), List.of(pair("a"))));
        assertThat(seen).containsExactly((byte) 2);
        assertThat(mapsOf(slab, 3)).containsExactly("0+1000 rw-p", "1000+2000 ---p");

        map.initialize(request(segment(RW, passing, PAGE)));
        assertThat(bytes(passing, PAGE)).containsOnly(0);
        map.release(slab);
    }

    @Test
    void pages_that_come_again_are_zero_even_after_they_were_executable() {
        ExecutorAddress slab = map.reserve(2 * PAGE);
        map.deinitialize(map.initialize(request(segment(RX, slab, 2 * PAGE, 1, 2, 3))));
        ExecutorAddress key = map.initialize(request(segment(RW, slab, 2 * PAGE, 9)));
        assertThat(bytes(slab, 2 * PAGE)).startsWith(9, 0, 0).endsWith(0);
        map.deinitialize(key);
        map.initialize(request(segment(RX, slab, PAGE)));
        assertThat(bytes(slab, PAGE)).containsOnly(0);
        map.release(slab);
    }

    @Test
    void an_empty_segment_may_lie_at_the_end_of_its_slab() {
        ExecutorAddress slab = map.reserve(PAGE);
        ExecutorAddress key = map.initialize(request(
                segment(RX, slab, 6, 0xb8, 1, 0, 0, 0, 0xc3),
                segment(R, slab.plus(PAGE), 0),
                segment(RW, slab.plus(PAGE), 0)));
        assertThat(key).isEqualTo(slab);
        assertThat(kindOf(() -> map.initialize(request(segment(RW, slab.plus(2 * PAGE), 0)))))
                .isEqualTo(MemoryMapException.OUT_OF_SLAB);
        map.release(slab);
    }

    @Test
    void a_region_of_empty_segments_has_a_key_of_its_own_and_takes_no_page() {
        ExecutorAddress slab = map.reserve(2 * PAGE);
        ExecutorAddress key = map.initialize(request(segment(RW, slab, 0), pair("empty")));
        assertThat(key).isEqualTo(slab);
        assertThat(kindOf(() -> map.initialize(request(segment(RW, slab, 0))))).isEqualTo(MemoryMapException.OVERLAP);
        ExecutorAddress other =
                map.initialize(request(segment(temporary(RW), slab, PAGE), segment(RW, slab.plus(PAGE), PAGE)));
        assertThat(other).isEqualTo(slab.plus(PAGE));
        map.deinitialize(key);
        assertThat(fixture.runner.ran()).containsExactly("+empty", "-empty");
        map.release(slab);
    }

    @Test
    @Tag("M10")
    void a_key_that_is_taken_is_named_and_no_action_of_the_second_request_runs() {
        ExecutorAddress slab = map.reserve(2 * PAGE);
        fixture.page(slab, pair("first"));
        MemoryMapException failure = failureOf(() -> fixture.page(slab, pair("second")));
        assertThat(failure.typeId()).isEqualTo(MemoryMapException.OVERLAP);
        assertThat(failure).hasMessageContaining(slab.toString()).hasMessageContaining("deinitialize it first");
        map.release(slab);
        assertThat(fixture.runner.ran()).containsExactly("+first", "-first");
    }

    @Test
    @Tag("M9")
    void what_is_not_there_cannot_be_given_back() {
        ExecutorAddress slab = map.reserve(PAGE);
        assertThat(kindOf(() -> map.deinitialize(slab))).isEqualTo(MemoryMapException.UNKNOWN_BASE);
        ExecutorAddress key = fixture.page(slab, pair("a"));
        map.deinitialize(key);
        assertThat(kindOf(() -> map.deinitialize(key))).isEqualTo(MemoryMapException.UNKNOWN_BASE);
        assertThat(kindOf(() -> map.release(slab.plus(PAGE)))).isEqualTo(MemoryMapException.ALREADY_RELEASED);
        map.release(slab);
        MemoryMapException again = failureOf(() -> map.release(slab));
        assertThat(again.typeId()).isEqualTo(MemoryMapException.ALREADY_RELEASED);
        assertThat(again).hasMessageContaining(slab.toString());
        assertThat(fixture.runner.ran()).containsExactly("+a", "-a");
    }

    @Test
    @Tag("M9")
    void of_many_keys_and_slabs_all_are_attempted_the_last_first() {
        ExecutorAddress slab = map.reserve(4 * PAGE);
        ExecutorAddress other = map.reserve(PAGE);
        ExecutorAddress a = fixture.page(slab, pair("a"));
        ExecutorAddress b = fixture.page(slab.plus(PAGE), pair("+b", "!b"));
        ExecutorAddress unknown = slab.plus(2 * PAGE);
        fixture.page(other, pair("c"));

        MemoryMapException failure = failureOf(() -> map.deinitializeAll(List.of(a, unknown, b, unknown)));
        assertThat(failure.typeId()).isEqualTo(MemoryMapException.UNKNOWN_BASE);
        assertThat(failure.getSuppressed())
                .extracting(suppressed -> ((MemoryMapException) suppressed).typeId())
                .containsExactly(MemoryMapException.ACTION_FAILED, MemoryMapException.UNKNOWN_BASE);

        failure = failureOf(() -> map.releaseAll(List.of(slab, unknown, other, slab.plus(1))));
        assertThat(failure.getSuppressed()).hasSize(1);
        assertThat(fixture.runner.ran()).containsExactly("+a", "+b", "+c", "!b", "-a", "-c");
        assertThat(fixture.calls.mapped()).isEmpty();
    }

    @Test
    @Tag("M12")
    void release_deinitializes_the_newest_region_first() {
        ExecutorAddress slab = map.reserve(4 * PAGE);
        fixture.page(slab.plus(2 * PAGE), pair("a"));
        ExecutorAddress b = fixture.page(slab, pair("b"));
        fixture.page(slab.plus(3 * PAGE), pair("+c", "!c"), pair("c2"));
        map.deinitialize(b);
        fixture.page(slab, pair("d"));
        fixture.runner.forget();
        assertThat(kindOf(() -> map.release(slab))).isEqualTo(MemoryMapException.ACTION_FAILED);
        assertThat(fixture.runner.ran()).containsExactly("-d", "-c2", "!c", "-a");
        assertThat(fixture.calls.mapped()).isEmpty();
    }

    @Test
    @Tag("M12")
    void shutdown_deinitializes_over_all_slabs_the_newest_first_and_detach_does_nothing() {
        ExecutorAddress first = map.reserve(2 * PAGE);
        ExecutorAddress second = map.reserve(2 * PAGE);
        fixture.page(first, pair("a"));
        fixture.page(second, pair("b"));
        fixture.page(first.plus(PAGE), pair("+c", "!c"));
        fixture.page(second.plus(PAGE), pair("+d", "!d"));
        fixture.runner.forget();

        map.detach();
        assertThat(fixture.runner.ran()).isEmpty();
        assertThat(bytes(first, 3)).containsExactly(1, 2, 3);

        MemoryMapException failure = failureOf(map::shutdown);
        assertThat(failure).hasMessageContaining("!d");
        assertThat(failure.getSuppressed()).singleElement().asString().contains("!c");
        assertThat(fixture.runner.ran()).containsExactly("!d", "!c", "-b", "-a");
        assertThat(fixture.calls.mapped()).isEmpty();
    }

    @Test
    void after_shutdown_nothing_is_reserved_or_initialized() {
        ExecutorAddress slab = map.reserve(PAGE);
        map.shutdown();
        fixture.calls.refuseNothing();
        assertThat(failureOf(() -> map.reserve(PAGE))).hasMessageContaining("the session has ended");
        assertThat(fixture.calls.log()).isEmpty();
        assertThat(failureOf(() -> fixture.page(slab))).hasMessageContaining("the session has ended");
        assertThat(kindOf(() -> map.release(slab))).isEqualTo(MemoryMapException.ALREADY_RELEASED);
    }

    @Test
    void abandoned_memory_stays_and_none_of_its_code_runs() {
        ExecutorAddress slab = map.reserve(2 * PAGE);
        ExecutorAddress key = fixture.page(slab, pair("a"));
        map.abandon();
        fixture.calls.refuseNothing();
        map.deinitialize(key);
        map.deinitializeAll(List.of(key, slab.plus(PAGE)));
        map.release(slab);
        map.detach();
        map.shutdown();
        assertThat(failureOf(() -> fixture.page(slab.plus(PAGE)))).hasMessageContaining("has exited");
        assertThat(fixture.calls.log()).isEmpty();
        assertThat(fixture.runner.ran()).containsExactly("+a");
        assertThat(bytes(slab, 3)).containsExactly(1, 2, 3);
        SystemCalls.real().munmap(slab.value(), 2 * PAGE);
    }

    @Test
    void a_program_that_exits_in_an_action_runs_no_other_action_and_loses_no_page() {
        ExecutorAddress slab = map.reserve(2 * PAGE);
        fixture.runner.when("!exit", map::abandon);
        ExecutorAddress key = fixture.page(slab, pair("+a", "-a"), pair("+b", "!exit"));
        assertThat(failureOf(() -> map.deinitialize(key))).hasMessageContaining("!exit");
        assertThat(fixture.runner.ran()).containsExactly("+a", "+b", "!exit");
        assertThat(bytes(slab, 3)).containsExactly(1, 2, 3);
        fixture.calls.mapped().forEach(fixture.calls::munmap);

        MapFixture other = new MapFixture();
        ExecutorAddress otherSlab = other.map.reserve(PAGE);
        other.runner.when("+exit", other.map::abandon);
        assertThat(failureOf(() -> other.page(otherSlab, pair("a"), pair("exit"), pair("b"))))
                .hasMessageContaining("has exited");
        assertThat(other.runner.ran()).containsExactly("+a", "+exit");
        assertThat(bytes(otherSlab, 3)).containsExactly(1, 2, 3);
        other.calls.mapped().forEach(other.calls::munmap);
    }

    @Test
    @Tag("M14")
    void memory_is_writable_and_executable_at_once_only_where_that_is_allowed() {
        ExecutorAddress slab = map.reserve(2 * PAGE);
        SegmentRequest both = segment(RWX, slab, PAGE, 0xc3);
        assertThat(kindOf(() -> map.initialize(request(both)))).isEqualTo(MemoryMapException.WRITE_EXECUTE);
        map.initialize(request(segment(RX, slab, PAGE, 0xc3), segment(RW, slab.plus(PAGE), PAGE)));
        assertThat(mapsOf(slab, 2)).containsExactly("0+1000 r-xp", "1000+1000 rw-p");
        assertThat(fixture.calls.log()).noneMatch(call -> call.equals("mprotect 7") || call.equals("mprotect 6"));
        map.release(slab);

        MapFixture lax = new MapFixture(OPTIONS.withWriteExecute(true));
        ExecutorAddress laxSlab = lax.map.reserve(PAGE);
        lax.map.initialize(request(segment(RWX, laxSlab, PAGE, 0xc3)));
        assertThat(mapsOf(laxSlab, 1)).containsExactly("0+1000 rwxp");
        lax.map.release(laxSlab);
    }

    @Test
    void code_goes_on_running_after_a_detach_and_is_gone_after_a_shutdown() {
        ExecutorAddress slab = map.reserve(2 * PAGE);
        ExecutorAddress key = map.initialize(request(segment(RX, slab, PAGE, 0xb8, 0x2a, 0, 0, 0, 0xc3), pair("a")));
        map.detach();
        assertThat((int) NativeFunctions.call(key.value(), 0)).isEqualTo(42);
        map.deinitialize(fixture.page(slab.plus(PAGE)));
        map.shutdown();
        assertThat(fixture.runner.ran()).containsExactly("+a", "-a");
        assertThat(mapsOf(slab, 2)).isEmpty();
    }

    @Test
    void a_thousand_regions_and_slabs_go_in_one_call() {
        int count = 1000;
        ExecutorAddress slab = map.reserve(count * PAGE);
        List<ExecutorAddress> keys = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            keys.add(fixture.page(slab.plus(k * PAGE), pair("+" + k, (k % 2 == 0 ? "!" : "-") + k)));
        }
        fixture.runner.forget();
        MemoryMapException failure = failureOf(() -> map.deinitializeAll(keys));
        assertThat(failure).hasMessageContaining("!998");
        assertThat(failure.getSuppressed()).hasSize(499);
        assertThat(fixture.runner.ran())
                .hasSize(1000)
                .startsWith("-999", "!998")
                .endsWith("!0");
        assertThat(mapsOf(slab, count)).containsExactly("0+3e8000 ---p");

        List<ExecutorAddress> slabs = new ArrayList<>(List.of(slab));
        for (int k = 0; k < count; k++) {
            slabs.add(map.reserve(PAGE));
            fixture.page(slabs.getLast(), pair("slab" + k));
        }
        fixture.runner.forget();
        map.releaseAll(slabs);
        assertThat(fixture.runner.ran()).hasSize(1000).startsWith("-slab999").endsWith("-slab0");
    }
}
