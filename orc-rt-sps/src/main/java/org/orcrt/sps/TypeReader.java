// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.memory.AllocAction;
import org.orcrt.api.memory.AllocActionPair;
import org.orcrt.api.memory.AllocGroup;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.SegmentRequest;

/// Finds out which type of SPS a Java type is. All its errors name the place, the type and the remedy.
final class TypeReader {

    private static final Map<Class<?>, SpsCodec<?>> BUILT_IN = Map.of(
            SpsError.class, SpsCodecs.ERROR,
            SymbolRequest.class, SpsCodecs.SYMBOL_REQUEST,
            SymbolDefinition.class, SpsCodecs.SYMBOL_DEFINITION,
            AllocGroup.class, SpsCodecs.ALLOC_GROUP,
            AllocAction.class, SpsCodecs.ALLOC_ACTION,
            AllocActionPair.class, SpsCodecs.ALLOC_ACTION_PAIR,
            SegmentRequest.class, SpsCodecs.SEGMENT,
            InitializeRequest.class, SpsCodecs.INITIALIZE_REQUEST);

    /// What is read where it lies.
    private static final Set<Class<?>> SLICES =
            Set.of(MemorySegment.class, SegmentRequest.class, InitializeRequest.class);

    private final Lookup lookup;
    private final Map<Class<?>, SpsCodec<?>> given;
    private final boolean mayHoldSlices;

    /// The records that are being looked at, the innermost first.
    private final Deque<Class<?>> open = new ArrayDeque<>();

    TypeReader(Lookup lookup, Map<Class<?>, SpsCodec<?>> given) {
        this(lookup, given, true);
    }

    private TypeReader(Lookup lookup, Map<Class<?>, SpsCodec<?>> given, boolean mayHoldSlices) {
        this.lookup = lookup;
        this.given = given;
        this.mayHoldSlices = mayHoldSlices;
    }

    /// For values that outlive their bytes.
    TypeReader withoutSlices() {
        return new TypeReader(lookup, given, false);
    }

    /// Reads a type.
    ///
    /// @param where what errors call the place
    SpsType read(AnnotatedType type, String where) {
        if (type instanceof AnnotatedParameterizedType generic) {
            refuseAnnotations(type, where);
            return readGeneric(generic, where);
        }
        if (type instanceof AnnotatedArrayType array) {
            refuseAnnotations(array.getAnnotatedGenericComponentType(), where);
        }
        if (!(type.getType() instanceof Class<?> plain)) {
            throw refuse(where, type, "name the type itself, without wildcards and type variables");
        }
        SpsCodec<?> codec = given.get(plain);
        if (codec == null && !mayHoldSlices && SLICES.contains(plain)) {
            throw refuse(where, type, "it lies in the reply, which is gone by then; take byte[], or return a stage");
        }
        return codec == null ? readPlain(type, plain, where) : new SpsType.Delegate(plain, codec);
    }

