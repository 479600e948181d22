// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WrapperFunctionTest {

    private record Call(MemorySegment args, long offset, long length, WrapperReturn reply) {}

    private static final WrapperReturn NOWHERE = new WrapperReturn() {
        @Override
        public void result(MemorySegment bytes, long offset, long length) {}

        @Override
        public void outOfBandError(String text) {}
    };

    @Test
    @Tag("WF-1")
    void a_function_is_dispatched_unless_it_says_otherwise() {
        WrapperFunction function = (args, offset, length, reply) -> {};
        assertThat(function.execution()).isEqualTo(Execution.DISPATCHED);
    }

    @ParameterizedTest
    @EnumSource(Execution.class)
    void a_declared_function_runs_where_it_was_declared_to_and_is_otherwise_the_same(Execution execution) {
        List<Call> calls = new ArrayList<>();
        WrapperFunction declared = WrapperFunction.on(
                execution, (args, offset, length, reply) -> calls.add(new Call(args, offset, length, reply)));
        assertThat(declared.execution()).isEqualTo(execution);
        MemorySegment args = MemorySegment.ofArray(new byte[8]);
        declared.call(args, 3, 4, NOWHERE);
        assertThat(calls).containsExactly(new Call(args, 3, 4, NOWHERE));
    }

    @Test
    void the_last_declaration_holds() {
        WrapperFunction function = WrapperFunction.on(
                Execution.LEAF, WrapperFunction.on(Execution.OWN_THREAD, (args, offset, length, reply) -> {}));
        assertThat(function.execution()).isEqualTo(Execution.LEAF);
    }
}
