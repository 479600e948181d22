// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How values of one type lie in bytes. Stateless, so any thread may use it; the reader and the writer are the
/// caller's.
///
/// [SpsCodecs] has one for each type of SPS, and makes them for records.
///
/// @param <T> the Java type
public interface SpsCodec<T extends @Nullable Object> {

    /// Writes a value.
    ///
    /// @param writer takes the bytes; if this method throws, it may have taken some of them
    /// @param value copied before this method returns
    /// @throws NullPointerException if the value, or a part of it, is null
    /// @throws IllegalArgumentException if SPS has no bytes for the value
    void write(SpsWriter writer, T value);

    /// Reads a value. Bytes behind it are left alone.
    ///
    /// @param reader stands at the value
    /// @return the value; valid as long as the reader's bytes if it holds a
    ///     [java.lang.foreign.MemorySegment], and else for ever
    /// @throws SpsException if the bytes are no such value, whatever they are
    T read(SpsReader reader);

    /// What even the smallest value takes. Counts are checked against it before anything is allocated for them.
    ///
    /// @return bytes, at least 0
    long minBytes();

    /// Makes a codec by hand.
    ///
    /// @param <T> the Java type
    /// @param minBytes what even the smallest value takes; too much of it refuses good bytes
    /// @param writer writes a value
    /// @param reader reads a value; throws nothing but [SpsException], whatever the bytes are
    /// @return the codec
    static <T extends @Nullable Object> SpsCodec<T> of(
            long minBytes, BiConsumer<SpsWriter, T> writer, Function<SpsReader, T> reader) {
        return new HandWrittenCodec<>(minBytes, writer, reader);
    }

    /// Reads all bytes of an array.
    ///
    /// @param bytes a value and nothing behind it
    /// @return the value
    /// @throws SpsException if they are something else
    default T decode(byte[] bytes) {
        SpsReader reader = SpsReader.of(bytes);
        T value = read(reader);
        reader.end();
        return value;
    }

    /// Writes a value into a new array.
    ///
    /// @param value what to write
    /// @return its bytes
    default byte[] encode(T value) {
        SpsWriter writer = new SpsWriter();
        write(writer, value);
        return writer.toByteArray();
    }
}
