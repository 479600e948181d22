// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.SessionException;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.spi.CallingConvention;
import org.orcrt.spi.NativeCall;
import org.orcrt.spi.WrapperFunctionLinker;

/// The linker without `org.orcrt.ffm`: its addresses mean something only to us, and native code cannot be called.
final class JavaOnlyLinker implements WrapperFunctionLinker {

    /// No user-space address of any processor that we know: a call that strays here cannot hit code.
    private static final long FIRST_ADDRESS = 0x7ff0_0000_0000_0000L;

    private static final class Binding {
        private final long address;
        private int binds;

        Binding(long address) {
            this.address = address;
        }
    }

    private final Map<WrapperFunction, Binding> bindings = new IdentityHashMap<>();

    /// How long an address rests that was taken back, counted in others: a call that strays shall not meet a
    /// newcomer.
    private static final int RESTING = 1024;

    /// By address; empty where a function was taken back. Written under the lock and
    /// published by a write of the field, so that a look-up takes neither a lock nor memory.
    private volatile @Nullable WrapperFunction[] functions = new WrapperFunction[16];

    private int addresses;

    /// Addresses that were taken back, the oldest first.
    private final Deque<Long> resting = new ArrayDeque<>();

    @Override
    public String name() {
        return "java-only";
    }

    /// One address for both forms: native code can use neither.
    @Override
    public synchronized ExecutorAddress bind(WrapperFunction function, CallingConvention convention) {
        Binding binding = bindings.computeIfAbsent(function, f -> new Binding(newAddress()));
        binding.binds++;
        publish(binding.address, function);
        return new ExecutorAddress(binding.address);
    }

    @Override
    public synchronized void unbind(WrapperFunction function, CallingConvention convention) {
        Binding binding = bindings.get(function);
        if (binding == null) {
            throw new IllegalStateException("the function is not bound: " + function);
        }
        if (--binding.binds == 0) {
            bindings.remove(function);
            publish(binding.address, null);
            resting.add(binding.address);
        }
    }

    private long newAddress() {
        return resting.size() > RESTING ? resting.remove() : FIRST_ADDRESS + addresses++;
    }

    /// Under the lock.
    private void publish(long address, @Nullable WrapperFunction function) {
        int slot = (int) (address - FIRST_ADDRESS);
        @Nullable WrapperFunction[] current = functions;
        @Nullable WrapperFunction[] changed = slot < current.length ? current : Arrays.copyOf(current, 2 * current.length);
        changed[slot] = function;
        functions = changed;
    }

    @Override
    public @Nullable WrapperFunction boundAt(long address) {
        long slot = address - FIRST_ADDRESS;
        @Nullable WrapperFunction[] current = functions;
        return slot >= 0 && slot < current.length ? current[(int) slot] : null;
    }

    /// Refused: such an address is for native code, which would jump to it.
    @Override
    public ExecutorAddress bindC(MethodHandle target, FunctionDescriptor signature, ErrorReporter reporter) {
        throw new SessionException(
                SessionException.PLUGIN,
                "cannot give a Java function of the type %s an address for C code: module org.orcrt.ffm is not on the "
                                .formatted(target.type())
                        + "module path; add its jar");
    }

    @Override
    public void unbindC(ExecutorAddress address) {
        throw new IllegalStateException(address + " is no C function: this linker makes none");
    }

    @Override
    public NativeCall prepare(
            long address,
            CallingConvention convention,
            ExecutorAddress session,
            MemorySegment args,
            long offset,
            long length) {
        byte[] copy = new byte[Math.toIntExact(length)];
        MemorySegment.copy(args, ValueLayout.JAVA_BYTE, offset, copy, 0, copy.length);
        return new Refused(address, MemorySegment.ofArray(copy));
    }

    /// A call of native code, which cannot be made.
    private record Refused(long address, MemorySegment args) implements NativeCall {

        @Override
        public void invoke(WrapperReturn reply) {
            reply.outOfBandError("cannot call native code at 0x%x: module org.orcrt.ffm is not on the module path"
                    .formatted(address));
        }

        @Override
        public void discard() {}
    }
}
