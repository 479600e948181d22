// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;

/// Writes SPS into a buffer of its own that grows. Not thread-safe; reusable; once the buffer is large enough, only
/// texts with characters outside of ASCII allocate.
///
/// ```java
/// writer.reset().expected().u64(key);
/// reply.value(writer.segment(), 0, writer.length());
/// ```
///
/// A method that throws has written nothing. The buffer holds at most `Integer.MAX_VALUE - 8` bytes; whatever would
/// need more throws [IllegalStateException].
public final class SpsWriter {

    private static final int FIRST_BYTES = 256;

    /// What `setString` writes behind a string; it is not taken in.
    private static final int TERMINATOR_BYTES = 1;

    /// What a `char` takes at most.
    private static final long MAX_UTF8_BYTES = 3;

    /// Is in no UTF-8, and is no terminator.
    private static final byte NOT_UTF8 = (byte) 0xff;

    // the array itself, not the segment around it: that has more to check
    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, LITTLE_ENDIAN);

    private byte[] array = new byte[FIRST_BYTES];
    private MemorySegment buffer = MemorySegment.ofArray(array);
    private int written;

    /// Makes an empty writer.
    public SpsWriter() {}

    /// Forgets what was written and keeps the buffer.
    ///
    /// @return this
    public SpsWriter reset() {
        written = 0;
        return this;
    }

    /// Writes a bool.
    ///
    /// @param v the value
    /// @return this
    public SpsWriter bool(boolean v) {
        return u8(v ? 1 : 0);
    }

    /// Writes an 8-bit number.
    ///
    /// @param v the value; only its low 8 bits count, so it may be signed
    /// @return this
    public SpsWriter u8(int v) {
        int at = claim(Byte.BYTES);
        array[at] = (byte) v;
        return this;
    }

    /// Writes a 16-bit number.
    ///
    /// @param v the value; only its low 16 bits count, so it may be signed
    /// @return this
    public SpsWriter u16(int v) {
        int at = claim(Short.BYTES);
        SHORTS.set(array, at, (short) v);
        return this;
    }

    /// Writes a 32-bit number.
    ///
    /// @param v the value; only its low 32 bits count
    /// @return this
    public SpsWriter u32(long v) {
        return i32((int) v);
    }

    /// Writes a 32-bit number.
    ///
    /// @param v the value
    /// @return this
    public SpsWriter i32(int v) {
        int at = claim(Integer.BYTES);
        INTS.set(array, at, v);
        return this;
    }

    /// Writes a 64-bit number, signed or not, a `size_t` or an address.
    ///
    /// @param v its 64 bits
    /// @return this
    public SpsWriter u64(long v) {
        int at = claim(Long.BYTES);
        LONGS.set(array, at, v);
        return this;
    }

    /// Writes an unsigned 8-bit number.
    ///
    /// @param v the value
    /// @return this
    /// @throws IllegalArgumentException if it is negative or above 255
    public SpsWriter unsigned8(int v) {
        return u8((int) checked(v, Byte.SIZE));
    }

    /// Writes an unsigned 16-bit number.
    ///
    /// @param v the value
    /// @return this
    /// @throws IllegalArgumentException if it is negative or above 65535
    public SpsWriter unsigned16(int v) {
        return u16((int) checked(v, Short.SIZE));
    }

    /// Writes an unsigned 32-bit number.
    ///
    /// @param v the value
    /// @return this
    /// @throws IllegalArgumentException if it is negative or above 2^32 - 1
    public SpsWriter unsigned32(long v) {
        return u32(checked(v, Integer.SIZE));
    }

    /// Writes an address.
    ///
    /// @param v the address
    /// @return this
    public SpsWriter address(ExecutorAddress v) {
        return u64(v.value());
    }

    /// Writes the start and the end of a range.
    ///
    /// @param v the range
    /// @return this
    public SpsWriter range(ExecutorAddressRange v) {
        ensure(2 * Long.BYTES);
        return address(v.start()).address(v.end());
    }

    /// Writes how many elements follow.
    ///
    /// @param v their number
    /// @return this
    public SpsWriter count(long v) {
        if (v < 0) {
            throw new IllegalArgumentException("count is negative: " + v);
        }
        return u64(v);
    }

    /// Writes a string, one byte for each character (ISO-8859-1). For symbol names.
    ///
    /// @param v the characters
    /// @return this
    /// @throws IllegalArgumentException if one of them is above U+00FF
    public SpsWriter name(String v) {
        int characters = v.length();
        ensure((long) Long.BYTES + characters + TERMINATOR_BYTES);
        int from = written + Long.BYTES;
        buffer.setString(from, v, ISO_8859_1);
        for (int i = 0; i < characters; i++) {
            // what has no byte of its own was written as a question mark
            if (array[from + i] == '?' && v.charAt(i) != '?') {
                throw new IllegalArgumentException(
                        "character %d of name '%s' is not one byte: U+%04X".formatted(i, v, (int) v.charAt(i)));
            }
        }
        return sequenceOf(characters);
    }

    /// Writes a string as UTF-8. For messages to people.
    ///
    /// @param v the text
    /// @return this
    public SpsWriter text(String v) {
        int characters = v.length();
        long most = Long.BYTES + MAX_UTF8_BYTES * characters + 2 * TERMINATOR_BYTES;
        if (most > SpsLayouts.MAX_ARRAY_LENGTH - written) {
            return bytes(v.getBytes(UTF_8));
        }
        ensure(most);
        int from = written + Long.BYTES;
        // lies behind the terminator if each character takes one byte, and is written over if one takes more
        int behind = from + characters + TERMINATOR_BYTES;
        array[behind] = NOT_UTF8;
        buffer.setString(from, v, UTF_8);
        return array[behind] == NOT_UTF8 ? sequenceOf(characters) : bytes(v.getBytes(UTF_8));
    }

    /// Writes a sequence of bytes: their number, then them.
    ///
    /// @param v the bytes; copied before this method returns
    /// @return this
    public SpsWriter bytes(byte[] v) {
        ensure((long) Long.BYTES + v.length);
        System.arraycopy(v, 0, array, written + Long.BYTES, v.length);
        return sequenceOf(v.length);
    }

    /// Writes a sequence of bytes: their number, then them.
    ///
    /// @param source the segment they lie in; copied before this method returns
    /// @param offset where the first one lies
    /// @param length how many there are
    /// @return this
    /// @throws IndexOutOfBoundsException if they do not lie in the segment
    public SpsWriter bytes(MemorySegment source, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, source.byteSize());
        ensure(length <= SpsLayouts.MAX_ARRAY_LENGTH ? Long.BYTES + length : length);
        MemorySegment.copy(source, offset, buffer, written + Long.BYTES, length);
        return sequenceOf((int) length);
    }

    /// Writes a sequence of bytes: their number, then them.
    ///
    /// @param v the bytes; copied before this method returns
    /// @return this
    public SpsWriter bytes(MemorySegment v) {
        return bytes(v, 0, v.byteSize());
    }

    /// Writes a sequence of 32-bit numbers.
    ///
    /// @param v the numbers; copied before this method returns
    /// @return this
    public SpsWriter ints(int[] v) {
        int from = claim(Long.BYTES + (long) Integer.BYTES * v.length);
        LONGS.set(array, from, (long) v.length);
        MemorySegment.copy(v, 0, buffer, SpsLayouts.I32, from + Long.BYTES, v.length);
        return this;
    }

    /// Writes a sequence of 64-bit numbers.
    ///
    /// @param v the numbers; copied before this method returns
    /// @return this
    public SpsWriter longs(long[] v) {
        int from = claim(Long.BYTES + (long) Long.BYTES * v.length);
        LONGS.set(array, from, (long) v.length);
        MemorySegment.copy(v, 0, buffer, SpsLayouts.I64, from + Long.BYTES, v.length);
        return this;
    }

    /// Writes an error that is none.
    ///
    /// @return this
    public SpsWriter success() {
        return bool(false);
    }

    /// Writes an error.
    ///
    /// @param text what went wrong
    /// @return this
    public SpsWriter error(String text) {
        return flagged(true, text);
    }

    /// Says that the expected value follows.
    ///
    /// @return this
    public SpsWriter expected() {
        return bool(true);
    }

    /// Writes an error in place of the expected value.
    ///
    /// @param text what went wrong
    /// @return this
    public SpsWriter unexpected(String text) {
        return flagged(false, text);
    }

    /// The buffer: what was written starts at offset 0 and is [#length] bytes long.
    ///
    /// @return a segment, valid until the next write; growing replaces it
    public MemorySegment segment() {
        return buffer;
    }

    /// How much was written.
    ///
    /// @return bytes
    public long length() {
        return written;
    }

    /// Copies what was written.
    ///
    /// @return a new array
    public byte[] toByteArray() {
        return Arrays.copyOf(array, written);
    }

    private SpsWriter flagged(boolean flag, String text) {
        int before = written;
        try {
            return bool(flag).text(text);
        } catch (RuntimeException tooLong) {
            written = before;
            throw tooLong;
        }
    }

    private static long checked(long v, int bits) {
        if (v >>> bits != 0) {
            throw new IllegalArgumentException("%d is no unsigned number of %d bits".formatted(v, bits));
        }
        return v;
    }

    /// Writes the length of bytes that already lie behind it, and takes them in.
    private SpsWriter sequenceOf(int bytes) {
        LONGS.set(array, written, (long) bytes);
        written += Long.BYTES + bytes;
        return this;
    }

    /// Takes the next bytes in, and returns where they start. To be called before [#buffer] is read: it may
    /// replace it.
    private int claim(long bytes) {
        ensure(bytes);
        int from = written;
        written = from + (int) bytes;
        return from;
    }

    private void ensure(long bytes) {
        if (bytes > array.length - written) {
            grow(bytes);
        }
    }

    private void grow(long bytes) {
        if (bytes > SpsLayouts.MAX_ARRAY_LENGTH - written) {
            throw new IllegalStateException("%d B and %d B more do not fit in one buffer (limit %d B)"
                    .formatted(written, bytes, SpsLayouts.MAX_ARRAY_LENGTH));
        }
        long twice = Math.min(2L * array.length, SpsLayouts.MAX_ARRAY_LENGTH);
        array = Arrays.copyOf(array, (int) Math.max(twice, written + bytes));
        buffer = MemorySegment.ofArray(array);
    }
}
