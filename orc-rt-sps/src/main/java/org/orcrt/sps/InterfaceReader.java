// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Finds out which functions the methods of an interface are.
final class InterfaceReader {

    private final TypeReader types;
    private final String prefix;
    private final Duration timeout;
    private final boolean strict;

    InterfaceReader(TypeReader types, String prefix, Duration timeout, boolean strict) {
        this.types = types;
        this.prefix = prefix;
        this.timeout = timeout;
        this.strict = strict;
    }

    /// Reads an interface.
    ///
    /// @return its abstract methods in the order of their functions' names
    List<MethodShape> read(Class<?> type) {
        if (!type.isInterface() || type.isSealed() || type.getTypeParameters().length > 0) {
            throw new IllegalArgumentException(
                    type.getName() + " cannot be bound: take an interface that is neither sealed nor generic");
        }
        Map<String, MethodShape> byName = new LinkedHashMap<>();
        for (Method method : type.getMethods()) {
            if (Modifier.isAbstract(method.getModifiers()) && !isOfObject(method)) {
                MethodShape shape = shape(type, method);
                MethodShape other = byName.put(shape.name(), shape);
                if (other != null) {
                    throw new IllegalArgumentException(
                            "%s has two methods for function '%s'; name one with @SpsMethod(name = ...): %s, %s"
                                    .formatted(type.getName(), shape.name(), other.method(), method));
                }
            }
        }
        if (byName.isEmpty()) {
            throw new IllegalArgumentException(type.getName() + " has no abstract method to bind");
        }
        List<MethodShape> shapes = new ArrayList<>(byName.values());
        shapes.sort(Comparator.comparing(MethodShape::name));
        return shapes;
    }

    /// An interface may declare what every object has; that stays here.
    private static boolean isOfObject(Method method) {
        try {
            return Modifier.isPublic(Object.class
                    .getMethod(method.getName(), method.getParameterTypes())
                    .getModifiers());
        } catch (NoSuchMethodException ofItsOwn) {
            return false;
        }
    }

    private MethodShape shape(Class<?> type, Method method) {
        String place = type.getName() + "." + method.getName();
        if (method.getExceptionTypes().length > 0 && !areUnchecked(method.getExceptionTypes())) {
            throw new IllegalArgumentException(
                    "%s declares %s, but only the text of an error travels; throw CallException"
                            .formatted(place, Arrays.toString(method.getExceptionTypes())));
        }
        List<SpsType> parameters = new ArrayList<>();
        for (AnnotatedType parameter : method.getAnnotatedParameterTypes()) {
            parameters.add(types.read(parameter, "parameter %d of %s".formatted(parameters.size() + 1, place)));
        }
        AnnotatedType returned = method.getAnnotatedReturnType();
        boolean isStaged = method.getReturnType() == CompletionStage.class;
        if (isStaged && !(returned instanceof AnnotatedParameterizedType)) {
            throw TypeReader.refuse("the result of " + place, "CompletionStage", "say of what, or of Void");
        }
        if (isStaged) {
            returned = ((AnnotatedParameterizedType) returned).getAnnotatedActualTypeArguments()[0];
        }
        SpsMethod said = method.getAnnotation(SpsMethod.class);
        String name = said == null || said.name().isEmpty() ? prefix + method.getName() : said.name();
        SpsType result = result(returned, isStaged, place);
        SpsCodec<?> staged = isStaged ? stagedResult(method, result) : null;
        return new MethodShape(method, name, List.copyOf(parameters), result, staged, timeoutNs(said, place));
    }

    private SpsCodec<?> stagedResult(Method method, @Nullable SpsType result) {
        SpsCodec<?> value = result == null ? SpsCodecs.EMPTY : types.codec(result);
        return new ResultCodec<>(value, MethodShape.form(method, result), strict);
    }

    private @Nullable SpsType result(AnnotatedType returned, boolean isStaged, String place) {
        if (returned.getType() == (isStaged ? Void.class : void.class)) {
            return null;
        }
        // what a stage hands out lies in an array of its own
        return (isStaged ? types : types.withoutSlices()).read(returned, "the result of " + place);
    }

    private long timeoutNs(@Nullable SpsMethod said, String place) {
        long timeoutMs = said == null ? 0 : said.timeoutMs();
        if (timeoutMs < 0) {
            throw new IllegalArgumentException("timeoutMs of " + place + " is negative: " + timeoutMs);
        }
        return (timeoutMs == 0 ? timeout : Duration.ofMillis(timeoutMs)).toNanos();
    }

    private static boolean areUnchecked(Class<?>[] exceptions) {
        return Arrays.stream(exceptions)
                .allMatch(thrown ->
                        RuntimeException.class.isAssignableFrom(thrown) || Error.class.isAssignableFrom(thrown));
    }
}
