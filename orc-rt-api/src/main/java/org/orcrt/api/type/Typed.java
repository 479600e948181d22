// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api.type;

import java.util.Optional;

/// Something that knows its kind.
public interface Typed {
    /// The kind of this value.
    ///
    /// @return its most specific kind
    TypeId typeId();

    /// Tells whether this value is of a kind.
    ///
    /// @param kind the kind asked for
    /// @return whether this value's kind is `kind` or lies below it
    default boolean isA(TypeId kind) {
        return typeId().isA(kind);
    }

    /// Uses this value through a type. For values that may come from another class loader or module layer: what a
    /// cast would refuse with an exception is empty here.
    ///
    /// @param <T> the type
    /// @param key a kind, and the type
    /// @return this; empty if this value is of another kind, or its class does not have that type
    default <T> Optional<T> as(TypeKey<T> key) {
        return key.view(typeId(), this);
    }
}
