// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api.type;

import java.io.Serializable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A named kind with at most one parent, compared by **name**, so that two class loaders or two processes agree.
///
/// @param name dotted, lower case, stable once released, for example `orc.error.memory`
/// @param parent the kind this one extends, or `null` for a root
public record TypeId(String name, @Nullable TypeId parent) implements Serializable {

    /// The longest name of a kind, in characters.
    public static final int MAX_NAME_CHARS = 128;

    /// How many kinds a lineage has at most, from a kind up to its root.
    public static final int MAX_DEPTH = 16;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)*");

    /// Makes a kind; every kind that exists can travel to a peer.
    ///
    /// @throws IllegalArgumentException if the name is not dotted lower case, or longer than
    ///     [#MAX_NAME_CHARS]; if the lineage is longer than [#MAX_DEPTH], or has the name already
    public TypeId {
        if (name.length() > MAX_NAME_CHARS) { // first, because it may come from a peer
            throw new IllegalArgumentException("kind name of %d characters; %d are allowed: '%s...'"
                    .formatted(name.length(), MAX_NAME_CHARS, name.substring(0, MAX_NAME_CHARS)));
        }
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("kind name is not dotted lower case: '" + name + "'");
        }
        int depth = 1;
        for (TypeId above = parent; above != null; above = above.parent) {
            if (above.name.equals(name)) {
                throw new IllegalArgumentException("kind '" + name + "' lies below itself");
            }
            if (++depth > MAX_DEPTH) {
                throw new IllegalArgumentException(
                        "kind '%s' lies more than %d below its root".formatted(name, MAX_DEPTH));
            }
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

    /// Tells whether two kinds have the same name and the same names above it.
    ///
    /// @param other another kind, perhaps of another class loader
    /// @return whether nobody can tell them apart
    public boolean sameLineage(TypeId other) {
        TypeId mine = this;
        TypeId its = other;
        while (mine != null && its != null && mine.name.equals(its.name)) {
            mine = mine.parent;
            its = its.parent;
        }
        return mine == null && its == null;
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
