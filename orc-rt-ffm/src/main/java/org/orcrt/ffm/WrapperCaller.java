// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import org.orcrt.api.WrapperReturn;

/// Calls native wrapper functions of the synchronous form, on the caller's own bytes.
public final class WrapperCaller {

    private WrapperCaller() {}

    /// Calls a wrapper function on this thread. Nothing is flushed.
    ///
    /// @param function its address; not null
    /// @param args the argument bytes; copied first if they are not native
    /// @param offset their offset in `args`
    /// @param length how many they are
    /// @param reply takes the result or the out-of-band error before this returns
    public static void call(long function, MemorySegment args, long offset, long length, WrapperReturn reply) {
        ResultPlace place = args.isNative() ? ResultPlace.take() : null;
        if (place == null) {
            callWithBlock(function, args, offset, length, reply);
            return;
        }
        try {
            enter(place.address(), function, args.address() + offset, length);
            WrapperResult.deliver(place.address(), reply);
        } finally {
            place.giveBack();
        }
    }

    /// Result and, if they must be copied, arguments in one block.
    private static void callWithBlock(
            long function, MemorySegment args, long offset, long length, WrapperReturn reply) {
        boolean copied = !args.isNative();
        long block = NativeMemory.malloc(WrapperResult.BYTES + (copied ? length : 0));
        try {
            long address = copied ? block + WrapperResult.BYTES : args.address() + offset;
            if (copied) {
                MemorySegment.copy(args, offset, NativeMemory.ALL, address, length);
            }
            enter(block, function, address, length);
            WrapperResult.deliver(block, reply);
        } finally {
            NativeMemory.free(block);
        }
    }

    /// Calls a function; its result is left at `result`.
    static void enter(long result, long function, long args, long length) {
        if (MachineCode.isAvailable()) {
            NativeFunctions.call(MachineCode.callWrapper(), result, function, args, length, 0, 0);
        } else {
            Plain.enter(result, function, args, length);
        }
    }

    /// The struct-returning FFM shape, linked only where our machine code is not.
    private static final class Plain {

        @SuppressWarnings("restricted") // the one module that may
        private static final MethodHandle CALL = NativeFunctions.linker()
                .downcallHandle(FunctionDescriptor.of(WrapperResult.LAYOUT, JAVA_LONG, JAVA_LONG));

        static void enter(long result, long function, long args, long length) {
            MemorySegment target = MemorySegment.ofAddress(function);
            SegmentAllocator place = (byteSize, byteAlignment) -> NativeMemory.ALL.asSlice(result, WrapperResult.BYTES);
            try {
                MemorySegment returned = (MemorySegment) CALL.invokeExact(target, place, args, length);
            } catch (RuntimeException | Error failure) {
                throw failure;
            } catch (Throwable impossible) {
                throw new AssertionError("a downcall threw a checked exception", impossible);
            }
        }
    }
}
