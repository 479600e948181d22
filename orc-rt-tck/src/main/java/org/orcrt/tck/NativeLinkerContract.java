// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;

/// What a linker promises that calls native code, and that native code calls, besides what every linker does. The
/// tests go down through C's calling convention and up again.
public abstract class NativeLinkerContract extends WrapperFunctionLinkerContract {

    /// `int f(int)`.
    private static final MethodHandle IDENTITY = MethodHandles.identity(int.class);

    private static final FunctionDescriptor INT_TO_INT =
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);

    /// For subclasses.
    protected NativeLinkerContract() {}

    /// Calls an address through the linker.
    private Answer call(long address, byte[] args) {
        Answer answer = new Answer();
        linker().invoke(address, MemorySegment.ofArray(args), 0, args.length, answer);
        return answer;
    }

    /// Binds a function, calls it once, and unbinds it.
    private Answer answerOf(WrapperFunction function) {
        long address = linker().bind(function).value();
        try {
            return call(address, "args".getBytes(UTF_8));
        } finally {
            linker().unbind(function);
        }
    }

    @Test
    @Tag("WL-7")
    void bytes_of_every_length_go_down_and_come_back() {
        WrapperFunction echo = function();
        long address = linker().bind(echo).value();
        for (int size : new int[] {0, 1, 7, 8, 9, 64, 4096, 1 << 20}) {
            byte[] args = new byte[size];
            new Random(size).nextBytes(args);
            Answer answer = call(address, args);
            assertEquals(1, answer.count, "answers");
            assertArrayEquals(args, answer.bytes, size + " bytes");
        }
        linker().unbind(echo);
    }

    @Test
    @Tag("WL-7")
    void arguments_may_lie_anywhere_in_their_segment() {
        WrapperFunction echo = function();
        long address = linker().bind(echo).value();
        byte[] all = {9, 1, 2, 3, 9};
        Answer answer = new Answer();
        linker().invoke(address, MemorySegment.ofArray(all), 1, 3, answer);
        assertArrayEquals(new byte[] {1, 2, 3}, answer.bytes);
        linker().unbind(echo);
    }

    @Test
    @Tag("WL-8")
    void an_error_text_keeps_its_words() {
        Answer answer = answerOf((args, offset, length, reply) -> reply.outOfBandError("crushed by böulder"));
        assertEquals(1, answer.count, "answers");
        assertEquals("crushed by böulder", answer.error);
        assertNull(answer.bytes);
    }

    @Test
    @Tag("WL-9")
    void what_a_function_throws_is_an_error_of_its_call() {
        for (Throwable failure : new Throwable[] {new IllegalStateException("planted"), new StackOverflowError()}) {
            Answer answer =
                    answerOf((args, offset, length, reply) -> NativeLinkerContract.<RuntimeException>sneak(failure));
            assertEquals(1, answer.count, "answers");
            assertNull(answer.bytes);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }

    @Test
    @Tag("WL-10")
    void each_address_for_c_is_its_own_and_is_taken_back_once() {
        ExecutorAddress first = linker().bindC(IDENTITY, INT_TO_INT, failure -> {});
        ExecutorAddress second = linker().bindC(IDENTITY, INT_TO_INT, failure -> {});
        assertNotEquals(first, second);
        assertNull(linker().boundAt(first.value()), "it is no wrapper function");
        linker().unbindC(first);
        assertThrows(IllegalStateException.class, () -> linker().unbindC(first));
        linker().unbindC(second);
    }

    @Test
    @Tag("WL-11")
    void a_target_of_another_type_than_its_signature_is_refused() {
        MethodHandle other = MethodHandles.identity(long.class);
        assertThrows(IllegalArgumentException.class, () -> linker().bindC(other, INT_TO_INT, failure -> {}));
    }

    /// What a call was answered with.
    private static final class Answer implements WrapperReturn {

        int count;
        byte @Nullable [] bytes;

        @Nullable String error;

        @Override
        public void result(MemorySegment from, long offset, long length) {
            byte[] copy = new byte[(int) length];
            MemorySegment.copy(from, ValueLayout.JAVA_BYTE, offset, copy, 0, copy.length);
            bytes = copy;
            count++;
        }

        @Override
        public void outOfBandError(String text) {
            error = text;
            count++;
        }
    }
}
