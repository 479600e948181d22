// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// System calls by the C library's functions: works on every processor, costs one more FFM shape.
final class LibcSystemCalls implements RawSystemCalls {

    private final MethodHandle handle;
    private final long[] functions = new long[SystemCall.values().length];

    @SuppressWarnings("restricted") // the one module that may
    LibcSystemCalls() {
        handle = NativeFunctions.linker()
                .downcallHandle(
                        FunctionDescriptor.of(
                                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                        Linker.Option.captureCallState("errno"));
        for (SystemCall call : SystemCall.values()) {
            functions[call.ordinal()] = NativeFunctions.requiredSymbol(call.symbol);
        }
    }

    @Override
    public long call(SystemCall call, long a, long b, long c, long d, long e, long f) {
        MemorySegment target = MemorySegment.ofAddress(functions[call.ordinal()]);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
            long result = (long) handle.invokeExact(target, errno, a, b, c, d, e, f);
            long value = call.returnsInt ? (int) result : result;
            return value == -1 ? -errno.get(JAVA_INT, 0) : value;
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError("a downcall threw a checked exception", impossible);
        }
    }
}
