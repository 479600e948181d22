// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.orcrt.memory.MapFixture.failureOf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.PeerText;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.api.memory.AllocAction;
import org.orcrt.ffm.FfmLinker;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.sps.SpsFunction;
import org.orcrt.sps.SpsWriter;

/// Actions in Java behind a stub and actions in machine code answer alike.
class NativeAllocActionRunnerTest {

    private final FfmLinker linker = new FfmLinker();
    private final NativeAllocActionRunner runner = new NativeAllocActionRunner(linker);

    /// What an action returned, and what its failure says; an empty text for success.
    record Returned(byte[] bytes, String failure) {

        @Override
        public String toString() {
            return bytes.length + " bytes, " + (failure.isEmpty() ? "success" : failure);
        }
    }

    static Stream<Returned> results() {
        String long1k = "x".repeat(PeerText.MAX_CHARS);
        return Stream.of(
                new Returned(new byte[0], ""),
                new Returned(new byte[] {0}, ""),
                new Returned(new byte[] {0, 7}, ""),
                new Returned(spsError("X and Y differ", 14), "X and Y differ"),
                new Returned(spsError("", 0), ""),
                new Returned(spsError("bell\u0007\n", 6), "bell\\u0007\\n"),
                new Returned(spsError(long1k, 1024), long1k),
                new Returned(spsError(long1k + "tail", 1028), long1k + "... (1028 characters)"),
                new Returned(
                        spsError("short", 6), "its result of 14 bytes is no error of SPS: malformed SPS at byte 1"),
                new Returned(
                        spsError("short", -1), "its result of 14 bytes is no error of SPS: malformed SPS at byte 1"),
                new Returned(new byte[] {1}, "its result of 1 bytes is no error of SPS: malformed SPS at byte 1"),
                new Returned(
                        new byte[] {2, 0, 0, 0, 0, 0, 0, 0, 0},
                        "its result of 9 bytes is no error of SPS: malformed SPS at byte 0"),
                new Returned(new byte[] {-1}, "its result of 1 bytes is no error of SPS: malformed SPS at byte 0"));
    }

    @ParameterizedTest
    @MethodSource("results")
    void a_result_of_a_java_function_says_how_it_went(Returned returned) {
        WrapperFunction function = (args, offset, length, reply) ->
                reply.result(MemorySegment.ofArray(returned.bytes()), 0, returned.bytes().length);
        AllocAction action = new AllocAction(linker.bind(function), new byte[0]);
        check(returned, action);
        linker.unbind(function);
    }

    @ParameterizedTest
    @MethodSource("results")
    void a_result_of_machine_code_says_how_it_went(Returned returned) {
        MapFixture fixture = new MapFixture();
        ExecutorAddress slab = fixture.map.reserve(MapFixture.PAGE);
        byte[] code = returning(pointerOrInline(returned.bytes()), returned.bytes().length);
        fixture.map.initialize(MapFixture.request(new org.orcrt.api.memory.SegmentRequest(
                MapFixture.RX, slab, code.length, MemorySegment.ofArray(code))));
        check(returned, new AllocAction(slab, new byte[3]));
        fixture.map.release(slab);
    }

    private void check(Returned returned, AllocAction action) {
        boolean isError = returned.bytes().length > 0 && returned.bytes()[0] != 0;
        if (isError) {
            MemoryMapException failure = failureOf(() -> runner.run(action));
            assertThat(failure.typeId()).isEqualTo(MemoryMapException.ACTION_FAILED);
            assertThat(failure).hasMessageStartingWith(returned.failure());
        } else {
            assertThatCode(() -> runner.run(action)).doesNotThrowAnyException();
        }
    }

    @Test
    void an_out_of_band_error_of_machine_code_is_a_failure() {
        MapFixture fixture = new MapFixture();
        ExecutorAddress slab = fixture.map.reserve(MapFixture.PAGE);
        byte[] code = returning(NativeMemory.mallocCString("could not register"), 0);
        fixture.map.initialize(MapFixture.request(new org.orcrt.api.memory.SegmentRequest(
                MapFixture.RX, slab, code.length, MemorySegment.ofArray(code))));
        assertThat(failureOf(() -> runner.run(new AllocAction(slab, new byte[0]))))
                .hasMessage("could not register");
        fixture.map.release(slab);
    }

