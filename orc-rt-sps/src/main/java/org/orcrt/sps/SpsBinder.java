// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.invoke.MethodHandles.Lookup;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Turns Java types into SPS: records into codecs, interfaces into functions and proxies. Which Java type becomes which
/// type of SPS: see the package. Immutable.
///
/// ```java
/// static final SpsInterface<Calculator> CALCULATOR =
///         SpsBinder.in(MethodHandles.lookup()).withPrefix("calculator.").bind(Calculator.class);
/// ```
///
/// What it makes is compiled for these types, at the moment of the call, into classes that nobody can name, in the
/// package of the lookup's class. So bind once, and keep what you get in a `static final`.
public final class SpsBinder {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private final Lookup lookup;
    private final Map<Class<?>, SpsCodec<?>> codecs;
    private final Options options;

    private SpsBinder(Lookup lookup, Map<Class<?>, SpsCodec<?>> codecs, Options options) {
        this.lookup = lookup;
        this.codecs = codecs;
        this.options = options;
    }

    /// Makes a binder that may do what a class may do.
    ///
    /// @param lookup `MethodHandles.lookup()` of a class that may see the types
    /// @return a binder without prefix and codecs, with calls of at most 30 s, that does not look at trailing bytes
    /// @throws IllegalArgumentException if the lookup has not all rights of its class
    public static SpsBinder in(Lookup lookup) {
        if (!lookup.hasFullPrivilegeAccess()) {
            throw new IllegalArgumentException(
                    lookup + " has not all rights of its class; pass MethodHandles.lookup()");
        }
        return new SpsBinder(lookup, Map.of(), new Options("", DEFAULT_TIMEOUT, false));
    }

    /// Takes a codec for all values of a type, wherever they stand.
    ///
    /// @param <T> the type
    /// @param type the type; without type parameters
    /// @param codec how its values lie in bytes
    /// @return a binder that knows it
    public <T> SpsBinder with(Class<T> type, SpsCodec<T> codec) {
        if (type.isPrimitive() || type.getTypeParameters().length > 0) {
            throw new IllegalArgumentException(
                    type.getName() + " cannot be given a codec: take a type that is neither primitive nor generic");
        }
        Map<Class<?>, SpsCodec<?>> more = new HashMap<>(codecs);
        more.put(type, codec);
        return new SpsBinder(lookup, Map.copyOf(more), options);
    }

    /// Puts something in front of the names of functions that their methods do not name whole.
    ///
    /// @param prefix for example `calculator.`
    /// @return a binder that does so
    public SpsBinder withPrefix(String prefix) {
        return new SpsBinder(lookup, codecs, new Options(prefix, options.timeout(), options.strict()));
    }

    /// Says how long calls may take whose methods do not say it.
    ///
    /// @param timeout at most that long
    /// @return a binder that does so
    public SpsBinder withTimeout(Duration timeout) {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("timeout is not positive: " + timeout);
        }
        return new SpsBinder(lookup, codecs, new Options(options.prefix(), timeout, options.strict()));
    }

    /// Refuses arguments and results that bytes follow. LLVM's readers do not look at them.
    ///
    /// @return a binder that does so
    public SpsBinder strict() {
        return new SpsBinder(lookup, codecs, new Options(options.prefix(), options.timeout(), true));
    }

    /// Makes the codec of a record, as [SpsCodecs#forRecord].
    ///
    /// @param <R> the record's type
    /// @param type the record
    /// @return the codec
    /// @throws IllegalArgumentException if a component has no type in SPS, or the lookup may not see it;
    ///     names the record, the component and the remedy
    public <R extends Record> SpsCodec<R> codec(Class<R> type) {
        TypeReader types = new TypeReader(lookup, codecs);
        @SuppressWarnings("unchecked") // compiled for this record
        SpsCodec<R> codec = (SpsCodec<R>) types.codec(types.readRecord(type, "record " + type.getName()));
        return codec;
    }

    /// Binds an interface: each abstract method is a function. Its arguments are the function's, in order;
    /// its result is the function's, at once or in a [java.util.concurrent.CompletionStage].
    ///
    /// @param <T> the interface's type
    /// @param type the interface; neither sealed nor generic
    /// @return proxies and functions of it
    /// @throws IllegalArgumentException if a type in it has no type in SPS, the lookup may not see it, or
    ///     two methods are one function; names the method and the remedy
    public <T> SpsInterface<T> bind(Class<T> type) {
        try {
            lookup.accessClass(type);
        } catch (IllegalAccessException hidden) {
            throw new IllegalArgumentException(
                    "%s cannot see %s; make it public"
                            .formatted(lookup.lookupClass().getName(), type.getName()),
                    hidden);
        }
        TypeReader types = new TypeReader(lookup, codecs);
        InterfaceReader methods = new InterfaceReader(types, options.prefix(), options.timeout(), options.strict());
        return new SpsInterface<>(lookup, type, methods.read(type), options.strict());
    }

    private record Options(String prefix, Duration timeout, boolean strict) {}
}
