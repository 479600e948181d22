// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles.Lookup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.api.memory.AllocAction;
import org.orcrt.api.memory.AllocActionPair;
import org.orcrt.api.memory.AllocGroup;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.SegmentRequest;

/// A codec for each type of SPS. Those of tuples are records: [#forRecord].
///
/// ```java
/// SpsCodec<List<Optional<ExecutorAddress>>> found = SpsCodecs.list(SpsCodecs.optional(SpsCodecs.ADDRESS));
/// ```
public final class SpsCodecs {

    /// Nothing: 0 bytes, and the value `null`.
    public static final SpsCodec<@Nullable Void> EMPTY =
            new HandWrittenCodec<@Nullable Void>(0, (w, v) -> {}, r -> null);

    /// A bool: 1 byte, 0 or 1.
    public static final SpsCodec<Boolean> BOOL = SpsCodec.of(1, SpsWriter::bool, SpsReader::readBool);

    /// A signed 8-bit number, or a `char` of C.
    public static final SpsCodec<Byte> I8 = SpsCodec.of(1, (w, v) -> w.u8(v), r -> (byte) r.readU8());

    /// An unsigned 8-bit number.
    public static final SpsCodec<Integer> U8 = SpsCodec.of(1, SpsWriter::unsigned8, SpsReader::readU8);

    /// A signed 16-bit number.
    public static final SpsCodec<Short> I16 = SpsCodec.of(2, (w, v) -> w.u16(v), r -> (short) r.readU16());

    /// An unsigned 16-bit number.
    public static final SpsCodec<Integer> U16 = SpsCodec.of(2, SpsWriter::unsigned16, SpsReader::readU16);

    /// A 32-bit number.
    public static final SpsCodec<Integer> I32 = SpsCodec.of(4, SpsWriter::i32, SpsReader::readI32);

    /// An unsigned 32-bit number.
    public static final SpsCodec<Long> U32 = SpsCodec.of(4, SpsWriter::unsigned32, SpsReader::readU32);

    /// 64 bits, signed or not.
    public static final SpsCodec<Long> I64 = SpsCodec.of(8, SpsWriter::u64, SpsReader::readU64);

    /// A `size_t`: 64 bits, and never negative in Java. Sizes of 2^63 and above are refused.
    public static final SpsCodec<Long> SIZE = SpsCodec.of(8, SpsWriter::count, SpsCodecs::readSize);

    /// A string, byte for byte: symbol names.
    public static final SpsCodec<String> NAME = SpsCodec.of(8, SpsWriter::name, SpsReader::readName);

    /// A string in UTF-8: messages.
    public static final SpsCodec<String> TEXT = SpsCodec.of(8, SpsWriter::text, SpsReader::readText);

    /// A sequence of bytes, copied.
    public static final SpsCodec<byte[]> BYTES = SpsCodec.of(8, SpsWriter::bytes, SpsReader::readBytes);

    /// A sequence of bytes, read where it lies; valid as long as the reader's bytes.
    public static final SpsCodec<MemorySegment> SLICE = SpsCodec.of(8, SpsWriter::bytes, SpsReader::readSlice);

    /// A sequence of 32-bit numbers.
    public static final SpsCodec<int[]> INTS = SpsCodec.of(8, SpsWriter::ints, SpsReader::readInts);

    /// A sequence of 64-bit numbers.
    public static final SpsCodec<long[]> LONGS = SpsCodec.of(8, SpsWriter::longs, SpsReader::readLongs);

    /// An address.
    public static final SpsCodec<ExecutorAddress> ADDRESS = SpsCodec.of(8, SpsWriter::address, SpsReader::readAddress);

    /// Two addresses, the second not below the first.
    public static final SpsCodec<ExecutorAddressRange> RANGE = SpsCodec.of(16, SpsWriter::range, SpsReader::readRange);

    /// Success or an error text.
    public static final SpsCodec<SpsError> ERROR = SpsCodec.of(1, SpsCodecs::writeError, SpsCodecs::readError);

    /// How an allocation is protected and how long it lives.
    public static final SpsCodec<AllocGroup> ALLOC_GROUP = SpsCodec.of(1, SpsMemory::writeGroup, SpsMemory::readGroup);

    /// A call that an allocation asks for.
    public static final SpsCodec<AllocAction> ALLOC_ACTION =
            SpsCodec.of(16, SpsMemory::writeAction, SpsMemory::readAction);

