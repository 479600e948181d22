// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Our executor as a process, and a controller that maps the executor's shared memory itself, as LLVM's does with
/// `--use-memmgr=shared`.
class SharedMemoryTest {

    private static final int PAGE = 4096;
    private static final int R = 1;
    private static final int RW = 3;
    private static final int RX = 5;
    private static final int RWX = 7;

    private final Arena mappings = Arena.ofConfined();
    private final List<Path> files = new ArrayList<>();
    private RawController controller;
    private long instance;

    @BeforeEach
    void start(@TempDir Path directory) {
        controller = new RawController(directory);
        instance = controller.setup().address(Names.SHARED_INSTANCE);
    }

    @AfterEach
    void an_orderly_end_exits_with_0_and_leaves_no_name() {
        mappings.close();
        try (RawController ending = controller) {
            ending.endOfStream();
            assertThat(ending.exitCode()).as(ending.errors()).isZero();
            ending.expectNoMore();
        }
        assertThat(files).allSatisfy(file -> assertThat(file).doesNotExist());
    }

    /// A slab and the file that it is in.
    private record Shared(long slab, Path file) {}

    private Shared reserve(long sizeBytes) {
        ByteBuffer result = ByteBuffer.wrap(controller.call(
                        Names.SHARED_RESERVE,
                        Payload.of().u64(instance).u64(sizeBytes).toBytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(result.get()).isEqualTo((byte) 1);
        long slab = result.getLong();
        byte[] name = new byte[Math.toIntExact(result.getLong())];
        result.get(name);
        assertThat(result.hasRemaining()).isFalse();
        Path file = Path.of("/dev/shm" + new String(name, StandardCharsets.UTF_8));
        files.add(file);
        return new Shared(slab, file);
    }

    /// Maps a slab as LLVM's controller does, which then takes the name away.
    private ByteBuffer map(Shared shared) throws IOException {
        try (FileChannel channel = FileChannel.open(shared.file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Files.delete(shared.file());
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), mappings);
            return mapped.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    private Payload request(long slab, int segments) {
        return Payload.of().u64(instance).u64(slab).u64(segments);
    }

    private byte[] initialize(Payload segments) {
        return controller.call(Names.SHARED_INITIALIZE, segments.u64(0).toBytes());
    }

    private byte[] forAll(String function, long... addresses) {
        return controller.call(
                function,
                Payload.of().u64(instance).raw(Payload.sequence(addresses)).toBytes());
    }

    private static byte[] expected(long value) {
        return Payload.of().u8(1).u64(value).toBytes();
    }

    private static String text(byte[] result) {
        int at = result[0] == 0 ? 9 : 1 + 8;
        return new String(result, at, result.length - at, StandardCharsets.UTF_8);
    }

    @Test
    void content_that_the_controller_wrote_is_protected_read_taken_out_and_put_in_again() throws IOException {
        Shared shared = reserve(4 * PAGE);
        assertThat(shared.file().getFileName().toString()).matches("jitlink_[0-9]+_[0-9]+");
        ByteBuffer mine = map(shared);
        long slab = shared.slab();
        for (int round = 1; round <= 3; round++) {
            mine.putLong(0, round).putLong(PAGE, 100 + round);
            byte[] key = initialize(request(slab, 2)
                    .u8(RW)
                    .u64(slab)
                    .u64(PAGE)
                    .u8(R)
                    .u64(slab + PAGE)
                    .u64(16));
            assertThat(key).isEqualTo(expected(slab));
            assertThat(controller.call(Names.READ_UINT64S, Payload.sequence(slab, slab + PAGE)))
                    .isEqualTo(Payload.sequence(round, 100 + round));
            assertThat(controller.call(
                            Names.WRITE_UINT64S,
                            Payload.of().u64(1).u64(slab + 8).u64(7).toBytes()))
                    .isEmpty();
            assertThat(mine.getLong(8)).as("one memory").isEqualTo(7);
            int complaints = complaints();
            controller.call(
                    Names.WRITE_UINT64S,
                    Payload.of().u64(1).u64(slab + PAGE).u64(7).toBytes());
            assertThat(complaints()).as("read-only").isEqualTo(complaints + 1);

            assertThat(forAll(Names.SHARED_DEINITIALIZE, slab)).containsExactly(0);
            assertThat(controller.call(Names.READ_UINT64S, Payload.sequence(slab)))
                    .as("inaccessible")
                    .isEmpty();
            assertThat(mine.getLong(0)).as("zero for the next").isZero();
            assertThat(mine.getLong(PAGE)).isZero();
        }
        assertThat(forAll(Names.SHARED_RELEASE, slab)).containsExactly(0);
        assertThat(text(forAll(Names.SHARED_RELEASE, slab))).contains("there is no slab 0x%016x".formatted(slab));
        mine.putLong(0, 1); // the controller's own mapping stays as long as it likes
    }

    @Test
    void a_thousand_slabs_go_with_one_frame_and_names_that_nobody_took_go_too() throws IOException {
        long[] slabs = new long[1000];
        for (int k = 0; k < slabs.length; k++) {
            Shared shared = reserve(PAGE);
            slabs[k] = shared.slab();
            if (k % 2 == 0) {
                Files.delete(shared.file());
            }
            assertThat(initialize(request(slabs[k], 1).u8(RW).u64(slabs[k]).u64(8)))
                    .isEqualTo(expected(slabs[k]));
        }
        assertThat(files.getLast()).exists();
        assertThat(forAll(Names.SHARED_DEINITIALIZE, slabs)).containsExactly(0);
        assertThat(forAll(Names.SHARED_RELEASE, slabs)).containsExactly(0);
        assertThat(files).allSatisfy(file -> assertThat(file).doesNotExist());
        assertThat(controller.errors()).isEmpty();
    }

    @Test
    void a_name_and_a_region_that_are_still_there_at_the_end_go_with_the_session() {
        Shared shared = reserve(1L << 30);
        long slab = shared.slab();
        assertThat(initialize(request(slab, 1).u8(RW).u64(slab).u64(PAGE))).isEqualTo(expected(slab));
        assertThat(shared.file()).exists();
    }

    @Test
    @Tag("M3")
    @Tag("M14")
    void what_makes_no_sense_is_refused_in_the_results_own_words() {
        long slab = reserve(PAGE).slab();
        long other = reserve(PAGE).slab();
        assertThat(text(initialize(request(other, 1).u8(RW).u64(slab).u64(PAGE))))
                .contains("not in the one named, 0x%016x".formatted(other));
        assertThat(text(initialize(request(slab, 1).u8(RW).u64(slab).u64(PAGE + 1))))
                .contains("not within one reserved slab");
        assertThat(text(initialize(request(slab, 1).u8(RWX).u64(slab).u64(PAGE))))
                .contains("both write and execute");
        assertThat(text(forAll(Names.SHARED_DEINITIALIZE, slab))).contains("there is no region");
        byte[] nothing = Payload.of().u64(instance).u64(0).toBytes();
        assertThat(text(controller.call(Names.SHARED_RESERVE, nothing))).contains("0 bytes");

        long simple = controller.setup().address(Names.MEMORY_INSTANCE);
        assertThat(simple).isNotEqualTo(instance);
        for (long wrong : new long[] {simple, 0x1234}) {
            byte[] reserve = Payload.of().u64(wrong).u64(PAGE).toBytes();
            assertThat(text(controller.call(Names.SHARED_RESERVE, reserve))).contains("0x%x is ".formatted(wrong));
        }
        assertThat(initialize(request(slab, 1).u8(RW).u64(slab).u64(PAGE))).isEqualTo(expected(slab));
    }

    @Test
    void a_program_that_exits_gives_its_shared_memory_up_and_no_name() throws IOException {
        byte[] open = Payload.of()
                .u64(controller.setup().address(Names.DYLIB_INSTANCE))
                .string("")
                .u64(0)
                .toBytes();
        long process = ByteBuffer.wrap(controller.call(Names.OPEN, open))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong(1);
        byte[] resolve = Payload.of().u64(process).u64(1).string("exit").u8(1).toBytes();
        long exit = ByteBuffer.wrap(controller.call(Names.RESOLVE, resolve))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong(10);

        Shared shared = reserve(PAGE);
        long slab = shared.slab();
        ByteBuffer mine = map(shared);
        mine.put((byte) 0x50); // push rax: the stack is aligned again
        mine.put((byte) 0xbf).putInt(7); // mov edi, 7
        mine.put((byte) 0x48).put((byte) 0xb8).putLong(exit); // mov rax, exit
        mine.put((byte) 0xff).put((byte) 0xd0); // call rax
        assertThat(initialize(request(slab, 1).u8(RX).u64(slab).u64(PAGE))).isEqualTo(expected(slab));
        byte[] run = Payload.of().u64(slab).u64(0).toBytes();
        assertThat(controller.call(Names.RUN_AS_MAIN, run))
                .isEqualTo(Payload.of().u64(7).toBytes());

        assertThat(forAll(Names.SHARED_DEINITIALIZE, slab)).containsExactly(0);
        assertThat(forAll(Names.SHARED_RELEASE, slab)).containsExactly(0);
        assertThat(controller.call(Names.READ_UINT64S, Payload.sequence(slab)))
                .as("a thread of the program stands in this memory")
                .isEqualTo(Payload.sequence(mine.getLong(0)));
        byte[] late = Payload.of().u64(instance).u64(PAGE).toBytes();
        assertThat(text(controller.call(Names.SHARED_RESERVE, late))).contains("the program has exited");
    }

    private int complaints() {
        return (int) controller
                .errors()
                .lines()
                .filter(line -> line.contains("cannot write"))
                .count();
    }
}
