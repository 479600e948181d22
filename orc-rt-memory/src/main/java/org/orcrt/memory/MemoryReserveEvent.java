// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/// Loaded when something records, not before.
@Name("org.orcrt.MemoryReserve")
@Label("Memory Reserve")
@Description("Address space is reserved: a slab")
final class MemoryReserveEvent extends MemoryEvent {

    private static final MemoryReserveEvent ANY = new MemoryReserveEvent();

    /// Whether a recording wants such events.
    static boolean isWanted() {
        return ANY.isEnabled();
    }
}
