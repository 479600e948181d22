// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/// Pages of 16-byte stubs in machine code, all behind one upcall stub: a further stub costs nothing at start-up.
final class ThunkStubs implements Stubs {

    private final long upcall = upcallStub();

    /// Replaced as a whole by each growth.
    private volatile long[] pages = new long[0];

    @Override
    public int grow(int firstSlot) {
        long page = MachineCode.makeStubs(upcall, firstSlot);
        if (page == 0) {
            throw new OutOfMemoryError("no executable page for function stubs");
        }
        long[] grown = Arrays.copyOf(pages, pages.length + 1);
        grown[pages.length] = page;
        pages = grown;
        return MachineCode.STUBS_PER_PAGE;
    }

    @Override
    public long address(int slot) {
        return pages[slot / MachineCode.STUBS_PER_PAGE]
                + MachineCode.STUBS_OFFSET
                + (long) (slot % MachineCode.STUBS_PER_PAGE) * MachineCode.STUB_BYTES;
    }

    @Override
    public int slotAt(long address) {
        long[] current = pages;
        for (int k = 0; k < current.length; k++) {
            long offset = address - current[k] - MachineCode.STUBS_OFFSET;
            long inPage = offset / MachineCode.STUB_BYTES;
            if (offset >= 0 && inPage < MachineCode.STUBS_PER_PAGE && offset % MachineCode.STUB_BYTES == 0) {
                return k * MachineCode.STUBS_PER_PAGE + (int) inPage;
            }
        }
        return -1;
    }

    private static long upcallStub() {
        try {
            var enter = MethodHandles.lookup()
                    .findStatic(
                            StubPool.class,
                            "enter",
                            MethodType.methodType(
                                    void.class,
                                    long.class,
                                    long.class,
                                    long.class,
                                    long.class,
                                    long.class,
                                    long.class));
            return NativeFunctions.upcallStub(
                    enter, FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
