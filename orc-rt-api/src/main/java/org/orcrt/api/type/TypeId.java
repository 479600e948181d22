// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api.type;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// A named kind with at most one parent, compared by **name**, so that two class loaders or two processes agree.
///
/// @param name dotted, lower case, stable once released, for example `orc.error.memory`
/// @param parent the kind this one extends, or `null` for a root
public record TypeId(String name, @Nullable TypeId parent) implements Serializable {

    /// Makes a kind and checks its name.
    public TypeId {
        if (!name.matches("[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)*")) {
            throw new IllegalArgumentException("kind name is not dotted lower case: '" + name + "'");
        }
    }

    /// Makes a kind without a parent.
    ///
    /// @param name the kind's name
    /// @return the root kind
    public static TypeId root(String name) {
        return new TypeId(name, null);
    }

    /// Makes a kind below this one; its name is this name, a dot, and `leaf`.
    ///
    /// @param leaf the last part of the new name
    /// @return the new kind
    public TypeId child(String leaf) {
        return new TypeId(name + "." + leaf, this);
    }

    /// Tells whether this kind is `other` or lies below it.
    ///
    /// @param other the kind asked for
    /// @return whether a value of this kind may be used as one of `other`
    public boolean isA(TypeId other) {
        for (TypeId kind = this; kind != null; kind = kind.parent) {
            if (kind.name.equals(other.name)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TypeId that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
