// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;

/// Functions that fail while native code waits for them: whatever leaves an upcall ends the JVM, so nothing does. Run a
/// second time without our machine code.
@Tag("J3")
class UpcallFailureTest {

    private static final int ROUNDS = 1000;

    private final FfmLinker linker = new FfmLinker();

    /// What a function may throw.
    enum Thrown {
        EXCEPTION(new IllegalStateException("planted")),
        CHECKED_EXCEPTION(new IOException("planted")),
        ERROR(new AssertionError("planted")),
        THREAD_DEATH(new ThreadDeathLike("planted")),
        STACK_OVERFLOW(null) {
            @Override
            void happen() {
                recurse(1);
            }
        },
        OUT_OF_MEMORY(null) {
            @Override
            void happen() {
                keep(new long[Integer.MAX_VALUE]);
            }
        };

        private final @Nullable Throwable planted;

        Thrown(@Nullable Throwable planted) {
            this.planted = planted;
        }

        void happen() {
            if (planted != null) {
                UpcallFailureTest.<RuntimeException>sneak(planted);
            }
        }

        String text() {
            return planted == null ? "the function threw java.lang." : "the function threw " + planted;
        }
    }

    /// Neither an exception nor an error, as what ends a thread once was.
    static final class ThreadDeathLike extends Throwable {
        private static final long serialVersionUID = 1;

        ThreadDeathLike(String text) {
            super(text);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatever_a_function_throws_is_an_error_of_its_call_and_the_process_lives(Thrown thrown) {
        WrapperFunction function = (args, offset, length, reply) -> thrown.happen();
        ExecutorAddress address = linker.bind(function);
        // a stack overflow is slow, the others are not
        int rounds = thrown == Thrown.STACK_OVERFLOW ? 20 : ROUNDS;
        for (int k = 0; k < rounds; k++) {
            Answer answer = call(address.value());
            assertThat(answer.bytes).isNull();
            assertThat(answer.error).startsWith(thrown.text());
        }
        linker.unbind(function);
    }

    @Test
    void a_stack_that_runs_out_names_itself_and_so_does_memory() {
        assertThat(errorOf((args, offset, length, reply) -> recurse(1))).contains("StackOverflowError");
        assertThat(errorOf((args, offset, length, reply) -> Thrown.OUT_OF_MEMORY.happen()))
                .contains("OutOfMemoryError");
    }

    @ParameterizedTest
    @EnumSource
    void a_function_that_threw_cannot_answer_any_more(Thrown thrown) {
        AtomicReference<WrapperReturn> kept = new AtomicReference<>();
        errorOf((args, offset, length, reply) -> {
            kept.set(reply);
            thrown.happen();
        });
        // the native caller's stack is gone, and with it the place of the result
        assertThatIllegalStateException().isThrownBy(() -> kept.get().result(MemorySegment.ofArray(new byte[8]), 0, 8));
        assertThatIllegalStateException().isThrownBy(() -> kept.get().outOfBandError("late"));
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_before_the_failure_stays(Thrown thrown) {
        byte[] sent = new byte[100];
        sent[99] = 42;
        Answer answer = callOnce((args, offset, length, reply) -> {
            reply.result(MemorySegment.ofArray(sent), 0, sent.length);
            thrown.happen();
        });
        assertThat(answer.error).isNull();
        assertThat(answer.bytes).isEqualTo(sent);
    }

    @Test
    void an_answer_that_cannot_be_read_is_none_and_the_error_says_why() {
        MemorySegment gone;
        try (Arena arena = Arena.ofConfined()) {
            gone = arena.allocate(100);
        }
        assertThat(errorOf((args, offset, length, reply) -> reply.result(gone, 0, 100)))
                .contains("IllegalStateException: Already closed");
        for (long length : new long[] {1, 8, 9, 1 << 20, -1, Long.MAX_VALUE}) {
            assertThat(errorOf((args, offset, size, reply) -> reply.result(MemorySegment.NULL, 0, length)))
                    .as("%d bytes", length)
                    .startsWith("the function threw ");
        }
        Answer second = callOnce((args, offset, length, reply) -> {
            try {
                reply.result(gone, 0, 100);
            } catch (IllegalStateException unreadable) {
                reply.outOfBandError("mended");
            }
        });
        assertThat(second.error).isEqualTo("mended");
    }

    @ParameterizedTest
    @EnumSource
    void a_thread_that_java_did_not_make_gets_the_error_too(Thrown thrown) {
        long stub = StubPool.lease((a, b, c, d, result) -> thrown.happen());
        long block = NativeMemory.malloc(16);
        long create = NativeFunctions.requiredSymbol("pthread_create");
        long join = NativeFunctions.requiredSymbol("pthread_join");
        assertThat((int) NativeFunctions.call(create, block, 0, stub, 0, 0, 0)).isZero();
        assertThat((int) NativeFunctions.call(join, NativeMemory.getLong(block), block + 8))
                .isZero();
        long text = NativeMemory.getLong(block + 8);
        assertThat(NativeMemory.cString(text)).startsWith(thrown.text());
        NativeMemory.free(text);
        NativeMemory.free(block);
        StubPool.release(stub);
    }

    @Test
    void a_failure_that_cannot_even_be_told_is_told_by_its_name() {
        assertThat(errorOf((args, offset, length, reply) -> {
                    throw new Untold();
                }))
                .isEqualTo("the function threw " + Untold.class.getName());
    }

    /// Throws once more when it is asked for its text.
    static final class Untold extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String toString() {
            throw new IllegalStateException("planted twice");
        }
    }

    private @Nullable String errorOf(WrapperFunction function) {
        Answer answer = callOnce(function);
        assertThat(answer.bytes).isNull();
        return answer.error;
    }

    private Answer callOnce(WrapperFunction function) {
        ExecutorAddress address = linker.bind(function);
        try {
            return call(address.value());
        } finally {
            linker.unbind(function);
        }
    }

    /// Down through C's calling convention, and up again through the stub.
    private Answer call(long address) {
        Answer answer = new Answer();
        linker.invoke(address, MemorySegment.ofArray(new byte[3]), 0, 3, answer);
        return answer;
    }

    private static int recurse(int depth) {
        return recurse(depth + 1) + depth;
    }

    private static void keep(long[] memory) {
        throw new IllegalStateException("the JVM has an array of " + memory.length);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

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
    }
}