    /// Reads a record.
    ///
    /// @param where what errors call the place
    SpsType.Tuple readRecord(Class<?> type, String where) {
        if (type.getTypeParameters().length > 0) {
            throw refuse(where, type.getName(), "a generic record has no bytes of its own; write one for these types");
        }
        if (open.contains(type)) {
            throw refuse(
                    where,
                    type.getName(),
                    "it holds itself; write its codec with SpsCodecs.recursive and give it to SpsBinder.with");
        }
        open.push(type);
        List<SpsType.Part> parts = new ArrayList<>();
        List<Class<?>> types = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String place = "component '%s' of record %s".formatted(component.getName(), type.getName());
            parts.add(new SpsType.Part(component.getName(), read(component.getAnnotatedType(), place)));
            types.add(component.getType());
        }
        open.pop();
        requireAccess(type, types, where);
        return new SpsType.Tuple(type, List.copyOf(parts));
    }

    /// A codec for a type by itself.
    SpsCodec<?> codec(SpsType type) {
        return switch (type) {
            case SpsType.Leaf leaf -> leaf.codec;
            case SpsType.Boxed boxed -> boxed.leaf().codec;
            case SpsType.Sequence list -> SpsCodecs.list(codec(list.element()));
            case SpsType.Tuple tuple -> CodecClass.define(lookup, tuple);
            case SpsType.Delegate delegate -> delegate.codec();
        };
    }

    private SpsType readPlain(AnnotatedType type, Class<?> plain, String where) {
        SpsUnsigned unsigned = type.getAnnotation(SpsUnsigned.class);
        boolean isName = type.isAnnotationPresent(SpsName.class);
        if (isName && plain != String.class) {
            throw refuse(where, type, "only a String is an @SpsName");
        }
        if (unsigned != null) {
            return unsigned(plain, unsigned.value(), type, where);
        }
        if (isName) {
            return SpsType.Leaf.NAME;
        }
        SpsType.Leaf leaf = SpsType.Leaf.of(plain);
        if (leaf != null) {
            return leaf;
        }
        SpsType.Leaf boxed =
                SpsType.Leaf.of(MethodType.methodType(plain).unwrap().returnType());
        if (boxed != null) {
            return new SpsType.Boxed(boxed, plain);
        }
        SpsCodec<?> codec = BUILT_IN.get(plain);
        if (codec != null) {
            return new SpsType.Delegate(plain, codec);
        }
        if (plain.isRecord()) {
            return readRecord(plain, where);
        }
        throw refuse(where, type, remedy(type, plain));
    }

    private static void refuseAnnotations(AnnotatedType type, String where) {
        if (type.isAnnotationPresent(SpsName.class) || type.isAnnotationPresent(SpsUnsigned.class)) {
            throw refuse(where, type, "only a String is an @SpsName, and only an int or a long is @SpsUnsigned");
        }
    }

    private static SpsType unsigned(Class<?> plain, int bits, AnnotatedType type, String where) {
        if (plain == int.class || plain == Integer.class) {
            switch (bits) {
                case 8:
                    return boxed(SpsType.Leaf.UNSIGNED_8, plain);
                case 16:
                    return boxed(SpsType.Leaf.UNSIGNED_16, plain);
                default:
                    break;
            }
        }
        if (bits == 32 && (plain == long.class || plain == Long.class)) {
            return boxed(SpsType.Leaf.UNSIGNED_32, plain);
        }
        throw refuse(where, type, "@SpsUnsigned is for an int of 8 or 16 bits, or a long of 32");
    }

    private static SpsType boxed(SpsType.Leaf leaf, Class<?> plain) {
        return plain.isPrimitive() ? leaf : new SpsType.Boxed(leaf, plain);
    }

    private SpsType readGeneric(AnnotatedParameterizedType type, String where) {
        Class<?> raw = (Class<?>) ((ParameterizedType) type.getType()).getRawType();
        AnnotatedType[] arguments = type.getAnnotatedActualTypeArguments();
        if (raw == List.class) {
            SpsType element = read(arguments[0], where);
            requireBytes(element.minBytes(), where, type);
            return new SpsType.Sequence(element);
        }
        if (raw == Map.class) {
            SpsType key = read(arguments[0], where);
            SpsType value = read(arguments[1], where);
            requireBytes(key.minBytes() + value.minBytes(), where, type);
            if (key.javaType().isArray() || key.javaType() == MemorySegment.class) {
                throw refuse(where, type, "keys are compared by equals, which compares no contents here");
            }
            return new SpsType.Delegate(Map.class, SpsCodecs.map(codec(key), codec(value)));
        }
        if (raw == Optional.class) {
            return new SpsType.Delegate(Optional.class, SpsCodecs.optional(codec(read(arguments[0], where))));
        }
        if (raw == SpsExpected.class) {
            return new SpsType.Delegate(SpsExpected.class, SpsCodecs.expected(codec(read(arguments[0], where))));
        }
        throw refuse(where, type, "of generic types there are List, Map, Optional and SpsExpected");
    }

    private static void requireBytes(long minBytes, String where, AnnotatedType type) {
        if (minBytes == 0) {
            throw refuse(where, type, "an element may take no bytes, so no count of them could be too large");
        }
    }

    private void requireAccess(Class<?> type, List<Class<?>> components, String where) {
        try {
            lookup.findConstructor(lookup.accessClass(type), MethodType.methodType(void.class, components));
        } catch (IllegalAccessException | NoSuchMethodException hidden) {
            throw new IllegalArgumentException(
                    "%s: %s cannot be made from %s (%s); make it public, or give its codec to SpsBinder.with"
                            .formatted(
                                    where, type.getName(), lookup.lookupClass().getName(), hidden.getMessage()),
                    hidden);
        }
    }

    private static String remedy(AnnotatedType type, Class<?> plain) {
        if (plain == float.class || plain == double.class || plain == Float.class || plain == Double.class) {
            return "SPS has no fractions; send the bits as a long (Double.doubleToRawLongBits)";
        }
        if (plain.isEnum()) {
            return "SPS has no enums; send a number or a name, or give a codec to SpsBinder.with";
        }
        if (type instanceof AnnotatedArrayType) {
            return "of arrays there are byte[], int[] and long[]; else take a List";
        }
        if (plain.getTypeParameters().length > 0) {
            return "say what is in it, as in List<String>";
        }
        return "make it a record, or give a codec to SpsBinder.with";
    }

    private static IllegalArgumentException refuse(String where, AnnotatedType type, String remedy) {
        return refuse(where, type.getType().getTypeName(), remedy);
    }

    static IllegalArgumentException refuse(String where, @Nullable String type, String remedy) {
        return new IllegalArgumentException("%s: %s has no type in SPS: %s".formatted(where, type, remedy));
    }
}
