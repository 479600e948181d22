// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;

/// A Java type together with its bytes: what a signature says, ready to be compiled by [TypeCompiler].
sealed interface SpsType {

    /// The Java type, without its parameters.
    Class<?> javaType();

    /// What even the smallest value takes.
    long minBytes();

    /// What a reader and a writer have a method for.
    enum Leaf implements SpsType {
        BOOLEAN(boolean.class, boolean.class, "Bool", SpsCodecs.BOOL),
        BYTE(byte.class, int.class, "U8", SpsCodecs.I8),
        SHORT(short.class, int.class, "U16", SpsCodecs.I16),
        CHAR(char.class, int.class, "U16", SpsCodec.<Character>of(2, SpsWriter::u16, r -> (char) r.readU16())),
        INT(int.class, int.class, "I32", SpsCodecs.I32),
        LONG(long.class, long.class, "U64", SpsCodecs.I64),
        UNSIGNED_8(int.class, int.class, "unsigned8", "U8", SpsCodecs.U8),
        UNSIGNED_16(int.class, int.class, "unsigned16", "U16", SpsCodecs.U16),
        UNSIGNED_32(long.class, long.class, "unsigned32", "U32", SpsCodecs.U32),
        TEXT(String.class, String.class, "Text", SpsCodecs.TEXT),
        NAME(String.class, String.class, "Name", SpsCodecs.NAME),
        BYTES(byte[].class, byte[].class, "Bytes", SpsCodecs.BYTES),
        INTS(int[].class, int[].class, "Ints", SpsCodecs.INTS),
        LONGS(long[].class, long[].class, "Longs", SpsCodecs.LONGS),
        SLICE(MemorySegment.class, MemorySegment.class, "bytes", "Slice", SpsCodecs.SLICE),
        ADDRESS(ExecutorAddress.class, ExecutorAddress.class, "Address", SpsCodecs.ADDRESS),
        RANGE(ExecutorAddressRange.class, ExecutorAddressRange.class, "Range", SpsCodecs.RANGE);

        private final Class<?> javaType;

        /// What the methods take and return; the same as the Java type, or wider.
        final Class<?> carrier;

        /// The method of [SpsWriter].
        final String writeMethod;

        /// The method of [SpsReader].
        final String readMethod;

        final SpsCodec<?> codec;

        Leaf(Class<?> javaType, Class<?> carrier, String methods, SpsCodec<?> codec) {
            this(javaType, carrier, Character.toLowerCase(methods.charAt(0)) + methods.substring(1), methods, codec);
        }

        Leaf(Class<?> javaType, Class<?> carrier, String writeMethod, String readSuffix, SpsCodec<?> codec) {
            this.javaType = javaType;
            this.carrier = carrier;
            this.writeMethod = writeMethod;
            this.readMethod = "read" + readSuffix;
            this.codec = codec;
        }

        @Override
        public Class<?> javaType() {
            return javaType;
        }

        @Override
        public long minBytes() {
            return codec.minBytes();
        }

        /// The leaf that a type is unless an annotation says otherwise.
        static @Nullable Leaf of(Class<?> type) {
            for (Leaf leaf : values()) {
                if (leaf.javaType == type) {
                    return leaf;
                }
            }
            return null;
        }
    }

    /// A leaf in its box, because a type parameter is no primitive.
    record Boxed(Leaf leaf, Class<?> javaType) implements SpsType {

        @Override
        public long minBytes() {
            return leaf.minBytes();
        }
    }

    /// A `List`.
    record Sequence(SpsType element) implements SpsType {

        @Override
        public Class<?> javaType() {
            return List.class;
        }

        @Override
        public long minBytes() {
            return Long.BYTES;
        }
    }

    /// A record.
    record Tuple(Class<?> javaType, List<Part> parts) implements SpsType {

        @Override
        public long minBytes() {
            return parts.stream().mapToLong(part -> part.type().minBytes()).sum();
        }
    }

    /// A component of a record.
    record Part(String name, SpsType type) {}

    /// Whatever has a codec of its own.
    record Delegate(Class<?> javaType, SpsCodec<?> codec) implements SpsType {

        @Override
        public long minBytes() {
            return codec.minBytes();
        }
    }
}
