// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// The process's memory as one segment, and blocks of the C heap.
public final class NativeMemory {

    /// Every address below 2^63, as an offset. An access to what is not mapped ends the JVM: addresses from outside go
    /// through [SystemCalls#readMemory] and [SystemCalls#writeMemory] instead.
    @SuppressWarnings("restricted") // the one module that may
    public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final long MALLOC = NativeFunctions.requiredSymbol("malloc");
    private static final long FREE = NativeFunctions.requiredSymbol("free");
    private static final long STRLEN = NativeFunctions.requiredSymbol("strlen");

    private NativeMemory() {}

    /// Takes a block from C's `malloc`. Its content is undefined.
    ///
    /// @param sizeBytes how large; 0 gives a block that can be freed
    /// @return its address
    /// @throws OutOfMemoryError if there is none
    public static long malloc(long sizeBytes) {
        long address = NativeFunctions.call(MALLOC, Math.max(sizeBytes, 1));
        if (address == 0) {
            throw new OutOfMemoryError("malloc(" + sizeBytes + ") failed");
        }
        return address;
    }

    /// Gives a block back to C's `free`.
    ///
    /// @param address what [#malloc(long)], or native code, took; null does nothing
    public static void free(long address) {
        NativeFunctions.call(FREE, address);
    }

    /// Copies a text into a new block, with a NUL at its end.
    ///
    /// @param text the text, written as UTF-8; up to its first NUL counts for C
    /// @return the block, to be freed by the caller or whoever takes it over
    public static long mallocCString(String text) {
        return mallocCString(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Copies bytes that came in the characters of a string into a new block, with a NUL at its end.
    static long mallocBytes(String text) {
        return mallocCString(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static long mallocCString(byte[] bytes) {
        long address = malloc(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, ALL, ValueLayout.JAVA_BYTE, address, bytes.length);
        ALL.set(ValueLayout.JAVA_BYTE, address + bytes.length, (byte) 0);
        return address;
    }

    /// Reads a text of C.
    ///
    /// @param address its first byte, mapped and ended by a NUL
    /// @return the text, decoded from UTF-8
    public static String cString(long address) {
        byte[] bytes = new byte[Math.toIntExact(NativeFunctions.call(STRLEN, address))];
        MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, address, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// Reads 8 bytes.
    ///
    /// @param address where; mapped
    /// @return the number there, in native byte order
    public static long getLong(long address) {
        return ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
    }

    /// Writes 8 bytes.
    ///
    /// @param address where; mapped and writable
    /// @param value the number, written in native byte order
    public static void putLong(long address, long value) {
        ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
    }
}
