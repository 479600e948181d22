// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api.type;

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
}
