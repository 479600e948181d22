// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Our executor as a process, and a controller that knows nothing but the bytes.
class RawControllerTest {

    private static final int REGIONS = 1_000;
    private static final int READ_WRITE = 3;

    private RawController controller;

    @BeforeEach
    void start(@TempDir Path directory) {
        controller = new RawController(directory);
    }

    @AfterEach
    void an_orderly_end_exits_with_0() {
        try (RawController ending = controller) {
            ending.endOfStream();
            assertThat(ending.exitCode()).as(ending.errors()).isZero();
            ending.expectNoMore();
        }
    }

    @Test
    void setup_comes_first_and_has_all_that_llvm_22_looks_up() {
        RawFrame frame = controller.setupFrame();
        assertThat(frame.opcode()).isEqualTo(RawFrame.SETUP);
        assertThat(frame.id()).isZero();
        assertThat(frame.tag()).isZero();
        Setup setup = controller.setup();
        String architecture = System.getProperty("os.arch").replace("amd64", "x86_64");
        assertThat(setup.triple()).isEqualTo(architecture + "-pc-linux-gnu");
        assertThat(setup.pageBytes()).isEqualTo(4096);
        assertThat(setup.values()).isEmpty();
        assertThat(setup.symbols()).containsKeys(Names.all().toArray(String[]::new));
        assertThat(setup.symbols().values()).doesNotContain(0L);
        assertThat(Names.all()).hasSize(34).doesNotHaveDuplicates();
    }

    @Test
    void a_thousand_regions_are_filled_deinitialized_and_released_with_one_frame_and_one_answer_each_time() {
        long instance = controller.setup().address(Names.MEMORY_INSTANCE);
        long[] slabs = new long[REGIONS];
        for (int k = 0; k < REGIONS; k++) {
            slabs[k] = value(controller.call(
                    Names.RESERVE, Payload.of().u64(instance).u64(4096).toBytes()));
        }
        assertThat(slabs).doesNotHaveDuplicates().doesNotContain(0);
        for (int k = 0; k < REGIONS; k++) {
            Payload request = Payload.of().u64(instance).u64(1);
            byte[] args = segment(request, slabs[k], content(k)).u64(0).toBytes();
            assertThat(value(controller.call(Names.INITIALIZE, args))).isEqualTo(slabs[k]);
        }
        assertThat(controller.call(Names.READ_UINT64S, Payload.sequence(slabs)))
                .isEqualTo(Payload.sequence(contents()));

        byte[] all = Payload.of().u64(instance).raw(Payload.sequence(slabs)).toBytes();
        assertThat(controller.call(Names.DEINITIALIZE, all)).containsExactly(0);
        assertThat(controller.errors()).isEmpty();
        assertThat(controller.call(Names.READ_UINT64S, Payload.sequence(slabs[0])))
                .as("the program's memory is taken away")
                .isEmpty();

        assertThat(controller.call(Names.RELEASE, all)).containsExactly(0);
        assertThat(unreadable(slabs))
                .as("a few may be mapped again, by the JVM")
                .isGreaterThan(REGIONS * 9 / 10);
        assertThat(text(controller.call(Names.RELEASE, all)))
                .as("nothing can be released twice")
                .contains("there is no slab 0x%016x;".formatted(slabs[REGIONS - 1]))
                .endsWith("; and 992 more")
                .hasSizeLessThan(1024);
        assertThat(value(controller.call(
                        Names.RESERVE, Payload.of().u64(instance).u64(4096).toBytes())))
                .as("the executor lives")
                .isNotZero();
    }

