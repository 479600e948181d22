// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import org.orcrt.api.type.TypeId;
import org.orcrt.api.type.Typed;

/// A native object of the executor: an address has no class, so its kind says what it is. Owns nothing.
///
/// @param typeId what lies there, for example `orc.handle.library`
/// @param address where it lies; what the null address means is a matter of the kind
public record Handle(TypeId typeId, ExecutorAddress address) implements Typed {

    /// The kind of all handles.
    public static final TypeId KIND = TypeId.root("orc.handle");

    /// A library that the executor has loaded; the null address is the process itself.
    public static final TypeId LIBRARY = KIND.child("library");

    /// Checks the kind.
    ///
    /// @throws IllegalArgumentException if `typeId` is not [#KIND] or below
    public Handle {
        if (!typeId.isA(KIND)) {
            throw new IllegalArgumentException(typeId + " is not the kind of a handle; it must lie below " + KIND);
        }
    }

    @Override
    public String toString() {
        return typeId + " " + address;
    }
}
