// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.StubPool;
import org.orcrt.ffm.Upcall;
import org.orcrt.sps.SpsWriter;

/// The programs here are stubs, which are C functions.
class RunFunctionsTest {

    @Test
    void main_gets_its_words_and_a_null_pointer_behind_them() {
        List<String> seen = new ArrayList<>();
        long result = runMain(
                (argc, argv, c, d, out) -> {
                    for (int k = 0; k < (int) argc; k++) {
                        seen.add(NativeMemory.cString(NativeMemory.getLong(argv + 8L * k)));
                    }
                    assertThat(NativeMemory.getLong(argv + 8L * (int) argc)).isZero();
                    NativeMemory.putLong(out, 42);
                },
                "program",
                "",
                "two words");
        assertThat(result).isEqualTo(42);
        assertThat(seen).containsExactly("program", "", "two words");
    }

    @Test
    void without_words_argc_is_0_and_argv_0_is_null() {
        long result = runMain((argc, argv, c, d, out) -> {
            assertThat((int) argc).isZero();
            assertThat(NativeMemory.getLong(argv)).isZero();
            NativeMemory.putLong(out, 7);
        });
        assertThat(result).isEqualTo(7);
    }

    @Test
    void an_int_is_the_low_half_of_a_register_and_keeps_its_sign() {
        assertThat(runMain((argc, argv, c, d, out) -> NativeMemory.putLong(out, 0x1234_5678_ffff_fffeL)))
                .isEqualTo(-2);
        long stub = StubPool.lease((x, b, c, d, out) -> NativeMemory.putLong(out, -(int) x));
        assertThat(Calls.call(
                                RunFunctions.INT_FUNCTION,
                                new SpsWriter().u64(stub).i32(-5))
                        .read()
                        .readI32())
                .isEqualTo(5);
        assertThat(Calls.call(RunFunctions.VOID_FUNCTION, new SpsWriter().u64(stub))
                        .read()
                        .readI32())
                .isZero();
        StubPool.release(stub);
    }

    @Test
    void a_function_without_arguments_runs_once() {
        List<Thread> ran = new ArrayList<>();
        long stub = StubPool.lease((a, b, c, d, out) -> ran.add(Thread.currentThread()));
        Calls.call(RunFunctions.VOID_FUNCTION, new SpsWriter().u64(stub)).read();
        StubPool.release(stub);
        assertThat(ran).containsExactly(Thread.currentThread());
    }

    @Test
    void the_null_address_is_not_run() {
        assertThatThrownBy(() -> Calls.call(RunFunctions.VOID_FUNCTION, new SpsWriter().u64(0)))
                .hasMessageContaining("null address");
    }

    @Test
    void a_count_of_words_that_cannot_be_there_is_refused() {
        Calls.Answer answer =
                Calls.call(RunFunctions.MAIN, new SpsWriter().u64(1).u64(1L << 40));
        assertThat(answer.error).contains("malformed SPS");
    }

    private static long runMain(Upcall program, String... words) {
        long stub = StubPool.lease(program);
        SpsWriter args = new SpsWriter().u64(stub).count(words.length);
        for (String word : words) {
            args.name(word);
        }
        try {
            return Calls.call(RunFunctions.MAIN, args).read().readU64();
        } finally {
            StubPool.release(stub);
        }
    }
}
