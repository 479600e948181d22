// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;
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

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.AllocActionPair;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.SegmentRequest;
import org.orcrt.api.type.TypeId;

/// What is different when the controller fills a slab through a mapping of its own, for which the test stands in.
class SharedMemoryMapperTest {

    private static final int PAGES = 8;

    private final MapFixture fixture = MapFixture.shared();
    private final SharedMemoryMapper map = (SharedMemoryMapper) fixture.map;
    private final ScriptedSystemCalls calls = fixture.calls;
    private final Arena controllers = Arena.ofConfined();

    @AfterEach
    void nothing_is_left_mapped_or_named_and_nothing_is_reported() throws IOException {
        controllers.close();
        calls.refuseNothing();
        map.shutdown();
        assertThat(calls.mapped()).isEmpty();
        for (String path : calls.paths()) {
            assertThat(Path.of(path)).doesNotExist();
            assertThat(Files.readAllLines(Path.of("/proc/self/maps"))).noneMatch(line -> line.contains(path));
        }
        assertThat(fixture.reported).isEmpty();
    }

    private Path fileOf(ExecutorAddress slab) {
        return Path.of("/dev/shm" + map.nameOf(slab));
    }

    /// Maps a slab as a controller does, which then takes its name away.
    private ByteBuffer controllerOf(ExecutorAddress slab) {
        Path file = fileOf(slab);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), controllers);
            Files.delete(file);
            return mapped.asByteBuffer();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void a_slab_is_inaccessible_here_and_has_a_name_that_only_its_owner_can_open() throws IOException {
        ExecutorAddress slab = map.reserve(2 * PAGE + 1);
        assertThat(map.nameOf(slab))
                .matches("/jitlink_" + ProcessHandle.current().pid() + "_[0-9]+");
        assertThat(Files.size(fileOf(slab))).isEqualTo(3 * PAGE);
        assertThat(Files.getPosixFilePermissions(fileOf(slab))).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(mapsOf(slab, 3)).containsExactly("0+3000 ---s");
        assertThat(map.nameOf(map.reserve(PAGE))).isNotEqualTo(map.nameOf(slab));
        assertThat(calls.log()).startsWith("open 700", "ftruncate", "mmap 0");
    }

    @Test
    void what_the_controller_writes_is_there_with_its_protection_and_zero_for_the_next() {
        ExecutorAddress slab = map.reserve(PAGES * PAGE);
        ByteBuffer controller = controllerOf(slab);
        controller.put(0, (byte) 1).put((int) PAGE, (byte) 2).put((int) (3 * PAGE), (byte) 3);
        List<Byte> seen = new ArrayList<>();
        fixture.runner.when("+a", () -> seen.add(bytes(slab.plus(3 * PAGE), 1)[0]));
        calls.refuseNothing();
        ExecutorAddress key = map.initialize(
                slab,
                new InitializeRequest(
                        List.of(
                                segment(R, slab, 1),
                                segment(RX, slab.plus(PAGE), 2 * PAGE),
                                segment(temporary(RW), slab.plus(3 * PAGE), 16),
                                segment(RW, slab.plus(4 * PAGE), PAGE)),
                        List.of(pair("a"))));
        assertThat(key).isEqualTo(slab);
        assertThat(calls.log()).startsWith("mprotect 1", "mprotect 5", "mprotect 3", "madvise 9");
        assertThat(seen).containsExactly((byte) 3);
        assertThat(mapsOf(slab, PAGES))
                .containsExactly("0+1000 r--s", "1000+2000 r-xs", "3000+1000 ---s", "4000+1000 rw-s", "5000+3000 ---s");
        assertThat(bytes(slab, 2)).containsExactly(1, 0);
        assertThat(bytes(slab.plus(PAGE), 2)).containsExactly(2, 0);
        assertThat(controller.get((int) (3 * PAGE))).as("finalize lifetime").isZero();

        map.deinitialize(key);
        assertThat(mapsOf(slab, PAGES)).containsExactly("0+8000 ---s");
        assertThat(controller.get(0)).isZero();
        assertThat(controller.get((int) PAGE)).isZero();
        controller.put((int) PAGE + 1, (byte) 4);
        map.initialize(slab, request(segment(RW, slab, 2 * PAGE)));
        assertThat(bytes(slab.plus(PAGE), 2)).containsExactly(0, 4);
    }

    @Test
    void content_of_a_request_lies_over_what_the_controller_wrote() {
        ExecutorAddress slab = map.reserve(PAGE);
        controllerOf(slab).put(0, (byte) 1).put(2, (byte) 2);
        map.initialize(request(segment(RX, slab, PAGE, 7, 8)));
        assertThat(bytes(slab, 4)).containsExactly(7, 8, 2, 0);
        assertThat(mapsOf(slab, 1)).containsExactly("0+1000 r-xs");
    }

    @Test
    @Tag("M3")
    @Tag("M4")
    @Tag("M5")
    @Tag("M14")
    void a_wrong_request_is_refused_and_nothing_is_touched() {
        ExecutorAddress slab = map.reserve(2 * PAGE);
        ExecutorAddress other = map.reserve(2 * PAGE);
        ByteBuffer controller = controllerOf(slab);
        controller.put(0, (byte) 1);
        map.initialize(slab, request(segment(RW, slab.plus(PAGE), PAGE), pair("live")));
        calls.refuseNothing();

        assertThat(kindOf(() -> map.initialize(other, request(segment(RW, slab, PAGE)))))
                .isEqualTo(MemoryMapException.OUT_OF_SLAB);
        assertThat(failureOf(() -> map.initialize(other, request(segment(RW, slab, PAGE)))))
                .hasMessageContaining(slab.toString())
                .hasMessageContaining(other.toString());
        assertRefused(MemoryMapException.OUT_OF_SLAB, slab, segment(RW, slab, 2 * PAGE + 1));
        assertRefused(MemoryMapException.OUT_OF_SLAB, slab, segment(RW, slab.plus(-PAGE), 2 * PAGE));
        assertRefused(MemoryMapException.OUT_OF_SLAB, slab.plus(PAGE), segment(RW, slab, PAGE));
        assertRefused(MemoryMapException.SIZE_OVERFLOW, slab, segment(RW, slab, -PAGE));
        assertRefused(MemoryMapException.MISALIGNED, slab, segment(RW, slab.plus(8), 8));
        assertRefused(MemoryMapException.OVERLAP, slab, segment(RW, slab, PAGE + 1));
        assertRefused(MemoryMapException.OVERLAP, slab, segment(RW, slab, PAGE), segment(R, slab, 1));
        assertRefused(MemoryMapException.WRITE_EXECUTE, slab, segment(RWX, slab, PAGE));
        assertRefused(MemoryMapException.KIND, slab);

        assertThat(calls.log()).isEmpty();
        assertThat(fixture.runner.ran()).containsExactly("+live");
        assertThat(controller.get(0)).isEqualTo((byte) 1);
    }

    private void assertRefused(TypeId kind, ExecutorAddress slab, SegmentRequest... segments) {
        assertThat(kindOf(() -> map.initialize(slab, new InitializeRequest(List.of(segments), List.of(pair("never"))))))
                .isEqualTo(kind);
    }

    @Test
    @Tag("M8")
    void an_action_that_fails_has_those_before_it_undone_and_the_pages_emptied() {
        ExecutorAddress slab = map.reserve(2 * PAGE);
        ByteBuffer controller = controllerOf(slab);
        for (int failing = 0; failing < 4; failing++) {
            fixture.runner.forget();
            controller.put(0, (byte) 1);
            List<String> expected = new ArrayList<>();
            List<AllocActionPair> actions = new ArrayList<>();
            for (int k = 0; k < 4; k++) {
                actions.add(pair((k == failing ? "!+" : "+") + k, (k == 1 ? "!-" : "-") + k));
                if (k <= failing) {
                    expected.add((k == failing ? "!+" : "+") + k);
                }
            }
            for (int k = failing - 1; k >= 0; k--) {
                expected.add((k == 1 ? "!-" : "-") + k);
            }
            MemoryMapException failure = failureOf(() ->
                    map.initialize(slab, new InitializeRequest(List.of(segment(RX, slab, PAGE)), actions)));
            assertThat(failure.typeId()).isEqualTo(MemoryMapException.ACTION_FAILED);
            assertThat(failure).hasMessageContaining("initialize action %d of 4", failing + 1);
            assertThat(failure.getSuppressed()).hasSize(failing > 1 ? 1 : 0);
            assertThat(fixture.runner.ran()).isEqualTo(expected);
            assertThat(mapsOf(slab, 2)).containsExactly("0+2000 ---s");
            assertThat(controller.get(0)).isZero();
        }
    }

    private InitializeRequest largeRequest(ExecutorAddress slab) {
        return new InitializeRequest(
                List.of(
                        segment(RX, slab, PAGE),
                        segment(R, slab.plus(PAGE), PAGE + 1),
                        segment(temporary(R), slab.plus(5 * PAGE), PAGE)),
                List.of(pair("a")));
    }

    @Test
    @Tag("M7")
    void whichever_call_of_an_initialize_is_refused_everything_is_as_before() {
        ExecutorAddress slab = map.reserve(PAGES * PAGE);
        ByteBuffer controller = controllerOf(slab);
        for (int index : new int[] {0, 1, 2, 4}) { // 3 is the first try to empty, which is followed by a second
            controller.put(0, (byte) 1).put((int) (5 * PAGE), (byte) 2);
            fixture.runner.forget();
            calls.refuse(call -> call == index);
            MemoryMapException failure = failureOf(() -> map.initialize(slab, largeRequest(slab)));
            String call = calls.log().get(index);
            assertThat(failure.typeId()).as(call).isEqualTo(MemoryMapException.PROTECT);
            assertThat(failure.getSuppressed()).as(call).isEmpty();
            assertThat(fixture.runner.ran()).as(call).isEqualTo(index < 3 ? List.of() : List.of("+a", "-a"));
            assertThat(mapsOf(slab, PAGES)).as(call).containsExactly("0+8000 ---s");
            assertThat(controller.get(0)).as(call).isZero();
            assertThat(controller.get((int) (5 * PAGE))).as(call).isZero();
        }
        calls.refuseNothing();
        map.deinitialize(map.initialize(slab, largeRequest(slab)));
        assertThat(calls.log()).as("to protect, then to empty").startsWith("mprotect 5", "mprotect 1", "mprotect 1");
    }

    @Test
    @Tag("M7")
    void pages_that_cannot_be_emptied_as_they_are_are_emptied_through_a_writable_mapping() {
        ExecutorAddress slab = map.reserve(PAGES * PAGE);
        ByteBuffer controller = controllerOf(slab);
        controller.put(0, (byte) 1);
        ExecutorAddress key = map.initialize(slab, request(segment(R, slab, PAGE)));
        calls.refuse(call -> call == 0);
        map.deinitialize(key);
        assertThat(calls.log()).containsExactly("madvise 9", "mprotect 3", "madvise 9", "mprotect 0");
        assertThat(mapsOf(slab, PAGES)).containsExactly("0+8000 ---s");
        assertThat(controller.get(0)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void pages_that_cannot_be_emptied_are_nobody_s_until_the_slab_goes(int refused) {
        ExecutorAddress slab = map.reserve(PAGES * PAGE);
        ExecutorAddress key = map.initialize(slab, largeRequest(slab));
        calls.refuse(call -> call >= refused);
        assertThat(kindOf(() -> map.deinitialize(key))).isEqualTo(MemoryMapException.PROTECT);
        assertThat(fixture.runner.ran()).containsExactly("+a", "-a");
        assertThat(kindOf(() -> map.initialize(slab, largeRequest(slab)))).isEqualTo(MemoryMapException.OVERLAP);
        calls.refuseNothing();
        map.release(slab);
    }

    @Test
    @Tag("M9")
    @Tag("M12")
    void a_release_undoes_what_is_left_the_newest_first_and_frees_once() {
        ExecutorAddress slab = map.reserve(4 * PAGE);
        ByteBuffer controller = controllerOf(slab);
        map.initialize(slab, request(segment(RW, slab.plus(2 * PAGE), PAGE), pair("+a", "!a")));
        map.initialize(slab, request(segment(RW, slab, PAGE), pair("b")));
        ExecutorAddress gone = map.initialize(slab, request(segment(RW, slab.plus(PAGE), PAGE), pair("c")));
        map.deinitialize(gone);
        fixture.runner.forget();
        assertThat(kindOf(() -> map.deinitialize(gone))).isEqualTo(MemoryMapException.UNKNOWN_BASE);
        assertThat(kindOf(() -> map.release(slab))).isEqualTo(MemoryMapException.ACTION_FAILED);
        assertThat(fixture.runner.ran()).containsExactly("-b", "!a");
        assertThat(kindOf(() -> map.release(slab))).isEqualTo(MemoryMapException.ALREADY_RELEASED);
        assertThat(calls.mapped()).isEmpty();
        controller.put(0, (byte) 1); // its own mapping stays as long as it likes
    }

    @Test
    @Tag("M11")
    void a_slab_that_cannot_be_unmapped_is_kept_empty() {
        ExecutorAddress slab = map.reserve(4 * PAGE);
        ByteBuffer controller = controllerOf(slab);
        controller.put(0, (byte) 1);
        map.initialize(slab, request(segment(RX, slab, PAGE)));
        calls.refuse(call -> calls.log().getLast().equals("munmap"));
        assertThat(kindOf(() -> map.release(slab))).isEqualTo(MemoryMapException.UNMAP);
        assertThat(mapsOf(slab, 4)).containsExactly("0+4000 ---s");
        assertThat(controller.get(0)).isZero();
        calls.refuseNothing();
        map.release(slab);
    }

    @Test
    void a_name_that_the_controller_did_not_take_goes_with_the_slab() {
        ExecutorAddress slab = map.reserve(PAGE);
        Path file = fileOf(slab);
        assertThat(file).exists();
        map.release(slab);
        assertThat(file).doesNotExist();
        assertThat(failureOf(() -> map.nameOf(slab))).hasMessageContaining("it is released");
    }

    @Test
    void a_detach_takes_the_names_and_leaves_the_memory() {
        ExecutorAddress slab = map.reserve(PAGE);
        Path file = fileOf(slab);
        map.initialize(slab, request(segment(RW, slab, PAGE, 5), pair("a")));
        map.detach();
        assertThat(file).doesNotExist();
        assertThat(bytes(slab, 1)).containsExactly(5);
        assertThat(fixture.runner.ran()).containsExactly("+a");
        ExecutorAddress late = map.reserve(PAGE);
        assertThat(failureOf(() -> map.nameOf(late))).hasMessageContaining("the controller is gone");
        assertThat(calls.paths()).hasSize(2);
        assertThat(Path.of(calls.paths().getLast())).doesNotExist();
    }

    @Test
    void after_shutdown_nothing_is_reserved() {
        ExecutorAddress slab = map.reserve(PAGE);
        map.initialize(slab, request(segment(RW, slab, PAGE), pair("a")));
        map.shutdown();
        assertThat(fixture.runner.ran()).containsExactly("+a", "-a");
        assertThat(failureOf(() -> map.reserve(PAGE))).hasMessageContaining("the session has ended");
    }

    @Test
    void abandoned_memory_stays_but_its_names_go() {
        ExecutorAddress slab = map.reserve(2 * PAGE);
        Path file = fileOf(slab);
        ExecutorAddress key = map.initialize(slab, request(segment(RW, slab, PAGE, 5), pair("a")));
        map.abandon();
        map.deinitialize(key);
        map.release(slab);
        map.detach();
        map.shutdown();
        assertThat(bytes(slab, 1)).containsExactly(5);
        assertThat(fixture.runner.ran()).containsExactly("+a");
        assertThat(file).doesNotExist();
        calls.munmap(slab.value(), 2 * PAGE);
    }

    @Test
    void zero_bytes_have_no_name() {
        assertThat(map.reserve(0)).isEqualTo(ExecutorAddress.NULL);
        assertThat(calls.paths()).isEmpty();
        assertThat(failureOf(() -> map.nameOf(ExecutorAddress.NULL))).hasMessageContaining("of 0 bytes");
    }

    @ParameterizedTest
    @Tag("M1")
    @ValueSource(longs = {1L << 62, Long.MAX_VALUE - PAGE, -PAGE + 1, -1})
    void what_the_system_cannot_give_is_an_error_with_its_number(long sizeBytes) {
        MapFixture vast = MapFixture.shared(MapFixture.OPTIONS.withQuotas(MapFixture.NO_QUOTAS));
        MemoryMapException failure = failureOf(() -> vast.map.reserve(sizeBytes));
        assertThat(failure.typeId()).isEqualTo(MemoryMapException.RESERVE);
        assertThat(failure).hasMessageContaining("0x%x bytes", sizeBytes).hasMessageContaining("(errno ");
    }

    @ParameterizedTest
    @Tag("M1")
    @ValueSource(ints = {1, 2})
    void a_refused_step_of_a_reserve_leaves_neither_name_nor_descriptor(int refused) throws IOException {
        long before = descriptors();
        calls.refuse(call -> call == refused);
        MemoryMapException failure = failureOf(() -> map.reserve(PAGE));
        assertThat(failure.typeId()).isEqualTo(MemoryMapException.RESERVE);
        assertThat(failure).hasMessageContaining(List.of("ftruncate", "mmap").get(refused - 1) + " of 0x1000 bytes");
        assertThat(calls.log().getLast()).isEqualTo("unlink");
        assertThat(descriptors()).isEqualTo(before);
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    @Test
    void a_name_that_is_taken_is_left_alone_and_the_next_one_tried() {
        calls.refuse(call -> call < 3);
        ExecutorAddress slab = map.reserve(PAGE);
        assertThat(calls.paths()).hasSize(4).doesNotHaveDuplicates();
        assertThat(calls.paths().getLast()).isEqualTo(fileOf(slab).toString());
        map.release(slab);
        assertThat(calls.log().stream().filter("unlink"::equals)).hasSize(1);

        calls.refuse(call -> true);
        MemoryMapException failure = failureOf(() -> map.reserve(PAGE));
        assertThat(failure.typeId()).isEqualTo(MemoryMapException.RESERVE);
        assertThat(failure).hasMessageContaining("EEXIST (errno 17)").hasMessageContaining("/dev/shm/jitlink_");
        assertThat(calls.log()).hasSize(100).containsOnly("open 700");
    }

    @Test
    void a_name_that_cannot_be_taken_away_is_reported() {
        ExecutorAddress slab = map.reserve(PAGE);
        Path file = fileOf(slab);
        calls.refuse(call -> call == 0);
        map.release(slab);
        assertThat(calls.log()).containsExactly("unlink", "munmap");
        assertThat(fixture.reported).singleElement().asString().contains(file + " failed: EPERM (errno 1)");
        fixture.reported.clear();
        assertThat(file.toFile().delete()).isTrue();
    }
}
