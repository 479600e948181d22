// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.orcrt.memory.MapFixture.NO_QUOTAS;
import static org.orcrt.memory.MapFixture.OPTIONS;
import static org.orcrt.memory.MapFixture.PAGE;
import static org.orcrt.memory.MapFixture.RW;
import static org.orcrt.memory.MapFixture.failureOf;
import static org.orcrt.memory.MapFixture.kindOf;
import static org.orcrt.memory.MapFixture.request;
import static org.orcrt.memory.MapFixture.segment;
import static org.orcrt.memory.MapFixture.temporary;
import static org.orcrt.memory.RecordingRunner.pair;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.NativeMemoryMap;

/// What is more than a quota is refused as a whole, and what is given back counts no more, however it went.
class MemoryQuotaTest {

    private static final MemoryQuotas SMALL = new MemoryQuotas(16 * PAGE, 4 * PAGE, 3, 2);

    private final MapFixture fixture = new MapFixture(OPTIONS.withQuotas(SMALL));
    private final NativeMemoryMap map = fixture.map;
    private final ScriptedSystemCalls calls = fixture.calls;

    @AfterEach
    void all_of_it_comes_back() {
        calls.refuseNothing();
        map.shutdown();
        MemoryStatistics end = fixture.statistics();
        assertThat(List.of(end.slabs(), end.reservedBytes(), end.regions(), end.initializedBytes(), end.retiredBytes()))
                .containsOnly(0L);
        assertThat(calls.mapped()).isEmpty();
        assertThat(fixture.reported).isEmpty();
    }

    /// An operation that a quota forbids: no system call is made, nothing but the count of failures changes.
    private void refuse(ThrowingCallable operation, String... words) {
        MemoryStatistics before = fixture.statistics();
        calls.refuseNothing();
        fixture.runner.forget();
        MemoryMapException refusal = failureOf(operation);
        assertThat(refusal.typeId()).isEqualTo(MemoryMapException.QUOTA);
        assertThat(refusal.getMessage()).contains(words);
        assertThat(calls.log()).isEmpty();
        assertThat(fixture.runner.ran()).isEmpty();
        MemoryStatistics after = fixture.statistics();
        assertThat(after.failures()).isEqualTo(before.failures() + 1);
        assertThat(after).usingRecursiveComparison().ignoringFields("failures").isEqualTo(before);
    }