    @Test
    void a_thousand_regions_of_one_slab_are_initialized_with_one_frame_and_one_answer() {
        long instance = controller.setup().address(Names.MEMORY_INSTANCE);
        long slab = value(controller.call(
                Names.RESERVE, Payload.of().u64(instance).u64(4096L * REGIONS).toBytes()));
        Payload request = Payload.of().u64(instance).u64(REGIONS);
        long[] addresses = new long[REGIONS];
        for (int k = 0; k < REGIONS; k++) {
            addresses[k] = slab + 4096L * k;
            segment(request, addresses[k], content(k));
        }
        long key = value(controller.call(Names.INITIALIZE, request.u64(0).toBytes()));
        assertThat(key).isEqualTo(slab);
        assertThat(controller.call(Names.READ_UINT64S, Payload.sequence(addresses)))
                .isEqualTo(Payload.sequence(contents()));
        byte[] one = Payload.of().u64(instance).raw(Payload.sequence(slab)).toBytes();
        assertThat(controller.call(Names.DEINITIALIZE, one)).containsExactly(0);
        assertThat(controller.call(Names.RELEASE, one)).containsExactly(0);
        assertThat(unreadable(addresses)).isGreaterThan(REGIONS * 9 / 10);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 8, -8})
    void an_address_that_is_not_mapped_is_an_error_and_the_next_call_works(long address) {
        List<String> readers = Names.READERS;
        for (int k = 0; k < readers.size(); k++) {
            assertThat(controller.call(readers.get(k), Payload.sequence(address)))
                    .as(readers.get(k))
                    .isEmpty();
            assertThat(complaints("cannot read")).as(readers.get(k)).isEqualTo(k + 1);
        }
        byte[] range = Payload.of().u64(1).u64(address).u64(address + 7).toBytes();
        assertThat(controller.call(Names.READ_BUFFERS, range)).isEmpty();
        assertThat(complaints("cannot read")).isEqualTo(readers.size() + 1);

        int written = 0;
        for (String writer : Names.WRITERS) {
            byte[] value = new byte[List.of(1, 2, 4, 8, 8).get(written)];
            byte[] args = Payload.of().u64(1).u64(address).raw(value).toBytes();
            assertThat(controller.call(writer, args)).isEmpty();
            written++;
            assertThat(complaints("cannot write")).as(writer).isEqualTo(written);
        }
        byte[] buffer = Payload.of().u64(1).u64(address).string("eight...").toBytes();
        assertThat(controller.call(Names.WRITE_BUFFERS, buffer)).isEmpty();
        assertThat(complaints("cannot write 8 bytes at 0x" + Long.toHexString(address)))
                .isGreaterThanOrEqualTo(1);
        assertThat(complaints("cannot write")).isEqualTo(written + 1);
        assertAnswers();
    }

    @Test
    void numbers_and_bytes_are_written_and_read_back() {
        long instance = controller.setup().address(Names.MEMORY_INSTANCE);
        long slab = value(controller.call(
                Names.RESERVE, Payload.of().u64(instance).u64(4096).toBytes()));
        byte[] args = segment(Payload.of().u64(instance).u64(1), slab, 0).u64(0).toBytes();
        value(controller.call(Names.INITIALIZE, args));
        byte[] write = Payload.of().u64(1).u64(slab + 64).string("forty-two\0").toBytes();
        assertThat(controller.call(Names.WRITE_BUFFERS, write)).isEmpty();
        String strings = "__llvm_orc_bootstrap_mem_read_strings_wrapper";
        assertThat(controller.call(strings, Payload.sequence(slab + 64)))
                .isEqualTo(Payload.of().u64(1).string("forty-two").toBytes());
        byte[] range = Payload.of().u64(1).u64(slab + 70).u64(slab + 73).toBytes();
        assertThat(controller.call(Names.READ_BUFFERS, range))
                .isEqualTo(Payload.of().u64(1).string("two").toBytes());
        assertThat(controller.errors()).isEmpty();
    }

    @Test
    void a_call_of_the_null_address_is_an_error_and_the_next_call_works() {
        assertThat(controller.call(0, new byte[0])).isEmpty();
        assertThat(complaints("the controller calls the null address")).isOne();
        assertThat(controller.call(Names.RUN_AS_MAIN, Payload.of().u64(0).u64(0).toBytes()))
                .isEmpty();
        assertThat(complaints("the controller asks to run the null address")).isPositive();
        assertAnswers();
    }

    @Test
    void arguments_that_make_no_sense_are_an_error_of_every_function_and_the_next_call_works() {
        List<String> functions = Names.all().stream()
                .filter(name -> name.endsWith("_wrapper") || Names.SHARED_FUNCTIONS.contains(name))
                .toList();
        assertThat(functions).hasSize(26);
        byte[][] garbage = {
            {},
            {1, 2, 3},
            Payload.of().u64(-1).u64(-1).u64(-1).toBytes(),
            Payload.of().u64(1L << 60).u64(1).u64(1L << 60).u64(9).toBytes()
        };
        int answers = 0;
        for (byte[] args : garbage) {
            for (String function : functions) {
                assertThat(controller.call(function, args)).as(function).isEmpty();
                answers++;
                assertThat(complaints("cannot read the arguments")).as(function).isEqualTo(answers);
            }
        }
        assertAnswers();
    }

    @Test
    void an_instance_and_a_handle_that_were_never_given_are_refused_in_the_results_own_words() {
        byte[] reserve = Payload.of().u64(0x1234).u64(4096).toBytes();
        assertThat(text(controller.call(Names.RESERVE, reserve))).contains("0x1234");
        byte[] open = Payload.of().u64(0x1234).string("").u64(0).toBytes();
        assertThat(text(controller.call(Names.OPEN, open))).contains("0x1234");
        byte[] resolve = Payload.of().u64(0x1234).u64(1).string("puts").u8(1).toBytes();
        assertThat(text(controller.call(Names.RESOLVE, resolve))).contains("0x1234");
        assertAnswers();
    }

    @Test
    void a_library_that_was_opened_is_searched() {
        long instance = controller.setup().address(Names.DYLIB_INSTANCE);
        for (String library : new String[] {"", "libm.so.6"}) {
            byte[] open = Payload.of().u64(instance).string(library).u64(0).toBytes();
            long handle = value(controller.call(Names.OPEN, open));
            byte[] resolve = Payload.of().u64(handle).u64(1).string("cos").u8(1).toBytes();
            ByteBuffer found =
                    ByteBuffer.wrap(controller.call(Names.RESOLVE, resolve)).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(found.remaining()).isEqualTo(1 + 8 + 1 + 10);
            assertThat(found.getLong(10)).isNotZero();
        }
        byte[] missing = Payload.of().u64(instance).string("/no/such.so").u64(0).toBytes();
        assertThat(text(controller.call(Names.OPEN, missing))).contains("/no/such.so");
    }

    @Test
    @Tag("C8")
    void answers_carry_the_number_of_their_call_whatever_that_is() {
        for (long id : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0, 1L << 32}) {
            byte[] args = Payload.sequence(8);
            controller.send(Payload.frame(RawFrame.CALL, id, controller.setup().address(Names.READ_UINT64S), args));
            assertThat(controller.resultOf(id)).isEmpty();
        }
    }

    @Test
    void four_calls_in_one_write_come_back_with_their_own_numbers() {
        Setup setup = controller.setup();
        long instance = setup.address(Names.MEMORY_INSTANCE);
        long dylibs = setup.address(Names.DYLIB_INSTANCE);
        byte[] reserve = Payload.of().u64(instance).u64(8192).toBytes();
        byte[] open = Payload.of().u64(dylibs).string("").u64(0).toBytes();
        byte[] release = Payload.of().u64(instance).u64(0).toBytes();
        for (int round = 0; round < 50; round++) {
            controller.send(Payload.of()
                    .raw(Payload.frame(RawFrame.CALL, 13, setup.address(Names.OPEN), open))
                    .raw(Payload.frame(RawFrame.CALL, 12, setup.address(Names.RESERVE), reserve))
                    .raw(Payload.frame(RawFrame.CALL, 11, setup.address(Names.RELEASE), release))
                    .raw(Payload.frame(RawFrame.CALL, 10, setup.address(Names.READ_UINT64S), Payload.sequence()))
                    .toBytes());
            Map<Long, byte[]> results = new HashMap<>();
            for (int k = 0; k < 4; k++) {
                RawFrame result = controller.next();
                assertThat(result.opcode()).isEqualTo(RawFrame.RESULT);
                assertThat(results.put(result.id(), result.payload())).isNull();
            }
            assertThat(results).containsOnlyKeys(10L, 11L, 12L, 13L);
            assertThat(results.get(10L)).isEqualTo(Payload.sequence());
            assertThat(results.get(11L)).containsExactly(0);
            assertThat(value(results.get(12L))).isNotZero();
            assertThat(value(results.get(13L))).as("the whole process").isZero();
        }
    }

    private void assertAnswers() {
        assertThat(controller.call(Names.READ_UINT64S, Payload.sequence())).isEqualTo(Payload.sequence());
        assertThat(controller.isAlive()).isTrue();
    }

    private int unreadable(long[] addresses) {
        int unreadable = 0;
        for (long address : addresses) {
            unreadable += controller.call(Names.READ_UINT64S, Payload.sequence(address)).length == 0 ? 1 : 0;
        }
        return unreadable;
    }

    /// How many lines of standard error are ours and have a text.
    private int complaints(String text) {
        return (int) controller
                .errors()
                .lines()
                .filter(line -> line.startsWith("orc-rt: ") && line.contains(text))
                .count();
    }

    private static long content(int region) {
        return 0x5eed_0000_0000_0000L + region;
    }

    private static long[] contents() {
        long[] contents = new long[REGIONS];
        for (int k = 0; k < REGIONS; k++) {
            contents[k] = content(k);
        }
        return contents;
    }

    private static Payload segment(Payload request, long address, long content) {
        return request.u8(READ_WRITE).u64(address).u64(4096).u64(8).u64(content);
    }

    /// What an `expected` of 8 bytes holds.
    private static long value(byte[] result) {
        return expected(result, 1, in -> in.getLong());
    }

    /// The text of an `expected` without a value, or of an `error`.
    private static String text(byte[] result) {
        return result[0] == 1 && result.length > 9
                ? expected(result, 1, RawControllerTest::string)
                : expected(result, 0, RawControllerTest::string);
    }

    private static String string(ByteBuffer in) {
        byte[] text = new byte[Math.toIntExact(in.getLong())];
        in.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static <T> T expected(byte[] result, int flag, Function<ByteBuffer, T> read) {
        assertThat(result).isNotEmpty();
        assertThat(result[0])
                .as(() -> new String(result, StandardCharsets.ISO_8859_1))
                .isEqualTo((byte) flag);
        ByteBuffer in = ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN).position(1);
        T value = read.apply(in);
        assertThat(in.hasRemaining()).isFalse();
        return value;
    }
}