    /// Two calls that an allocation asks for.
    public static final SpsCodec<AllocActionPair> ALLOC_ACTION_PAIR =
            SpsCodec.of(32, SpsMemory::writeActionPair, SpsMemory::readActionPair);

    /// A segment with its content, read where it lies.
    public static final SpsCodec<SegmentRequest> SEGMENT =
            SpsCodec.of(25, SpsMemory::writeSegment, SpsMemory::readSegment);

    /// What one `initialize` shall do; contents are read where they lie.
    public static final SpsCodec<InitializeRequest> INITIALIZE_REQUEST =
            SpsCodec.of(16, SpsMemory::writeInitializeRequest, SpsMemory::readInitializeRequest);

    /// What one `initialize` of shared memory shall do.
    public static final SpsCodec<InitializeRequest> SHARED_INITIALIZE_REQUEST =
            SpsCodec.of(16, SpsMemory::writeSharedInitializeRequest, SpsMemory::readSharedInitializeRequest);

    /// One symbol of a look-up.
    public static final SpsCodec<SymbolRequest> SYMBOL_REQUEST = SpsCodec.of(
            9, (w, v) -> w.name(v.name()).bool(v.required()), r -> new SymbolRequest(r.readName(), r.readBool()));

    /// The symbols of a look-up.
    public static final SpsCodec<List<SymbolRequest>> SYMBOL_LOOKUP_SET = list(SYMBOL_REQUEST);

    /// Where a symbol lies and what it is.
    public static final SpsCodec<SymbolDefinition> SYMBOL_DEFINITION = SpsCodec.of(
            10,
            (w, v) -> w.address(v.address()).u8(v.flags()).u8(v.targetFlags()),
            r -> new SymbolDefinition(r.readAddress(), r.readU8(), r.readU8()));

    private SpsCodecs() {}

    /// Makes the codec of a record: its components in order, as a tuple. The codec is compiled for this
    /// record; it uses no reflection and boxes no number. Which Java type becomes which type of SPS: see the
    /// package. To be called once for each record, and kept in a `static final`.
    ///
    /// @param <R> the record's type
    /// @param lookup `MethodHandles.lookup()` of a class that may see the record, its constructor, and the
    ///     records in it
    /// @param type the record
    /// @return the codec
    /// @throws IllegalArgumentException if a component has no type in SPS, or the lookup may not see it;
    ///     names the record, the component and the remedy
    public static <R extends Record> SpsCodec<R> forRecord(Lookup lookup, Class<R> type) {
        return SpsBinder.in(lookup).codec(type);
    }

    /// Makes the codec of a sequence. It reads into an `ArrayList`.
    ///
    /// @param <T> the element's type
    /// @param element how an element lies in bytes
    /// @return the codec
    /// @throws IllegalArgumentException if an element may take no bytes: then no count of them could be too large
    public static <T> SpsCodec<List<T>> list(SpsCodec<T> element) {
        long elementBytes = requireBytes(element);
        return SpsCodec.of(
                Long.BYTES,
                (writer, list) -> {
                    writer.count(list.size());
                    for (T value : list) {
                        element.write(writer, value);
                    }
                },
                reader -> {
                    int count = reader.readLength(elementBytes);
                    List<T> list = new ArrayList<>(count);
                    for (int i = 0; i < count; i++) {
                        list.add(element.read(reader));
                    }
                    return list;
                });
    }

    /// Makes the codec of a map: a sequence of keys and values. It writes in the order of the map's
    /// iterator, so give it a sorted map if the bytes are to depend on nothing else, and reads into an
    /// unmodifiable map of the order in the bytes. A key that comes twice is refused, as LLVM does.
    ///
    /// @param <K> the keys' type; equal if their bytes are
    /// @param <V> the values' type
    /// @param key how a key lies in bytes
    /// @param value how a value lies in bytes
    /// @return the codec
    /// @throws IllegalArgumentException if key and value together may take no bytes
    public static <K, V> SpsCodec<Map<K, V>> map(SpsCodec<K> key, SpsCodec<V> value) {
        long entryBytes = requireBytes(key.minBytes() + value.minBytes());
        return SpsCodec.of(
                Long.BYTES,
                (writer, map) -> {
                    writer.count(map.size());
                    for (Map.Entry<K, V> entry : map.entrySet()) {
                        key.write(writer, entry.getKey());
                        value.write(writer, entry.getValue());
                    }
                },
                reader -> readMap(reader, entryBytes, key, value));
    }

