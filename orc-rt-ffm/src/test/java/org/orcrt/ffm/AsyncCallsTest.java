// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.spi.CallingConvention;
import org.orcrt.spi.NativeCall;
import org.orcrt.testing.Bounded;

/// The asynchronous form of wrapper functions, from Java down to C's calling convention and up again. Run a second time
/// without our machine code.
class AsyncCallsTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final ExecutorAddress SESSION = new ExecutorAddress(0x7ff3_1234_0000_0000L);

    private final FfmLinker linker = new FfmLinker();
    private final List<WrapperFunction> bound = new ArrayList<>();

    @AfterEach
    void unbind_and_nothing_waits() {
        bound.forEach(function -> linker.unbind(function, CallingConvention.ASYNC));
        assertThat(AsyncReturns.waiting()).isZero();
    }

    private long bind(WrapperFunction function) {
        bound.add(function);
        return linker.bind(function, CallingConvention.ASYNC).value();
    }

    /// Takes the answer, from any thread.
    private static final class Answer implements WrapperReturn {

        final CompletableFuture<ByteBuffer> bytes = new CompletableFuture<>();
        final CompletableFuture<String> error = new CompletableFuture<>();

        @Override
        public void result(MemorySegment from, long offset, long length) {
            bytes.complete(ByteBuffer.wrap(from.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE)));
        }

        @Override
        public void outOfBandError(String text) {
            error.complete(text);
        }
    }

    private NativeCall prepared(long address, byte[] args) {
        return linker.prepare(address, CallingConvention.ASYNC, SESSION, MemorySegment.ofArray(args), 0, args.length);
    }

    private Answer call(long address, byte[] args) {
        Answer answer = new Answer();
        prepared(address, args).invoke(answer);
        return answer;
    }

    private static byte[] pattern(int size) {
        byte[] bytes = new byte[size];
        for (int k = 0; k < size; k++) {
            bytes[k] = (byte) (k * 31 + 1);
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 4095, 4096, 4097, 1 << 20})
    void bytes_come_back_in_place_or_from_the_heap(int size) {
        long echo = bind((args, offset, length, reply) -> reply.result(args, offset, length));
        Answer answer = call(echo, pattern(size));
        assertThat(answer.bytes).isCompletedWithValue(ByteBuffer.wrap(pattern(size)));
        assertThat(answer.error).isNotDone();
    }

    @Test
    void an_answer_may_come_later_and_from_another_thread() {
        AtomicReference<WrapperReturn> kept = new AtomicReference<>();
        long function = bind((args, offset, length, reply) -> kept.set(reply));
        Answer answer = call(function, pattern(100));
        assertThat(answer.bytes).isNotDone();
        assertThat(AsyncReturns.waiting()).isOne();
        Thread other = Thread.ofPlatform().start(() -> kept.get().result(MemorySegment.ofArray(pattern(64)), 0, 64));
        assertThat(answer.bytes).succeedsWithin(LONG).isEqualTo(ByteBuffer.wrap(pattern(64)));
        Bounded.until("the thread ends", () -> !other.isAlive());
        assertThatIllegalStateException().isThrownBy(() -> kept.get().outOfBandError("again"));
    }

    @Test
    void an_out_of_band_error_keeps_its_text_and_one_in_the_place_of_arguments_is_the_answer() {
        AtomicReference<Boolean> ran = new AtomicReference<>(false);
        long function = bind((args, offset, length, reply) -> {
            ran.set(true);
            reply.outOfBandError("crushed by böulder");
        });
        assertThat(call(function, pattern(9)).error).isCompletedWithValue("crushed by böulder");
        assertThat(ran).hasValue(true);

        ran.set(false);
        Answer passed = new Answer();
        long callId = AsyncReturns.await(SESSION.value(), passed);
        long text = NativeMemory.mallocCString("no arguments today");
        NativeFunctions.call(function, SESSION.value(), text, 0, AsyncReturns.function(), callId, 0);
        assertThat(passed.error).isCompletedWithValue("no arguments today");
        assertThat(ran).hasValue(false);
    }

    @Test
    void whatever_the_function_throws_is_the_answer_unless_it_gave_one() {
        long throwing = bind((args, offset, length, reply) -> AsyncCallsTest.<RuntimeException>sneak());
        assertThat(call(throwing, pattern(9)).error)
                .isCompletedWithValue("the function threw java.io.IOException: planted");
        long both = bind((args, offset, length, reply) -> {
            reply.result(args, offset, length);
            AsyncCallsTest.<RuntimeException>sneak();
        });
        Answer answer = call(both, pattern(3));
        assertThat(answer.bytes).isCompletedWithValue(ByteBuffer.wrap(pattern(3)));
        assertThat(answer.error).isNotDone();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak() throws T {
        throw (T) new IOException("planted");
    }

    @Test
    void an_answer_that_cannot_be_read_is_none() {
        MemorySegment gone;
        try (Arena arena = Arena.ofConfined()) {
            gone = arena.allocate(100);
        }
        for (long length : new long[] {8, 100}) {
            long function = bind((args, offset, size, reply) -> {
                assertThatIllegalStateException().isThrownBy(() -> reply.result(gone, 0, length));
                reply.outOfBandError("mended");
            });
            assertThat(call(function, pattern(1)).error).isCompletedWithValue("mended");
        }
    }

    @Test
    void one_function_has_one_address_in_each_form() {
        WrapperFunction function = (args, offset, length, reply) -> reply.result(args, offset, length);
        long async = bind(function);
        long sync = linker.bind(function).value();
        assertThat(sync).isNotEqualTo(async);
        assertThat(linker.boundAt(async)).isSameAs(function).isSameAs(linker.boundAt(sync));
        assertThat(bind(function)).isEqualTo(async);
        linker.unbind(function);
        assertThat(linker.boundAt(async)).isSameAs(function);
        assertThatIllegalStateException().isThrownBy(() -> linker.unbind(function));
    }

    @Test
    void an_address_that_was_taken_back_answers_in_its_own_form_and_is_never_given_to_the_other() {
        WrapperFunction function = (args, offset, length, reply) -> reply.result(args, offset, length);
        long gone = linker.bind(function, CallingConvention.ASYNC).value();
        linker.unbind(function, CallingConvention.ASYNC);
        List<WrapperFunction> newcomers = new ArrayList<>();
        for (int k = 0; k < 600; k++) { // more than a page of stubs
            WrapperFunction newcomer = new Newcomer();
            newcomers.add(newcomer);
            assertThat(linker.bind(newcomer).value()).isNotEqualTo(gone);
        }
        assertThat(call(gone, pattern(100)).error).isCompletedWithValue("the function behind this address is gone");
        newcomers.forEach(linker::unbind);
    }

    private static final class Newcomer implements WrapperFunction {
        @Override
        public void call(MemorySegment args, long offset, long length, WrapperReturn reply) {
            reply.outOfBandError("a newcomer");
        }
    }

    @Test
    void a_second_return_and_one_of_no_call_are_counted_and_nobody_is_told() {
        long before = linker.strayReturns();
        Answer answer = new Answer();
        long callId = AsyncReturns.await(SESSION.value(), answer);
        giveBack(callId, pattern(5));
        giveBack(callId, pattern(100));
        giveBack(callId + 1, pattern(100));
        giveBack(AsyncReturns.FULL, pattern(0));
        ForeignReturn.error(SESSION.value(), AsyncReturns.function(), 0, "of no call");
        assertThat(answer.bytes).isCompletedWithValue(ByteBuffer.wrap(pattern(5)));
        assertThat(linker.strayReturns()).isEqualTo(before + 4);
    }

    private static void giveBack(long callId, byte[] bytes) {
        new ForeignReturn(SESSION.value(), AsyncReturns.function(), callId)
                .result(MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    @Test
    void what_a_receiver_throws_never_reaches_native_code() {
        long before = linker.strayReturns();
        AtomicReference<String> told = new AtomicReference<>();
        WrapperReturn full = new WrapperReturn() {
            @Override
            public void result(MemorySegment bytes, long offset, long length) {
                throw new IllegalArgumentException("does not fit");
            }

            @Override
            public void outOfBandError(String text) {
                told.set(text);
                if (text.endsWith("gone")) {
                    throw new IllegalStateException("answered already");
                }
            }
        };
        giveBack(AsyncReturns.await(1, full), pattern(100));
        assertThat(told.get()).contains("was not taken", "does not fit");
        assertThat(linker.strayReturns()).isEqualTo(before);
        ForeignReturn.error(1, AsyncReturns.function(), AsyncReturns.await(1, full), "gone");
        assertThat(linker.strayReturns()).as("was told neither").isEqualTo(before);
        giveBack(AsyncReturns.await(1, new Refusing()), pattern(100));
        assertThat(linker.strayReturns()).isEqualTo(before + 1);
    }

    private static final class Refusing implements WrapperReturn {
        @Override
        public void result(MemorySegment bytes, long offset, long length) {
            throw new IllegalStateException("answered already");
        }

        @Override
        public void outOfBandError(String text) {
            throw new IllegalStateException("answered already");
        }
    }

    @Test
    void a_session_that_ends_takes_its_calls_out_and_no_others() {
        long before = linker.strayReturns();
        Answer other = new Answer();
        long othersId = AsyncReturns.await(7, other);
        List<WrapperReturn> kept = new ArrayList<>();
        long function = bind((args, offset, length, reply) -> kept.add(reply));
        Answer one = call(function, pattern(9));
        Answer two = call(function, pattern(9));
        linker.forget(SESSION);
        assertThat(AsyncReturns.waiting()).isOne();
        kept.forEach(reply -> reply.result(MemorySegment.ofArray(pattern(20)), 0, 20));
        assertThat(one.bytes).isNotDone();
        assertThat(two.bytes).isNotDone();
        assertThat(linker.strayReturns()).isEqualTo(before + 2);
        giveBack(othersId, pattern(1));
        assertThat(other.bytes).isCompletedWithValue(ByteBuffer.wrap(pattern(1)));
    }

    @Test
    void one_call_too_many_is_refused_and_room_comes_back() {
        long function = bind((args, offset, length, reply) -> {});
        for (int k = 0; k < AsyncReturns.MAX_WAITING; k++) {
            AsyncReturns.await(SESSION.value(), new Answer());
        }
        assertThat(call(function, pattern(100)).error)
                .succeedsWithin(LONG)
                .asString()
                .startsWith("overloaded: 65536 ");
        linker.forget(SESSION);
        Answer answer = call(function, pattern(100));
        assertThat(answer.error).isNotDone();
        linker.forget(SESSION);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 100})
    void a_call_is_made_or_discarded_once_in_either_form(int size) {
        WrapperFunction echo = (args, offset, length, reply) -> reply.result(args, offset, length);
        long async = bind(echo);
        long sync = linker.bind(echo).value();
        for (CallingConvention convention : CallingConvention.values()) {
            long address = convention == CallingConvention.SYNC ? sync : async;
            MemorySegment args = MemorySegment.ofArray(pattern(size));
            NativeCall call = linker.prepare(address, convention, SESSION, args, 0, size);
            assertThat(call.args().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(pattern(size));
            Answer answer = new Answer();
            call.invoke(answer);
            assertThat(answer.bytes).isCompletedWithValue(ByteBuffer.wrap(pattern(size)));
            call.discard();
            assertThatThrownBy(() -> call.invoke(answer)).isInstanceOf(IllegalStateException.class);

            NativeCall given = linker.prepare(address, convention, SESSION, args, 0, size);
            given.discard();
            given.discard();
            assertThatThrownBy(() -> given.invoke(answer)).isInstanceOf(IllegalStateException.class);
        }
        linker.unbind(echo);
    }
}
