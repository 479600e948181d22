// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;

/// Reads SPS in place, field after field. Not thread-safe; reusable; allocates only what its results are.
///
/// ```java
/// reader.over(args, offset, length);
/// long instance = reader.readU64();
/// long sizeBytes = reader.readU64();
/// reader.end();
/// ```
///
/// The bytes may come from a hostile peer. Whatever is in them, every method either returns a value of its type or
/// throws [SpsException]; no count makes it allocate more than the bytes that are there. Each byte is looked at once,
/// so it does not matter if the peer changes it meanwhile. After an exception the reader stands anywhere inside its
/// bytes; [#over] makes it usable again.
public final class SpsReader {

    private static final byte[] EMPTY = {};
    private static final MemorySegment NO_BYTES = MemorySegment.ofArray(EMPTY);

    /// Strings up to this length are decoded by way of a buffer that is kept.
    private static final int SCRATCH_BYTES = 1024;

    /// How deep values of a recursive type may be nested.
    static final int MAX_DEPTH = 64;

    private MemorySegment segment = NO_BYTES;
    private long start;
    private long position;
    private long end;
    private int depth;
    private boolean ended;
    private byte @Nullable [] scratch;

    /// Makes a reader over no bytes.
    public SpsReader() {}

    /// Makes a reader over an array.
    ///
    /// @param bytes what to read; owned by the reader, not copied
    /// @return a new reader at the first byte
    public static SpsReader of(byte[] bytes) {
        return new SpsReader().over(MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    /// Starts again over other bytes.
    ///
    /// @param bytes the segment they lie in; valid until the reader is given another
    /// @param offset where the first one lies
    /// @param length how many there are
    /// @return this
    /// @throws IndexOutOfBoundsException if they do not lie in the segment
    public SpsReader over(MemorySegment bytes, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, bytes.byteSize());
        segment = bytes;
        start = offset;
        position = offset;
        end = offset + length;
        depth = 0;
        ended = false;
        return this;
    }

    /// Where the reader stands.
    ///
    /// @return the offset in [#segment] of the next byte
    public long position() {
        return position;
    }

    /// What the reader reads.
    ///
    /// @return the segment given to [#over], whole
    public MemorySegment segment() {
        return segment;
    }

    /// How much is left.
    ///
    /// @return bytes from [#position] to the end
    public long remaining() {
        return end - position;
    }

    /// Reads a bool.
    ///
    /// @return whether the byte is 1
    /// @throws SpsException if it is neither 0 nor 1, or there is none
    public boolean readBool() {
        require(Byte.BYTES);
        int value = segment.get(SpsLayouts.I8, position);
        if ((value & ~1) != 0) {
            throw malformed(position, "a bool is 0 or 1, not " + (value & 0xff));
        }
        position += Byte.BYTES;
        return value != 0;
    }

    /// Reads a `uint8_t` or a `char`; cast to `byte` for an `int8_t`.
    ///
    /// @return a number from 0 to 255
    /// @throws SpsException if there is no byte left
    public int readU8() {
        require(Byte.BYTES);
        int value = segment.get(SpsLayouts.I8, position) & 0xff;
        position += Byte.BYTES;
        return value;
    }

    /// Reads a `uint16_t`; cast to `short` for an `int16_t`.
    ///
    /// @return a number from 0 to 65535
    /// @throws SpsException if fewer than 2 bytes are left
    public int readU16() {
        require(Short.BYTES);
        int value = segment.get(SpsLayouts.I16, position) & 0xffff;
        position += Short.BYTES;
        return value;
    }

    /// Reads an `int32_t`.
    ///
    /// @return the number
    /// @throws SpsException if fewer than 4 bytes are left
    public int readI32() {
        require(Integer.BYTES);
        int value = segment.get(SpsLayouts.I32, position);
        position += Integer.BYTES;
        return value;
    }

    /// Reads a `uint32_t`.
    ///
    /// @return a number from 0 to 2^32 - 1
    /// @throws SpsException if fewer than 4 bytes are left
    public long readU32() {
        return readI32() & 0xffff_ffffL;
    }

    /// Reads a `uint64_t`, an `int64_t`, a `size_t` or an address.
    ///
    /// @return its 64 bits
    /// @throws SpsException if fewer than 8 bytes are left
    public long readU64() {
        require(Long.BYTES);
        long value = segment.get(SpsLayouts.I64, position);
        position += Long.BYTES;
        return value;
    }

    /// Reads an address as an object. Hot paths use [#readU64].
    ///
    /// @return the address, perhaps null
    /// @throws SpsException if fewer than 8 bytes are left
    public ExecutorAddress readAddress() {
        return new ExecutorAddress(readU64());
    }

    /// Reads two addresses.
    ///
    /// @return the range from the first up to the second
    /// @throws SpsException if the second lies below the first, or fewer than 16 bytes are left
    public ExecutorAddressRange readRange() {
        long at = position;
        ExecutorAddress first = readAddress();
        ExecutorAddress last = readAddress();
        if (last.compareTo(first) < 0) {
            throw malformed(at, "range ends before it starts: [" + first + ", " + last + ")");
        }
        return new ExecutorAddressRange(first, last);
    }

    /// Reads how many elements follow, and believes it only if they can be there.
    ///
    /// @param minElementBytes the bytes that even the smallest element takes, at least 1
    /// @return a number such that `minElementBytes` times it is at most [#remaining]
    /// @throws SpsException if there are too few bytes left for so many elements, or for the count
    public long readCount(long minElementBytes) {
        if (minElementBytes < 1) {
            throw new IllegalArgumentException("minElementBytes is not positive: " + minElementBytes);
        }
        long at = position;
        long count = readU64();
        if (count < 0 || count > remaining() / minElementBytes) {
            throw malformed(
                    at,
                    "a sequence of %s elements of at least %d B does not fit in the %d B that are left"
                            .formatted(Long.toUnsignedString(count), minElementBytes, remaining()));
        }
        return count;
    }

    /// Like [#readCount], for elements that go into an array or a list.
    ///
    /// @param minElementBytes the bytes that even the smallest element takes, at least 1
    /// @return how many elements follow
    /// @throws SpsException as [#readCount], or if there are more than an array can hold
    public int readLength(long minElementBytes) {
        long at = position;
        long count = readCount(minElementBytes);
        if (count > SpsLayouts.MAX_ARRAY_LENGTH) {
            throw malformed(at, "a sequence of " + count + " elements does not fit in an array");
        }
        return (int) count;
    }

    /// Reads a string without losing a byte: each becomes the character of its number (ISO-8859-1). For
    /// symbol names.
    ///
    /// @return as many characters as there are bytes
    /// @throws SpsException if the string is longer than what is left
    public String readName() {
        return readString(ISO_8859_1);
    }

    /// Reads a string as UTF-8; U+FFFD stands for what is not. For messages to people.
    ///
    /// @return the text
    /// @throws SpsException if the string is longer than what is left
    public String readText() {
        return readString(UTF_8);
    }

    /// Reads a sequence of bytes into an array. [#skipBytes] leaves them where they are.
    ///
    /// @return a copy
    /// @throws SpsException if the sequence is longer than what is left, or than an array can be
    public byte[] readBytes() {
        int length = readLength(Byte.BYTES);
        if (length == 0) {
            return EMPTY; // a hostile list of nothings would cost more than it is long
        }
        byte[] copy = new byte[length];
        take(copy, length);
        return copy;
    }

    /// Reads a sequence of bytes where it lies.
    ///
    /// @return a slice of [#segment], valid as long as that
    /// @throws SpsException if the sequence is longer than what is left
    public MemorySegment readSlice() {
        long length = skipBytes();
        return segment.asSlice(position - length, length);
    }

    /// Reads a sequence of 32-bit numbers.
    ///
    /// @return the numbers
    /// @throws SpsException if the sequence is longer than what is left, or than an array can be
    public int[] readInts() {
        int[] copy = new int[readLength(Integer.BYTES)];
        MemorySegment.copy(segment, SpsLayouts.I32, position, copy, 0, copy.length);
        position += (long) Integer.BYTES * copy.length;
        return copy;
    }

    /// Reads a sequence of 64-bit numbers.
    ///
    /// @return the numbers
    /// @throws SpsException if the sequence is longer than what is left, or than an array can be
    public long[] readLongs() {
        long[] copy = new long[readLength(Long.BYTES)];
        MemorySegment.copy(segment, SpsLayouts.I64, position, copy, 0, copy.length);
        position += (long) Long.BYTES * copy.length;
        return copy;
    }

    /// Reads the length of a sequence of bytes and steps over them. They start at [#position] minus the result.
    ///
    /// @return their number
    /// @throws SpsException if the sequence is longer than what is left
    public long skipBytes() {
        long length = readCount(Byte.BYTES);
        position += length;
        return length;
    }

    /// Steps over bytes without a length in front. They start at the former [#position].
    ///
    /// @param bytes how many
    /// @throws SpsException if fewer are left
    public void skip(long bytes) {
        if (bytes < 0 || bytes > remaining()) {
            throw malformed(position, "%d B are expected here, but %d are left".formatted(bytes, remaining()));
        }
        position += bytes;
    }

    /// Reads an error.
    ///
    /// @return its text, or `null` for success
    /// @throws SpsException if there is neither
    public @Nullable String readError() {
        return readBool() ? readText() : null;
    }

    /// Says that nothing more is expected.
    ///
    /// @throws SpsException if bytes are left
    public void end() {
        if (position != end) {
            throw malformed(position, "the end is expected here, but %d B follow".formatted(remaining()));
        }
        ended = true;
    }

    /// Says that whatever follows does not matter, as LLVM's readers do.
    public void skipRest() {
        position = end;
        ended = true;
    }

    /// Whether everything was read that somebody wants.
    boolean hasEnded() {
        return ended;
    }

    /// Goes into a value that may hold another of its kind.
    ///
    /// @throws SpsException if it is too deep; then [#leave] is not to be called
    void enter() {
        if (depth == MAX_DEPTH) {
            throw malformed(position, "values are nested deeper than " + MAX_DEPTH);
        }
        depth++;
    }

    /// Comes back from where [#enter] went.
    void leave() {
        depth--;
    }

    /// Makes the error for a field of the caller's.
    ///
    /// @param at a former [#position]
    SpsException malformed(long at, String reason) {
        return new SpsException(at - start, reason);
    }

    private void require(int bytes) {
        if (end - position < bytes) {
            throw malformed(position, "%d B are needed, %d B are left".formatted(bytes, remaining()));
        }
    }

    private String readString(Charset charset) {
        int length = readLength(Byte.BYTES);
        byte[] copy = length <= SCRATCH_BYTES ? scratch() : new byte[length];
        take(copy, length);
        return new String(copy, 0, length, charset);
    }

    private void take(byte[] target, int length) {
        MemorySegment.copy(segment, SpsLayouts.I8, position, target, 0, length);
        position += length;
    }

    private byte[] scratch() {
        byte[] kept = scratch;
        if (kept == null) {
            kept = new byte[SCRATCH_BYTES];
            scratch = kept;
        }
        return kept;
    }
}
