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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.NativeMemoryMap;
import org.orcrt.ffm.Errno;
import org.orcrt.ffm.Linux;

/// Every system call of every operation is refused once, and the state afterwards is the state before.
class SystemCallFailureTest {

    private static final int PAGES = 9;

    private final MapFixture fixture = new MapFixture();
    private final NativeMemoryMap map = fixture.map;
    private final ScriptedSystemCalls calls = fixture.calls;
    private final ExecutorAddress slab = map.reserve(PAGES * PAGE);

    /// A read-only neighbour in the middle, so that the others do not touch.
    private final ExecutorAddress neighbour = map.initialize(request(segment(R, slab.plus(4 * PAGE), PAGE, 8, 8)));

    @AfterEach
    void everything_can_be_unmapped_and_nothing_is_reported() {
        calls.refuseNothing();
        map.shutdown();
        assertThat(calls.mapped()).isEmpty();
        assertThat(fixture.reported).isEmpty();
    }

    private InitializeRequest largeRequest() {
        return new InitializeRequest(
                List.of(
                        segment(RX, slab, PAGE, 1),
                        segment(R, slab.plus(PAGE), PAGE + 1, 2),
                        segment(RW, slab.plus(5 * PAGE), PAGE, 3),
                        segment(temporary(R), slab.plus(6 * PAGE), PAGE, 4),
                        segment(temporary(RX), slab.plus(8 * PAGE), 1, 5)),
                List.of(pair("a"), pair("b")));
    }

    @Test
    @Tag("M1")
    void a_refused_mmap_leaves_nothing() {
        calls.refuse(index -> true);
        MemoryMapException failure = failureOf(() -> map.reserve(PAGE));
        assertThat(failure.typeId()).isEqualTo(MemoryMapException.RESERVE);
        assertThat(failure).hasMessageContaining("mmap of 0x1000 bytes").hasMessageContaining("ENOMEM (errno 12)");
        assertThat(calls.mapped()).hasSize(1);
    }

    @Test
    @Tag("M7")
    void whichever_call_of_an_initialize_is_refused_everything_is_as_before() {
        calls.refuseNothing();
        map.deinitialize(map.initialize(largeRequest()));
        int count = calls.log().size() - 2; // without the deinitialize: two ranges
        assertThat(count).isEqualTo(3 + 4 + 2);

        List<String> before = mapsOf(slab, PAGES);
        for (int refused = 0; refused < count - 2; refused++) { // without mapping over two ranges
            int index = refused;
            fixture.runner.forget();
            calls.refuse(call -> call == index);
            MemoryMapException failure = failureOf(() -> map.initialize(largeRequest()));
            String call = calls.log().get(index);
            assertThat(failure.typeId()).as(call).isEqualTo(MemoryMapException.PROTECT);
            assertThat(failure)
                    .hasMessageContaining("mprotect of 0x")
                    .hasMessageContaining("bytes at 0x")
                    .hasMessageContaining("ENOMEM (errno 12)");
            assertThat(failure.getSuppressed()).isEmpty();
            assertThat(mapsOf(slab, PAGES)).as(call).isEqualTo(before);
            assertThat(bytes(neighbour, 3)).containsExactly(8, 8, 0);
            assertThat(fixture.runner.ran()).isEmpty();
            assertThatPagesAreFreeAndZero();
        }
    }

    @ParameterizedTest
    @Tag("M7")
    @ValueSource(ints = {8, 9, 11, 12})
    void pages_of_finalize_lifetime_that_can_be_neither_mapped_over_nor_emptied_undo_all(int refused) {
        List<String> before = mapsOf(slab, PAGES);
        int mapOver = refused < 10 ? 7 : 10; // the first range or, after the two calls for that, the second
        calls.refuse(call -> call == 7 || call == mapOver || call == refused);
        MemoryMapException failure = failureOf(() -> map.initialize(largeRequest()));
        assertThat(failure.typeId()).isEqualTo(MemoryMapException.PROTECT);
        assertThat(failure)
                .hasMessageContaining(calls.log().get(refused).startsWith("madvise") ? "EINVAL" : "ENOMEM (errno 12)");
        assertThat(failure.getSuppressed()).isEmpty();
        assertThat(mapsOf(slab, PAGES)).isEqualTo(before);
        assertThat(bytes(neighbour, 3)).containsExactly(8, 8, 0);
        assertThat(fixture.runner.ran()).containsExactly("+a", "+b", "-b", "-a");
        assertThatPagesAreFreeAndZero();
    }

