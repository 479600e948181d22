// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.spi.WrapperFunctionLinker;
import org.orcrt.tck.Patience.Running;

/// What every linker promises: `docs/spec/wrapper-function-linker.md`. One that calls native code extends
/// [NativeLinkerContract] instead.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class WrapperFunctionLinkerContract {

    /// For subclasses.
    protected WrapperFunctionLinkerContract() {}

    /// The linker.
    ///
    /// @return always one whose addresses mean the same
    protected abstract WrapperFunctionLinker linker();

    /// A function of its own, by identity.
    static WrapperFunction function() {
        return new WrapperFunction() {
            @Override
            public void call(MemorySegment args, long offset, long length, WrapperReturn reply) {
                reply.result(args, offset, length);
            }
        };
    }

    @Test
    @Tag("WL-1")
    void a_function_has_one_address_until_its_last_unbind() {
        WrapperFunction function = function();
        ExecutorAddress address = linker().bind(function);
        assertFalse(address.isNull(), "null is nobody's");
        assertEquals(address, linker().bind(function));
        linker().unbind(function);
        assertSame(function, linker().boundAt(address.value()));
        linker().unbind(function);
        assertNull(linker().boundAt(address.value()));
    }

    @Test
    @Tag("WL-2")
    void functions_are_told_apart_by_identity_and_found_only_at_their_address() {
        List<WrapperFunction> functions = new ArrayList<>();
        List<ExecutorAddress> addresses = new ArrayList<>();
        for (int k = 0; k < 200; k++) {
            functions.add(function());
            addresses.add(linker().bind(functions.getLast()));
        }
        assertEquals(200, Set.copyOf(addresses).size(), "addresses");
        for (int k = 0; k < 200; k++) {
            assertSame(functions.get(k), linker().boundAt(addresses.get(k).value()));
        }
        for (long nobody : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertNull(linker().boundAt(nobody), "0x%x".formatted(nobody));
        }
        functions.forEach(linker()::unbind);
        addresses.forEach(address -> assertNull(linker().boundAt(address.value())));
    }

    @Test
    @Tag("WL-3")
    void what_is_not_bound_cannot_be_unbound() {
        WrapperFunction function = function();
        assertThrows(IllegalStateException.class, () -> linker().unbind(function));
        linker().bind(function);
        linker().unbind(function);
        assertThrows(IllegalStateException.class, () -> linker().unbind(function));
    }

    @Test
    @Tag("WL-4")
    void threads_that_bind_at_once_share_no_address() throws Exception {
        Set<Long> addresses = ConcurrentHashMap.newKeySet();
        List<Running<Boolean>> all = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            all.add(Patience.start(() -> {
                List<WrapperFunction> mine = new ArrayList<>();
                for (int k = 0; k < 100; k++) {
                    mine.add(function());
                    long address = linker().bind(mine.getLast()).value();
                    assertTrue(addresses.add(address), "shared");
                    assertSame(mine.getLast(), linker().boundAt(address));
                }
                return mine.size() == 100;
            }));
        }
        for (Running<Boolean> one : all) {
            assertTrue(one.get());
        }
        for (long address : addresses) {
            linker().unbind(assertBound(address));
        }
    }

    private WrapperFunction assertBound(long address) {
        WrapperFunction function = linker().boundAt(address);
        if (function == null) {
            throw new AssertionError("nobody at 0x%x".formatted(address));
        }
        return function;
    }

    @Test
    @Tag("WL-6")
    void the_name_is_one_word_and_who_cannot_work_here_says_why() {
        Names.check(linker().name(), linker().name());
        Names.checkReason(linker().unavailable());
    }

    @Test
    @Tag("WL-10")
    void an_address_for_c_that_is_not_there_cannot_be_taken_back() {
        assertThrows(IllegalStateException.class, () -> linker().unbindC(new ExecutorAddress(1)));
    }
}
