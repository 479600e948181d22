// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.spi.CallingConvention;
import org.orcrt.spi.NativeCall;
import org.orcrt.spi.WrapperFunctionLinker;

/// The contract of linkers notices what it is for: each linker here breaks one rule.
class PlantedLinkersTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 6, 10})
    void the_linker_that_the_broken_ones_extend_keeps_the_rule(int rule) {
        Planted.passes(Sound.class, "WL-" + rule);
    }

    @Test
    void a_linker_that_gives_a_new_address_to_each_bind_is_caught() {
        Planted.isCaught(AlwaysNew.class, "WL-1");
    }

    @Test
    void a_linker_that_forgets_a_function_at_the_first_unbind_is_caught() {
        Planted.isCaught(ForgetsEarly.class, "WL-1");
    }

    @Test
    void a_linker_that_finds_something_everywhere_is_caught() {
        Planted.isCaught(FindsEverywhere.class, "WL-2");
    }

    @Test
    void a_linker_that_lets_anybody_unbind_is_caught() {
        Planted.isCaught(Careless.class, "WL-3");
    }

    /// A linker of numbers: right as far as the rules above go, with a place for each mistake.
    static class Small implements WrapperFunctionLinker {

        private final Map<Long, WrapperFunction> functions = new HashMap<>();
        private final Map<Long, Integer> binds = new HashMap<>();
        private final AtomicLong last = new AtomicLong(1 << 20);

        @Override
        public String name() {
            return "small";
        }

        @Override
        public synchronized ExecutorAddress bind(WrapperFunction function, CallingConvention convention) {
            long address = addressOf(function);
            if (address == 0) {
                address = last.incrementAndGet();
            }
            functions.put(address, function);
            binds.merge(address, 1, Integer::sum);
            return new ExecutorAddress(address);
        }

        long addressOf(WrapperFunction function) {
            return functions.entrySet().stream()
                    .filter(entry -> entry.getValue() == function)
                    .mapToLong(Map.Entry::getKey)
                    .findFirst()
                    .orElse(0);
        }

        @Override
        public synchronized void unbind(WrapperFunction function, CallingConvention convention) {
            long address = addressOf(function);
            if (address == 0) {
                notBound();
            } else if (isLast(binds.merge(address, -1, Integer::sum))) {
                functions.remove(address);
            }
        }

        boolean isLast(int bindsLeft) {
            return bindsLeft == 0;
        }

        void notBound() {
            throw new IllegalStateException("the function is not bound");
        }

        @Override
        public synchronized WrapperFunction boundAt(long address) {
            return functions.get(address);
        }

        @Override
        public ExecutorAddress bindC(MethodHandle target, FunctionDescriptor signature, ErrorReporter reporter) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void unbindC(ExecutorAddress address) {
            throw new IllegalStateException("no C function at " + address);
        }

        @Override
        public NativeCall prepare(
                long address,
                CallingConvention convention,
                ExecutorAddress session,
                MemorySegment args,
                long offset,
                long length) {
            return new Refused(args.asSlice(offset, length));
        }
    }

    private record Refused(MemorySegment args) implements NativeCall {

        @Override
        public void invoke(WrapperReturn reply) {
            reply.outOfBandError("no native code here");
        }

        @Override
        public void discard() {}
    }

    static class Sound extends WrapperFunctionLinkerContract {

        private final WrapperFunctionLinker linker = small();

        @Override
        protected WrapperFunctionLinker linker() {
            return linker;
        }

        Small small() {
            return new Small();
        }
    }

    static class AlwaysNew extends Sound {
        @Override
        Small small() {
            return new Small() {
                @Override
                long addressOf(WrapperFunction function) {
                    return 0;
                }
            };
        }
    }

    static class ForgetsEarly extends Sound {
        @Override
        Small small() {
            return new Small() {
                @Override
                boolean isLast(int bindsLeft) {
                    return true;
                }
            };
        }
    }

    static class FindsEverywhere extends Sound {
        @Override
        Small small() {
            return new Small() {
                @Override
                public synchronized WrapperFunction boundAt(long address) {
                    WrapperFunction function = super.boundAt(address);
                    return function == null ? WrapperFunctionLinkerContract.function() : function;
                }
            };
        }
    }

    static class Careless extends Sound {
        @Override
        Small small() {
            return new Small() {
                @Override
                void notBound() {}
            };
        }
    }
}
