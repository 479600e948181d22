// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import org.orcrt.api.WrapperReturn;

/// The 16 bytes in which wrapper functions return results, and in the asynchronous form also get their arguments
/// (`CWrapperFunctionResult` in LLVM, `orc_rt_WrapperFunctionBuffer` in orc-rt):
///
/// | bytes | content |
/// |---|---|
/// | 0-7 | up to 8 bytes of result in place, or a pointer to a block from `malloc` |
/// | 8-15 | the result's size; 0 with a pointer means an error text, 0 without means a void result |
public final class WrapperResult {

    /// The size of a result in memory.
    public static final int BYTES = 16;

    static final StructLayout LAYOUT = MemoryLayout.structLayout(JAVA_LONG, JAVA_LONG);

    /// How many bytes lie in the buffer itself.
    static final int INLINE_BYTES = 8;

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
            // only when it is there: with a size of 0 this would be an error text
            NativeMemory.putLong(result, block(bytes, offset, length));
        }
        NativeMemory.putLong(result + 8, length);
    }

    /// The first word of a buffer that is passed in two registers; the second one is the length.
    ///
    /// @param bytes where the content lies; copied before this method returns
    /// @param offset its offset in `bytes`
    /// @param length how long it is
    /// @return the bytes themselves, or the address of a block from `malloc` that belongs to whoever gets
    ///     the buffer
    public static long word(MemorySegment bytes, long offset, long length) {
        if (length > INLINE_BYTES) {
            return block(bytes, offset, length);
        }
        long[] word = new long[1];
        MemorySegment.copy(
                bytes, ValueLayout.JAVA_BYTE, offset, MemorySegment.ofArray(word), ValueLayout.JAVA_BYTE, 0, length);
        return word[0];
    }

    /// The first word of a buffer that is an out-of-band error; the second one is 0.
    ///
    /// @param utf8 where the text lies; up to its first NUL counts
    /// @param offset its offset in `utf8`
    /// @param length how long it is
    /// @return the address of a block from `malloc` that belongs to whoever gets the buffer
    public static long errorWord(MemorySegment utf8, long offset, long length) {
        long text = NativeMemory.malloc(length + 1);
        copyInto(text, utf8, offset, length);
        NativeMemory.ALL.set(ValueLayout.JAVA_BYTE, text + length, (byte) 0);
        return text;
    }

    /// Where the content of a buffer lies that came in two registers and is no error.
    ///
    /// @param place holds the first one; must stay as it is while the content is used
    /// @param size the second one
    /// @return an address
    public static long bytes(long place, long size) {
        return Long.compareUnsigned(size, INLINE_BYTES) <= 0 ? place : NativeMemory.getLong(place);
    }

    /// Frees what a buffer holds that came in two registers.
    ///
    /// @param word the first one
    /// @param size the second one
    public static void free(long word, long size) {
        if (size == 0 || Long.compareUnsigned(size, INLINE_BYTES) > 0) {
            NativeMemory.free(word);
        }
    }

    private static long block(MemorySegment bytes, long offset, long length) {
        long block = NativeMemory.malloc(length);
        copyInto(block, bytes, offset, length);
        return block;
    }

    /// Frees the block if the bytes cannot be read.
    private static void copyInto(long block, MemorySegment bytes, long offset, long length) {
        try {
            copy(bytes, offset, block, length);
        } catch (RuntimeException | Error unreadable) {
            NativeMemory.free(block);
            throw unreadable;
        }
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
        } else if (pointer == 0) {
            reply.outOfBandError(
                    "the function returned %s bytes at the null address".formatted(Long.toUnsignedString(size)));
        } else {
            try {
                reply.result(NativeMemory.ALL, pointer, size);
            } finally {
                NativeMemory.free(pointer);
            }
        }
    }
}