    @Test
    @Tag("M7")
    void content_that_there_is_no_memory_for_is_an_error_and_leaves_nothing() {
        ScriptedSystemCalls full = new ScriptedSystemCalls() {
            @Override
            public long madvise(long address, long lengthBytes, int advice) {
                return advice == Linux.MADV_POPULATE_WRITE
                        ? -Errno.ENOMEM
                        : super.madvise(address, lengthBytes, advice);
            }
        };
        MapFixture poor = new MapFixture(MapFixture.OPTIONS, full);
        ExecutorAddress pages = poor.map.reserve(PAGES * PAGE);
        InitializeRequest much = request(segment(RX, pages, PAGES * PAGE, new int[PAGES * (int) PAGE]));
        for (int again = 0; again < 2; again++) {
            MemoryMapException failure = failureOf(() -> poor.map.initialize(much));
            assertThat(failure.typeId()).isEqualTo(MemoryMapException.PROTECT);
            assertThat(failure)
                    .hasMessageContaining("madvise of 0x9000 bytes at " + pages + " to MADV_POPULATE_WRITE")
                    .hasMessageContaining("ENOMEM (errno 12); ask for less");
            assertThat(failure.getSuppressed()).isEmpty();
            assertThat(mapsOf(pages, PAGES)).containsExactly("0+9000 ---p");
        }
        poor.map.shutdown();
    }

