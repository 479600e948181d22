// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import org.orcrt.api.type.TypeId;
import org.orcrt.api.type.TypeKey;

/// An ability of a memory map: it counts what it holds and does.
///
/// ```java
/// session.resource(NativeMemoryMap.class).flatMap(map -> map.ability(WatchedMemory.KEY)).ifPresent(
///         memory -> System.out.println(memory.statistics()));
/// ```
public interface WatchedMemory {

    /// What to ask a map for.
    TypeKey<WatchedMemory> KEY = TypeKey.of(TypeId.root("orc.ability.watched-memory"), WatchedMemory.class);

    /// What the map holds and has done. Any thread, at any time.
    ///
    /// @return a snapshot
    MemoryStatistics statistics();
}
