// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.SessionException;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.testing.Bounded;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JavaOnlyLinkerTest {

    private final JavaOnlyLinker linker = new JavaOnlyLinker();

    private static WrapperFunction function() {
        return WrapperFunction.on(Execution.LEAF, (args, offset, length, reply) -> reply.result(args, offset, length));
    }

    @Test
    void it_says_what_it_is_and_is_always_there() {
        assertThat(linker.name()).isEqualTo("java-only");
        assertThat(linker.unavailable()).isEmpty();
    }

    @Test
    void a_function_is_found_at_its_address_and_nowhere_else() {
        WrapperFunction function = function();
        ExecutorAddress address = linker.bind(function);
        assertThat(linker.boundAt(address.value())).isSameAs(function);
        assertThat(linker.boundAt(address.value() + 1)).isNull();
        assertThat(linker.boundAt(0)).isNull();
        assertThat(linker.boundAt(-1)).isNull();
    }

    @Test
    void functions_have_addresses_of_their_own_by_identity() {
        WrapperFunction shared = (args, offset, length, reply) -> {};
        ExecutorAddress one = linker.bind(WrapperFunction.on(Execution.LEAF, shared));
        ExecutorAddress two = linker.bind(WrapperFunction.on(Execution.LEAF, shared));
        assertThat(one).isNotEqualTo(two);
        assertThat(one.isNull()).isFalse();
    }

    @Test
    void no_address_is_one_that_code_may_have() {
        // user space ends below 2^47 on x86-64 and below 2^52 on AArch64; the kernel's half begins with a set sign bit
        assertThat(linker.bind(function()).value()).isGreaterThan(1L << 52);
    }

    @Test
    void a_function_bound_twice_has_one_address_until_its_last_unbind() {
        WrapperFunction function = function();
        ExecutorAddress address = linker.bind(function);
        assertThat(linker.bind(function)).isEqualTo(address);
        linker.unbind(function);
        assertThat(linker.boundAt(address.value())).isSameAs(function);
        linker.unbind(function);
        assertThat(linker.boundAt(address.value())).isNull();
        assertThatIllegalStateException()
                .isThrownBy(() -> linker.unbind(function))
                .withMessageContaining("not bound");
    }

    @Test
    void unbinding_one_function_leaves_the_others() {
        WrapperFunction stays = function();
        WrapperFunction goes = function();
        ExecutorAddress address = linker.bind(stays);
        linker.bind(goes);
        linker.unbind(goes);
        assertThat(linker.boundAt(address.value())).isSameAs(stays);
    }

    @Test
    @Tag("WL-5")
    void native_code_cannot_be_called_and_the_error_names_the_missing_module() {
        List<String> answers = new ArrayList<>();
        linker.invoke(0x1234, MemorySegment.NULL, 0, 0, new WrapperReturn() {
            @Override
            public void result(MemorySegment bytes, long offset, long length) {
                answers.add("a result");
            }

            @Override
            public void outOfBandError(String text) {
                answers.add(text);
            }
        });
        assertThat(answers)
                .containsExactly("cannot call native code at 0x1234: module org.orcrt.ffm is not on the module path");
    }

    @Test
    @Tag("WL-5")
    void no_function_gets_an_address_for_c_code_and_the_error_names_the_missing_module() {
        assertThatExceptionOfType(SessionException.class)
                .isThrownBy(() -> linker.bindC(
                        MethodHandles.identity(int.class),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                        failure -> {}))
                .withMessage("cannot give a Java function of the type (int)int an address for C code: module "
                        + "org.orcrt.ffm is not on the module path; add its jar")
                .satisfies(e -> assertThat(e.typeId()).isEqualTo(SessionException.PLUGIN));
        assertThatIllegalStateException().isThrownBy(() -> linker.unbindC(new ExecutorAddress(1)));
    }

    @Test
    void threads_that_bind_at_once_share_no_address() throws Exception {
        Set<ExecutorAddress> addresses = ConcurrentHashMap.newKeySet();
        Bounded.together(4, k -> () -> {
            for (int n = 0; n < 1000; n++) {
                WrapperFunction function = function();
                ExecutorAddress address = linker.bind(function);
                addresses.add(address);
                assertThat(linker.boundAt(address.value())).isSameAs(function);
            }
            return k;
        });
        assertThat(addresses).hasSize(4000);
    }
}