    @Test
    @Tag("M7")
    void pages_that_cannot_be_taken_back_are_nobody_s_until_the_slab_goes() {
        calls.refuse(index -> index >= 4);
        MemoryMapException failure = failureOf(() -> map.initialize(largeRequest()));
        assertThat(failure.typeId()).isEqualTo(MemoryMapException.PROTECT);
        assertThat(failure.getSuppressed())
                .as("two calls that can fail for each of three ranges")
                .hasSize(6);
        calls.refuseNothing();
        assertThat(kindOf(() -> fixture.page(slab))).isEqualTo(MemoryMapException.OVERLAP);
        assertThat(kindOf(() -> map.deinitialize(slab))).isEqualTo(MemoryMapException.UNKNOWN_BASE);
        map.deinitialize(fixture.page(slab.plus(3 * PAGE)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void a_deinitialize_that_cannot_map_over_its_pages_empties_them(int refused) {
        ExecutorAddress key = map.initialize(largeRequest());
        calls.refuse(call -> call == refused);
        map.deinitialize(key);
        assertThat(calls.log()).hasSize(4).containsSequence("mmapOver 0", "mprotect 0", "madvise 4");
        assertThatPagesAreFreeAndZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 5})
    void a_deinitialize_that_cannot_empty_its_pages_removes_the_region_all_the_same(int refused) {
        ExecutorAddress key = map.initialize(largeRequest());
        calls.refuse(call -> call == 0 || call == 3 || call == refused);
        MemoryMapException failure = failureOf(() -> map.deinitialize(key));
        assertThat(failure.typeId()).isEqualTo(MemoryMapException.PROTECT);
        assertThat(failure.getSuppressed()).isEmpty();
        assertThat(calls.log())
                .containsExactly("mmapOver 0", "mprotect 0", "madvise 4", "mmapOver 0", "mprotect 0", "madvise 4");
        assertThat(fixture.runner.ran()).containsExactly("+a", "+b", "-b", "-a");
        assertThat(kindOf(() -> map.deinitialize(key))).isEqualTo(MemoryMapException.UNKNOWN_BASE);
        assertThat(kindOf(() -> fixture.page(slab)))
                .as("never with old content")
                .isEqualTo(MemoryMapException.OVERLAP);
    }

    @Test
    @Tag("M17")
    void a_protection_for_which_no_mapping_is_left_says_what_to_raise_and_a_release_still_works() {
        calls.refuse(index -> calls.log().getLast().startsWith("mprotect")
                && !calls.log().getLast().endsWith(" 0"));
        MemoryMapException failure = failureOf(() -> map.initialize(largeRequest()));
        assertThat(failure.typeId()).isEqualTo(MemoryMapException.PROTECT);
        assertThat(failure).hasMessageContaining("ENOMEM (errno 12)").hasMessageContaining("vm.max_map_count");
        assertThat(failure.getSuppressed()).isEmpty();
        map.release(slab);
        assertThat(calls.mapped()).isEmpty();
    }

    @Test
    @Tag("M11")
    void a_slab_that_cannot_be_unmapped_is_kept_empty() {
        map.initialize(largeRequest());
        fixture.runner.forget();
        calls.refuse(call -> call == 0);
        MemoryMapException failure = failureOf(() -> map.release(slab));
        assertThat(failure.typeId()).isEqualTo(MemoryMapException.UNMAP);
        assertThat(failure)
                .hasMessageContaining("munmap of 0x9000 bytes at " + slab)
                .hasMessageContaining("EINVAL (errno 22)");
        assertThat(calls.log()).containsExactly("munmap", "mmapOver 0");
        assertThat(fixture.runner.ran()).containsExactly("-b", "-a");
        assertThat(mapsOf(slab, PAGES)).containsExactly("0+9000 ---p");
        assertThat(kindOf(() -> map.deinitialize(neighbour))).isEqualTo(MemoryMapException.UNKNOWN_BASE);

        calls.refuseNothing();
        assertThatPagesAreFreeAndZero();
        map.release(slab);
        assertThat(calls.mapped()).isEmpty();
        assertThat(kindOf(() -> map.release(slab))).isEqualTo(MemoryMapException.ALREADY_RELEASED);
    }

    @Test
    @Tag("M11")
    void a_slab_that_can_neither_be_unmapped_nor_emptied_is_kept_out_of_use() {
        calls.refuse(call -> true);
        MemoryMapException failure = failureOf(() -> map.release(slab));
        assertThat(failure.typeId()).isEqualTo(MemoryMapException.UNMAP);
        assertThat(failure.getSuppressed()).hasSize(2);
        calls.refuseNothing();
        assertThat(kindOf(() -> fixture.page(neighbour))).isEqualTo(MemoryMapException.OVERLAP);
    }

    @Test
    @Tag("M11")
    void a_shutdown_tells_of_every_slab_that_cannot_be_unmapped() {
        map.reserve(PAGE);
        calls.refuse(call -> calls.log().getLast().equals("munmap"));
        MemoryMapException failure = failureOf(map::shutdown);
        assertThat(failure.typeId()).isEqualTo(MemoryMapException.UNMAP);
        assertThat(failure.getSuppressed()).hasSize(1);
    }

    @Test
    void address_space_that_arrives_after_the_end_and_cannot_go_back_is_reported() {
        calls.afterEach(() -> {
            calls.afterEach(() -> {});
            map.shutdown();
            calls.refuse(call -> true);
        });
        assertThat(failureOf(() -> map.reserve(PAGE))).hasMessageContaining("the session has ended");
        assertThat(fixture.reported).singleElement().asString().contains("munmap of 0x1000 bytes");
        fixture.reported.clear();
        assertThat(fixture.statistics().reservedBytes())
                .as("what is lost still counts")
                .isEqualTo(PAGE);
        calls.refuseNothing();
        calls.mapped().forEach(calls::munmap);
    }

    private void assertThatPagesAreFreeAndZero() {
        List<ExecutorAddress> keys = new ArrayList<>();
        for (ExecutorAddress half : List.of(slab, slab.plus(5 * PAGE))) {
            keys.add(map.initialize(request(segment(RW, half, 4 * PAGE))));
            assertThat(bytes(half, 4 * PAGE)).containsOnly(0);
        }
        map.deinitializeAll(keys);
    }
}