    @Test
    void address_space_is_bounded_to_the_page() {
        ExecutorAddress slab = map.reserve(15 * PAGE);
        refuse(() -> map.reserve(PAGE + 1), "reserve of 0x2000 bytes", "61440", "65536", "memory.max-reserved-bytes");
        map.reserve(1);
        refuse(() -> map.reserve(1), "reserve of 0x1000 bytes", "65536 bytes are reserved");
        map.release(slab);
        map.release(map.reserve(15 * PAGE));
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 50, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE, -PAGE})
    void no_size_is_large_enough_to_look_small(long sizeBytes) {
        map.reserve(PAGE);
        refuse(() -> map.reserve(sizeBytes), "memory.max-reserved-bytes");
        MapFixture vast = new MapFixture(OPTIONS.withQuotas(NO_QUOTAS));
        vast.map.reserve(PAGE);
        assertThat(kindOf(() -> vast.map.reserve(sizeBytes)))
                .isIn(MemoryMapException.QUOTA, MemoryMapException.RESERVE);
        vast.map.shutdown();
        assertThat(vast.statistics().reservedBytes()).isZero();
    }

    @Test
    void slabs_are_counted() {
        map.reserve(PAGE);
        ExecutorAddress slab = map.reserve(PAGE);
        map.reserve(PAGE);
        refuse(() -> map.reserve(PAGE), "there are 3 slabs", "quota is 3", "memory.max-slabs");
        assertThat(map.reserve(0)).as("no slab").isEqualTo(ExecutorAddress.NULL);
        map.release(slab);
        map.reserve(PAGE);
    }

    @Test
    void regions_are_counted() {
        ExecutorAddress slab = map.reserve(4 * PAGE);
        fixture.page(slab);
        ExecutorAddress empty = map.initialize(request(segment(RW, slab.plus(PAGE), 0)));
        refuse(
                () -> fixture.page(slab.plus(2 * PAGE), pair("never")),
                "there are 2 regions",
                "quota is 2",
                "memory.max-regions");
        map.deinitialize(empty);
        fixture.page(slab.plus(2 * PAGE));
    }

    @Test
    void what_regions_hold_is_bounded_to_the_page_finalize_lifetime_included() {
        ExecutorAddress slab = map.reserve(8 * PAGE);
        map.initialize(request(segment(RW, slab, 2 * PAGE)));
        refuse(
                () -> map.initialize(request(
                        segment(RW, slab.plus(2 * PAGE), 2 * PAGE), segment(temporary(RW), slab.plus(4 * PAGE), 1))),
                "initialize of 0x3000 bytes",
                "8192 bytes are initialized",
                "quota is 16384",
                "memory.max-initialized-bytes");
        ExecutorAddress key = map.initialize(
                request(segment(RW, slab.plus(2 * PAGE), PAGE), segment(temporary(RW), slab.plus(4 * PAGE), PAGE)));
        assertThat(fixture.statistics().initializedBytes())
                .as("finalize memory is gone again")
                .isEqualTo(3 * PAGE);
        map.deinitialize(key);
        map.initialize(request(segment(RW, slab.plus(2 * PAGE), 2 * PAGE)));
    }

    @Test
    void a_refused_mmap_costs_nothing() {
        calls.refuse(call -> true);
        assertThat(kindOf(() -> map.reserve(16 * PAGE))).isEqualTo(MemoryMapException.RESERVE);
        calls.refuseNothing();
        assertThat(fixture.statistics().slabs()).isZero();
        map.reserve(16 * PAGE);
    }

    @Test
    void an_initialize_that_is_rolled_back_costs_nothing() {
        ExecutorAddress slab = map.reserve(4 * PAGE);
        InitializeRequest all =
                new InitializeRequest(List.of(segment(RW, slab, 4 * PAGE, 1)), List.of(pair("!a", "b")));
        for (int refused = 0; refused < 2; refused++) {
            int index = refused;
            calls.refuse(call -> call == index && index == 0);
            failureOf(() -> map.initialize(all));
            assertThat(fixture.statistics().regions()).isZero();
            assertThat(fixture.statistics().initializedBytes()).isZero();
        }
        calls.refuseNothing();
        map.initialize(request(segment(RW, slab, 4 * PAGE)));
    }

    @Test
    void pages_that_cannot_be_emptied_count_until_their_slab_goes() {
        ExecutorAddress slab = map.reserve(8 * PAGE);
        ExecutorAddress key = map.initialize(request(segment(RW, slab, 3 * PAGE, 1)));
        calls.refuse(call -> true);
        assertThat(kindOf(() -> map.deinitialize(key))).isEqualTo(MemoryMapException.PROTECT);
        assertThat(fixture.statistics().initializedBytes()).isEqualTo(3 * PAGE);
        assertThat(fixture.statistics().retiredBytes()).isEqualTo(3 * PAGE);
        assertThat(fixture.statistics().regions()).isZero();
        assertThat(failureOf(() -> fixture.page(slab))).hasMessageContaining("could not be emptied");
        refuse(() -> map.initialize(request(segment(RW, slab.plus(4 * PAGE), 2 * PAGE))), "12288 bytes");
        map.release(slab);
        assertThat(fixture.statistics().initializedBytes()).isZero();
    }

    @Test
    void a_slab_that_cannot_be_unmapped_counts_until_it_can() {
        ExecutorAddress slab = map.reserve(16 * PAGE);
        fixture.page(slab);
        calls.refuse(call -> call == 0);
        assertThat(kindOf(() -> map.release(slab))).isEqualTo(MemoryMapException.UNMAP);
        assertThat(fixture.statistics().initializedBytes()).as("it is empty").isZero();
        assertThat(fixture.statistics().releases()).isZero();
        refuse(() -> map.reserve(PAGE), "65536 bytes are reserved");
        map.release(slab);
        assertThat(fixture.statistics().releases()).isEqualTo(1);
        map.reserve(16 * PAGE);
    }

    @ParameterizedTest
    @EnumSource
    void a_thousand_cycles_cost_nothing_whatever_becomes_of_the_pages(ReusePolicy reuse) {
        MapFixture cycling = new MapFixture(OPTIONS.withQuotas(SMALL).withReuse(reuse));
        for (int k = 0; k < 1000; k++) {
            ExecutorAddress slab = cycling.map.reserve(16 * PAGE);
            for (int page = 0; page < 16; page += 4) {
                cycling.map.deinitialize(
                        cycling.map.initialize(request(segment(RW, slab.plus(page * PAGE), 4 * PAGE))));
            }
            cycling.map.release(slab);
        }
        MemoryStatistics end = cycling.statistics();
        assertThat(end).isEqualTo(new MemoryStatistics(0, 0, 0, 0, 0, 1000, 4000, 4000, 1000, 0, SMALL));
    }

    @Test
    void quotas_are_finite_and_positive() {
        assertThat(OPTIONS.quotas()).isEqualTo(new MemoryQuotas(1L << 40, 64L << 30, 65_536, 1_000_000));
        assertThat(MemoryQuotas.DEFAULT
                        .withMaxReservedBytes(16 * PAGE)
                        .withMaxInitializedBytes(4 * PAGE)
                        .withMaxSlabs(3)
                        .withMaxRegions(2))
                .isEqualTo(SMALL);
        for (ThrowingCallable wrong : List.<ThrowingCallable>of(
                () -> SMALL.withMaxReservedBytes(0),
                () -> SMALL.withMaxInitializedBytes(-1),
                () -> SMALL.withMaxSlabs(0),
                () -> SMALL.withMaxRegions(Long.MIN_VALUE))) {
            assertThatIllegalArgumentException().isThrownBy(wrong).withMessageContaining("must be positive");
        }
    }
}
