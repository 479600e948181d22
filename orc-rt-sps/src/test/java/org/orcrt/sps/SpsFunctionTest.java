// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.orcrt.api.Execution;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;

class SpsFunctionTest {

    /// What somebody who calls hears.
    private static final class Answer implements WrapperReturn {
        byte @Nullable [] bytes;

        @Nullable String error;

        @Override
        public void result(MemorySegment from, long offset, long length) {
            bytes = from.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
        }

        @Override
        public void outOfBandError(String text) {
            error = text;
        }

        SpsReader read() {
            assertThat(error).isNull();
            return SpsReader.of(bytes);
        }
    }

    /// Something with a state, whose method is published.
    private record Adder(int start) {

        void add(SpsReader args, SpsWriter result) {
            result.i32(start + args.readI32() + args.readI32());
        }

        static void addTwo(SpsReader args, SpsWriter result) {
            new Adder(0).add(args, result);
        }
    }

    private static Answer call(SpsFunction.Body body, SpsWriter args) {
        return call(SpsFunction.of(Execution.LEAF, body), args.segment(), args.length());
    }

    private static Answer call(WrapperFunction function, MemorySegment args, long length) {
        Answer answer = new Answer();
        function.call(args, 0, length, answer);
        return answer;
    }

    @Test
    void a_function_without_arguments_and_result_answers_with_no_bytes() {
        List<String> ran = new ArrayList<>();
        Answer answer = call((args, result) -> ran.add("ran"), new SpsWriter());
        assertThat(ran).containsExactly("ran");
        assertThat(answer.bytes).isEmpty();
        assertThat(answer.error).isNull();
    }

    @Test
    void a_lambda_a_static_method_and_a_method_of_an_object_are_called_alike() {
        List<SpsFunction.Body> sums = List.of(
                (args, result) -> result.i32(args.readI32() + args.readI32()), Adder::addTwo, new Adder(0)::add);
        for (SpsFunction.Body sum : sums) {
            SpsReader result = call(sum, new SpsWriter().i32(41).i32(1)).read();
            assertThat(result.readI32()).isEqualTo(42);
            result.end();
        }
        assertThat(call(new Adder(100)::add, new SpsWriter().i32(41).i32(1))
                        .read()
                        .readI32())
                .as("of this object")
                .isEqualTo(142);
    }

    @Test
    void arguments_are_read_in_place() {
        MemorySegment bytes =
                MemorySegment.ofArray(new SpsWriter().name("hello").toByteArray());
        AtomicReference<MemorySegment> seen = new AtomicReference<>();
        Answer answer = call(
                SpsFunction.of(Execution.LEAF, (args, result) -> {
                    seen.set(args.segment());
                    long length = args.skipBytes();
                    result.bytes(args.segment(), args.position() - length, length);
                }),
                bytes,
                bytes.byteSize());
        assertThat(seen.get()).isSameAs(bytes);
        assertThat(answer.read().readName()).isEqualTo("hello");
    }

    @Test
    void an_error_of_the_body_is_its_result_and_not_an_error_of_the_call() {
        SpsFunction.Body shelter = (args, result) -> {
            if (args.readBool()) {
                result.success();
            } else {
                result.error("crushed by boulder");
            }
        };
        assertThat(call(shelter, new SpsWriter().bool(true)).read().readError()).isNull();
        assertThat(call(shelter, new SpsWriter().bool(false)).read().readError())
                .isEqualTo("crushed by boulder");

        SpsFunction.Body halve = (args, result) -> {
            int number = args.readI32();
            if (number % 2 == 0) {
                result.expected().i32(number / 2);
            } else {
                result.unexpected(number + " is odd");
            }
        };
        SpsReader half = call(halve, new SpsWriter().i32(2)).read();
        assertThat(half.readBool()).isTrue();
        assertThat(half.readI32()).isOne();
        SpsReader odd = call(halve, new SpsWriter().i32(3)).read();
        assertThat(odd.readBool()).isFalse();
        assertThat(odd.readText()).isEqualTo("3 is odd");
    }

    @Test
    void arguments_that_cannot_be_read_are_an_error_of_the_call_and_a_half_written_result_is_dropped() {
        Answer answer = call(
                (args, result) -> {
                    result.i32(1);
                    args.readI32();
                },
                new SpsWriter().u8(0));
        assertThat(answer.bytes).isNull();
        assertThat(answer.error).startsWith("cannot read the arguments: malformed SPS at byte 0");
        assertThat(call((args, result) -> result.u8(7), new SpsWriter()).bytes)
                .as("nothing of it is in the next answer")
                .containsExactly(7);
    }

    @Test
    void a_function_that_calls_another_on_its_thread_keeps_its_own_arguments_and_result() {
        SpsFunction.Body inner = (args, result) -> result.i32(args.readI32() + 1);
        SpsFunction.Body outer = (args, result) -> {
            result.i32(args.readI32());
            result.i32(call(inner, new SpsWriter().i32(10)).read().readI32());
            result.i32(args.readI32());
        };
        SpsReader result = call(outer, new SpsWriter().i32(1).i32(2)).read();
        assertThat(result.readI32()).isEqualTo(1);
        assertThat(result.readI32()).isEqualTo(11);
        assertThat(result.readI32()).isEqualTo(2);
        result.end();
    }

    @Test
    void what_else_the_body_throws_is_the_callers() {
        assertThatIllegalStateException()
                .isThrownBy(() -> call(
                        (args, result) -> {
                            throw new IllegalStateException("planted");
                        },
                        new SpsWriter()))
                .withMessage("planted");
    }

    @Test
    void whatever_the_codec_of_a_result_throws_the_caller_of_a_staged_function_gets_an_answer() {
        for (Throwable thrown : List.of(
                new IllegalStateException("planted"),
                new ClassCastException("planted"),
                new AssertionError("planted"))) {
            SpsCodec<String> broken = SpsCodec.of(
                    0,
                    (writer, value) -> {
                        throw SpsFunctionTest.<RuntimeException>sneaky(thrown);
                    },
                    SpsReader::readText);
            WrapperFunction function =
                    SpsFunction.staged(Execution.DISPATCHED, broken, args -> CompletableFuture.completedStage("value"));
            assertThat(call(function, MemorySegment.NULL, 0).error).contains("planted");
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T sneaky(Throwable any) throws T {
        throw (T) any;
    }
}
