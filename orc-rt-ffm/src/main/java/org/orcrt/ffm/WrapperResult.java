// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import org.orcrt.api.WrapperReturn;

/// The 16 bytes that a synchronous wrapper function returns (`CWrapperFunctionResult` in LLVM,
/// `orc_rt_WrapperFunctionBuffer` in orc-rt):
///
/// | bytes | content |
/// |---|---|
/// | 0-7 | up to 8 bytes of result in place, or a pointer to a block from `malloc` |
/// | 8-15 | the result's size; 0 with a pointer means an error text, 0 without means a void result |
public final class WrapperResult {

    /// The size of a result in memory.
    public static final int BYTES = 16;

    static final StructLayout LAYOUT = MemoryLayout.structLayout(JAVA_LONG, JAVA_LONG);

    private static final int INLINE_BYTES = 8;

    private WrapperResult() {}

    /// Fills a result with bytes.
    ///
    /// @param result the address of 16 zero bytes
    /// @param bytes where the content lies; copied before this method returns
    /// @param offset its offset in `bytes`
    /// @param length how long it is
    public static void write(long result, MemorySegment bytes, long offset, long length) {
        if (length <= INLINE_BYTES) {
            copy(bytes, offset, result, length);
        } else {
            long content = NativeMemory.malloc(length);
            try {
                copy(bytes, offset, content, length);
            } catch (RuntimeException | Error unreadable) {
                NativeMemory.free(content);
                throw unreadable;
            }
            // only now: with a size of 0 this would be an error text
            NativeMemory.putLong(result, content);
        }
        NativeMemory.putLong(result + 8, length);
    }

    private static void copy(MemorySegment bytes, long offset, long to, long length) {
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, offset, NativeMemory.ALL, ValueLayout.JAVA_BYTE, to, length);
    }

    /// Fills a result with an out-of-band error.
    ///
    /// @param result the address of 16 bytes
    /// @param text what went wrong
    public static void writeError(long result, String text) {
        NativeMemory.putLong(result, NativeMemory.mallocCString(text));
        NativeMemory.putLong(result + 8, 0);
    }

    /// Fills a result with an error, whatever it takes: not even a lack of memory may escape from here.
    static void writeErrorOf(long result, Throwable failure) {
        try {
            writeError(result, "the function threw " + failure);
        } catch (Throwable textThrew) {
            try {
                writeError(result, "the function threw " + failure.getClass().getName());
            } catch (Throwable noMemory) {
                NativeMemory.putLong(result, 0);
                NativeMemory.putLong(result + 8, 0);
            }
        }
    }

    /// Reads a result and frees what it holds. The address of an in-place result must stay valid meanwhile.
    ///
    /// @param result the address of the 16 bytes
    /// @param reply takes the bytes or the out-of-band error
    static void deliver(long result, WrapperReturn reply) {
        long pointer = NativeMemory.getLong(result);
        long size = NativeMemory.getLong(result + 8);
        if (size == 0 && pointer != 0) {
            String text = NativeMemory.cString(pointer);
            NativeMemory.free(pointer);
            reply.outOfBandError(text);
        } else if (Long.compareUnsigned(size, INLINE_BYTES) <= 0) {
            reply.result(NativeMemory.ALL, result, size);
        } else {
            try {
                reply.result(NativeMemory.ALL, pointer, size);
            } finally {
                NativeMemory.free(pointer);
            }
        }
    }
}
