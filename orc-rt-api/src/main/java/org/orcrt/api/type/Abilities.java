// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api.type;

import java.util.Optional;

/// Something that may be able to do more than its interface says. An ability may be newer than what is asked for it:
/// whoever does not know it answers empty, and the asker does without.
///
/// ```java
/// Optional<WatchedMemory> watched = map.ability(WatchedMemory.KEY);
/// ```
public interface Abilities {

    /// Asks for an ability.
    ///
    /// @param <A> how it is used
    /// @param key which ability; an implementation answers with [TypeKey#view], which never casts in vain
    /// @return the ability, which lives as long as this object; empty unless overridden
    default <A> Optional<A> ability(TypeKey<A> key) {
        return Optional.empty();
    }
}