    /// Makes the codec of a value that may be missing.
    ///
    /// @param <T> the value's type
    /// @param value how it lies in bytes if it is there
    /// @return the codec
    public static <T> SpsCodec<Optional<T>> optional(SpsCodec<T> value) {
        return SpsCodec.of(
                Byte.BYTES,
                (writer, optional) -> {
                    writer.bool(optional.isPresent());
                    if (optional.isPresent()) {
                        value.write(writer, optional.get());
                    }
                },
                reader -> reader.readBool() ? Optional.of(value.read(reader)) : Optional.empty());
    }

    /// Makes the codec of a value, or of why there is none.
    ///
    /// @param <T> the value's type
    /// @param value how it lies in bytes if it is there
    /// @return the codec
    public static <T> SpsCodec<SpsExpected<T>> expected(SpsCodec<T> value) {
        return SpsCodec.of(
                Byte.BYTES,
                (writer, expected) -> {
                    switch (expected) {
                        case SpsExpected.Value<T> there -> value.write(writer.expected(), there.value());
                        case SpsExpected.Failure<T> failure -> writer.unexpected(failure.text());
                    }
                },
                reader -> reader.readBool()
                        ? SpsExpected.of(value.read(reader))
                        : SpsExpected.failure(reader.readText()));
    }

    /// Makes the codec of an address range that holds whole elements.
    ///
    /// @param elementBytes the size of one of them
    /// @return the codec; it refuses a range whose size is no multiple of that, on both ways
    public static SpsCodec<ExecutorAddressRange> range(long elementBytes) {
        requireBytes(elementBytes);
        return SpsCodec.of(
                2 * Long.BYTES,
                (writer, range) -> {
                    if (hasPart(range, elementBytes)) {
                        throw new IllegalArgumentException(partial(range, elementBytes));
                    }
                    writer.range(range);
                },
                reader -> {
                    long at = reader.position();
                    ExecutorAddressRange range = reader.readRange();
                    if (hasPart(range, elementBytes)) {
                        throw reader.malformed(at, partial(range, elementBytes));
                    }
                    return range;
                });
    }

    /// Makes a codec of a type that may hold values of itself, up to 64 deep.
    ///
    /// @param <T> the type
    /// @param minBytes what even the smallest value takes
    /// @param body is given the codec to be, and returns how a value lies in bytes
    /// @return the codec
    public static <T> SpsCodec<T> recursive(long minBytes, UnaryOperator<SpsCodec<T>> body) {
        return new RecursiveCodec<>(minBytes, body);
    }

    private static <K, V> Map<K, V> readMap(SpsReader reader, long entryBytes, SpsCodec<K> key, SpsCodec<V> value) {
        int count = reader.readLength(entryBytes);
        Map<K, V> map = new LinkedHashMap<>(); // grows with what is really there
        for (int i = 0; i < count; i++) {
            long at = reader.position();
            K name = key.read(reader);
            if (map.containsKey(name)) {
                throw reader.malformed(at, "key " + (i + 1) + " of a map comes twice");
            }
            map.put(name, value.read(reader));
        }
        return Collections.unmodifiableMap(map);
    }

    private static void writeError(SpsWriter writer, SpsError error) {
        String text = error.text();
        if (text == null) {
            writer.success();
        } else {
            writer.error(text);
        }
    }

    private static SpsError readError(SpsReader reader) {
        String text = reader.readError();
        return text == null ? SpsError.SUCCESS : SpsError.of(text);
    }

    private static long readSize(SpsReader reader) {
        long at = reader.position();
        long size = reader.readU64();
        if (size < 0) {
            throw reader.malformed(at, "a size of " + Long.toUnsignedString(size) + " is too large");
        }
        return size;
    }

    private static boolean hasPart(ExecutorAddressRange range, long elementBytes) {
        return Long.remainderUnsigned(range.end().value() - range.start().value(), elementBytes) != 0;
    }

    private static String partial(ExecutorAddressRange range, long elementBytes) {
        return "range [%s, %s) does not hold whole elements of %d B"
                .formatted(range.start(), range.end(), elementBytes);
    }

    private static long requireBytes(SpsCodec<?> element) {
        return requireBytes(element.minBytes());
    }

    private static long requireBytes(long elementBytes) {
        if (elementBytes < 1) {
            throw new IllegalArgumentException("an element of a sequence takes at least 1 B, not " + elementBytes
                    + ": no count could be too large");
        }
        return elementBytes;
    }
}