    @Test
    void a_java_function_gets_the_arguments_on_this_thread_without_native_code() {
        List<Object> seen = new ArrayList<>();
        WrapperFunction function = (args, offset, length, reply) -> {
            seen.add(Thread.currentThread());
            seen.add(args.isNative());
            seen.add(new String(args.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8));
            reply.result(MemorySegment.NULL, 0, 0);
        };
        runner.run(new AllocAction(linker.bind(function), "eh-frame".getBytes(StandardCharsets.UTF_8)));
        linker.unbind(function);
        assertThat(seen).containsExactly(Thread.currentThread(), false, "eh-frame");
    }

    @Test
    void an_action_reads_its_arguments_and_those_it_cannot_read_are_its_failure() {
        long target = NativeMemory.malloc(8);
        NativeMemory.putLong(target, 41);
        WrapperFunction increment = SpsFunction.of(Execution.LEAF, (args, result) -> {
            long address = args.readAddress().value();
            args.end();
            NativeMemory.putLong(address, NativeMemory.getLong(address) + 1);
        });
        ExecutorAddress address = linker.bind(increment);
        runner.run(new AllocAction(address, new SpsWriter().u64(target).toByteArray()));
        assertThat(NativeMemory.getLong(target)).isEqualTo(42);
        assertThat(failureOf(() -> runner.run(new AllocAction(address, new byte[1]))))
                .hasMessageStartingWith("cannot read the arguments: malformed SPS at byte 0");
        assertThat(NativeMemory.getLong(target)).as("not touched again").isEqualTo(42);
        linker.unbind(increment);
        NativeMemory.free(target);
    }

    @Test
    void an_out_of_band_error_of_a_java_function_is_a_failure_and_cut_to_size() {
        assertThat(failureOf(() -> run((args, offset, length, reply) -> reply.outOfBandError("no\tsuch frame"))))
                .hasMessage("no\\tsuch frame");
        assertThat(failureOf(() -> run((args, offset, length, reply) -> reply.outOfBandError("y".repeat(5000)))))
                .hasMessage("y".repeat(PeerText.MAX_CHARS) + "... (5000 characters)");
    }

    @Test
    void an_answer_counts_only_once_and_only_until_the_function_returns() {
        AtomicReference<WrapperReturn> kept = new AtomicReference<>();
        assertThat(failureOf(() -> run((args, offset, length, reply) -> kept.set(reply))))
                .hasMessage("it did not answer before it returned");
        assertThatIllegalStateException().isThrownBy(() -> kept.get().outOfBandError("late"));
        assertThatIllegalStateException()
                .isThrownBy(() -> run((args, offset, length, reply) -> {
                    reply.result(args, 0, 0);
                    reply.outOfBandError("twice");
                }));
    }

    private void run(WrapperFunction function) {
        ExecutorAddress address = linker.bind(function);
        try {
            runner.run(new AllocAction(address, new byte[0]));
        } finally {
            linker.unbind(function);
        }
    }

    private static byte[] spsError(String text, long claimedLength) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(9 + bytes.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 1)
                .putLong(claimedLength)
                .put(bytes)
                .array();
    }

    private static long pointerOrInline(byte[] bytes) {
        byte[] eight = new byte[8];
        if (bytes.length <= 8) {
            System.arraycopy(bytes, 0, eight, 0, bytes.length);
            return ByteBuffer.wrap(eight).order(ByteOrder.LITTLE_ENDIAN).getLong();
        }
        long block = NativeMemory.malloc(bytes.length);
        MemorySegment.copy(bytes, 0, NativeMemory.ALL, ValueLayout.JAVA_BYTE, block, bytes.length);
        return block;
    }

    /// A wrapper function that returns these 16 bytes, whatever its arguments.
    private static byte[] returning(long first, long size) {
        return ByteBuffer.allocate(21)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0x48) // mov rax, first
                .put((byte) 0xb8)
                .putLong(first)
                .put((byte) 0x48) // mov rdx, size
                .put((byte) 0xba)
                .putLong(size)
                .put((byte) 0xc3) // ret
                .array();
    }
}
