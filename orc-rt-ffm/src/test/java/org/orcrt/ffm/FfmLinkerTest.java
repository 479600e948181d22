// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;

/// Java functions have real addresses: everything here goes down through C's calling convention and up again.
class FfmLinkerTest {

    private final FfmLinker linker = new FfmLinker();

    private static final WrapperFunction ECHO = (args, offset, length, reply) -> reply.result(args, offset, length);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 64, 4096, 1 << 20})
    void bytes_come_back_in_place_or_from_the_heap(int size) {
        byte[] sent = new byte[size];
        for (int k = 0; k < size; k++) {
            sent[k] = (byte) (k * 31 + 1);
        }
        Answer answer = invoke(ECHO, sent);
        assertThat(answer.error).isNull();
        assertThat(answer.bytes).isEqualTo(sent);
    }

    @Test
    void an_out_of_band_error_keeps_its_text() {
        Answer answer =
                invoke((args, offset, length, reply) -> reply.outOfBandError("crushed by böulder"), new byte[3]);
        assertThat(answer.bytes).isNull();
        assertThat(answer.error).isEqualTo("crushed by böulder");
    }

    @Test
    void a_function_that_does_not_answer_in_time_is_an_error_and_a_late_answer_is_refused() {
        AtomicReference<WrapperReturn> kept = new AtomicReference<>();
        Answer answer = invoke((args, offset, length, reply) -> kept.set(reply), new byte[0]);
        assertThat(answer.error).contains("did not answer");
        assertThatThrownBy(() -> kept.get().result(MemorySegment.ofArray(new byte[1]), 0, 1))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Tag("WL-13")
    void one_function_has_one_address_until_its_last_unbind() {
        WrapperFunction function = (args, offset, length, reply) -> reply.result(args, offset, length);
        int before = StubPool.leasedStubs();
        ExecutorAddress first = linker.bind(function);
        assertThat(linker.bind(function)).isEqualTo(first);
        assertThat(linker.boundAt(first.value())).isSameAs(function);
        assertThat(StubPool.leasedStubs()).isEqualTo(before + 1);
        linker.unbind(function);
        assertThat(linker.boundAt(first.value())).isSameAs(function);
        linker.unbind(function);
        assertThat(linker.boundAt(first.value())).isNull();
        assertThat(StubPool.leasedStubs()).isEqualTo(before);
        assertThatThrownBy(() -> linker.unbind(function)).isInstanceOf(IllegalStateException.class);
        assertThat(call(first.value(), new byte[0]).error).contains("gone");
    }

    @Test
    void more_stubs_than_a_page_holds_each_reach_their_own_function() {
        List<WrapperFunction> functions = new ArrayList<>();
        List<ExecutorAddress> addresses = new ArrayList<>();
        for (int k = 0; k < 600; k++) {
            byte[] number = Integer.toString(k).getBytes(StandardCharsets.UTF_8);
            functions.add(
                    (args, offset, length, reply) -> reply.result(MemorySegment.ofArray(number), 0, number.length));
            addresses.add(linker.bind(functions.get(k)));
        }
        assertThat(addresses).doesNotHaveDuplicates();
        for (int k = 0; k < 600; k++) {
            assertThat(new String(call(addresses.get(k).value(), new byte[0]).bytes, StandardCharsets.UTF_8))
                    .isEqualTo(Integer.toString(k));
        }
        functions.forEach(linker::unbind);
    }

    @Test
    void an_address_that_is_no_stub_is_nobodys() {
        long address = linker.bind(ECHO).value();
        for (long other : new long[] {0, 1, -1, address + 1, address - 1, address + (1 << 20), Long.MIN_VALUE}) {
            assertThat(linker.boundAt(other)).as("0x%x", other).isNull();
        }
        linker.unbind(ECHO);
    }

    @Test
    @Tag("WL-14")
    void a_stub_can_be_called_from_a_thread_that_java_did_not_make() {
        AtomicReference<Thread> seen = new AtomicReference<>();
        Upcall startRoutine = (a, b, c, d, result) -> {
            seen.set(Thread.currentThread());
            NativeMemory.putLong(result, a + 1);
        };
        long stub = StubPool.lease(startRoutine);
        long block = NativeMemory.malloc(16);
        long create = NativeFunctions.requiredSymbol("pthread_create");
        long join = NativeFunctions.requiredSymbol("pthread_join");
        assertThat((int) NativeFunctions.call(create, block, 0, stub, 41, 0, 0)).isZero();
        assertThat((int) NativeFunctions.call(join, NativeMemory.getLong(block), block + 8))
                .isZero();
        assertThat(NativeMemory.getLong(block + 8)).isEqualTo(42);
        assertThat(seen.get()).isNotSameAs(Thread.currentThread());
        NativeMemory.free(block);
        StubPool.release(stub);
    }

    @Test
    void a_call_within_the_delivery_of_a_result_leaves_that_result_alone() {
        long address = linker.bind(ECHO).value();
        try (Arena arena = Arena.ofConfined()) {
            for (int call = 0; call < 3; call++) { // a thread's first call differs from its later ones
                List<Long> heard = new ArrayList<>();
                echoAndNest(address, arena.allocateFrom(ValueLayout.JAVA_LONG, 1, 2, 3), 0, heard);
                assertThat(heard).containsExactly(3L, 2L, 1L);
            }
        } finally {
            linker.unbind(ECHO);
        }
    }

    /// Calls with the number at `index`, and with the next one before it reads what came back.
    private void echoAndNest(long address, MemorySegment numbers, int index, List<Long> heard) {
        WrapperReturn reply = new Answer() {
            @Override
            public void result(MemorySegment from, long offset, long length) {
                if (index + 1 < numbers.byteSize() / Long.BYTES) {
                    echoAndNest(address, numbers, index + 1, heard);
                }
                heard.add(from.get(ValueLayout.JAVA_LONG_UNALIGNED, offset));
            }
        };
        linker.invoke(address, numbers, (long) index * Long.BYTES, Long.BYTES, reply);
    }

    private Answer invoke(WrapperFunction function, byte[] args) {
        ExecutorAddress address = linker.bind(function);
        try {
            return call(address.value(), args);
        } finally {
            linker.unbind(function);
        }
    }

    private Answer call(long address, byte[] args) {
        Answer answer = new Answer();
        linker.invoke(address, MemorySegment.ofArray(args), 0, args.length, answer);
        return answer;
    }

    private static class Answer implements WrapperReturn {
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
