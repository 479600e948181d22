// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api.type;

import java.util.Optional;

/// A kind together with the Java type through which it is used here: what to ask for instead of a cast.
///
/// @param <T> that type
/// @param kind what is asked for
/// @param type how it is used; a type that both sides of a question share, for example an interface of a module that
///     both require
public record TypeKey<T>(TypeId kind, Class<T> type) {

    /// Makes a key.
    ///
    /// @param <T> the Java type
    /// @param kind what is asked for
    /// @param type how it is used
    /// @return the key
    public static <T> TypeKey<T> of(TypeId kind, Class<T> type) {
        return new TypeKey<>(kind, type);
    }

    /// Looks at something through this key.
    ///
    /// @param valueKind the thing's kind
    /// @param value the thing
    /// @return the thing; empty if it is of another kind, or its class does not have this key's type, for
    ///     example because another class loader made it
    public Optional<T> view(TypeId valueKind, Object value) {
        return valueKind.isA(kind) && type.isInstance(value) ? Optional.of(type.cast(value)) : Optional.empty();
    }
}
