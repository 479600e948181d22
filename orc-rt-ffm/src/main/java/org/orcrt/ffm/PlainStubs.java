// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One FFM upcall stub per slot, for where our machine code is not: works on every processor that FFM knows.
final class PlainStubs implements Stubs {

    private static final FunctionDescriptor SHAPE = FunctionDescriptor.of(
            WrapperResult.LAYOUT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private final List<Long> addresses = new ArrayList<>();
    private final Map<Long, Integer> slots = new HashMap<>();

    @Override
    public synchronized int grow(int firstSlot) {
        try {
            MethodHandle enter = MethodHandles.lookup()
                    .findStatic(PlainStubs.class, "enter", SHAPE.toMethodType().insertParameterTypes(0, int.class));
            long address = NativeFunctions.upcallStub(MethodHandles.insertArguments(enter, 0, firstSlot), SHAPE);
            addresses.add(address);
            slots.put(address, firstSlot);
            return 1;
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Override
    public synchronized long address(int slot) {
        return addresses.get(slot);
    }

    @Override
    public synchronized int slotAt(long address) {
        return slots.getOrDefault(address, -1);
    }

    private static MemorySegment enter(int slot, long a, long b, long c, long d, long e, long f) {
        long result = NativeMemory.malloc(Upcall.SIXTH_OFFSET + Long.BYTES);
        try {
            NativeMemory.putLong(result + Upcall.FIFTH_OFFSET, e);
            NativeMemory.putLong(result + Upcall.SIXTH_OFFSET, f);
            StubPool.enter(a, b, c, d, slot, result);
            long[] words = {NativeMemory.getLong(result), NativeMemory.getLong(result + 8)};
            return MemorySegment.ofArray(words);
        } finally {
            NativeMemory.free(result);
        }
    }
}
