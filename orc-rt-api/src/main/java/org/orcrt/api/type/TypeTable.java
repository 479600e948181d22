// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api.type;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Kinds by name, each after its parents. A name has one parent: a table with two is refused. Immutable.
public final class TypeTable {

    /// How many kinds a table has at most; one that comes from a peer, too.
    public static final int MAX_KINDS = 1024;

    private final Map<String, TypeId> kinds = new LinkedHashMap<>();

    private TypeTable() {}

    /// Makes a table of kinds and of all that lie above them.
    ///
    /// @param kinds in any order; more than once is fine
    /// @return the table
    /// @throws IllegalArgumentException if two kinds have one name and different parents, or there are more than
    ///     [#MAX_KINDS]
    public static TypeTable of(Collection<TypeId> kinds) {
        TypeTable table = new TypeTable();
        kinds.forEach(table::add);
        return table;
    }

    private void add(TypeId kind) {
        @Nullable TypeId parent = kind.parent();
        if (parent != null) {
            add(parent);
        }
        TypeId before = kinds.putIfAbsent(kind.name(), kind);
        if (before != null && !kind.sameLineage(before)) {
            throw new IllegalArgumentException("kind '%s' has the parent %s and the parent %s; a kind has one"
                    .formatted(kind, before.parent(), parent));
        }
        if (kinds.size() > MAX_KINDS) {
            throw new IllegalArgumentException("more than " + MAX_KINDS + " kinds; name fewer of them");
        }
    }

    /// Finds a kind.
    ///
    /// @param name its name
    /// @return the kind with its parents, or empty if it is not in the table
    public Optional<TypeId> find(String name) {
        return Optional.ofNullable(kinds.get(name));
    }

    /// All kinds.
    ///
    /// @return each after its parents
    public Collection<TypeId> kinds() {
        return Collections.unmodifiableCollection(kinds.values());
    }
}
