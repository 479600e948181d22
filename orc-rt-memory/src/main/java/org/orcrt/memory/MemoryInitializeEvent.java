// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/// Loaded when something records, not before.
@Name("org.orcrt.MemoryInitialize")
@Label("Memory Initialize")
@Description("A region is put into a slab, with its initialize actions")
final class MemoryInitializeEvent extends MemoryEvent {

    private static final MemoryInitializeEvent ANY = new MemoryInitializeEvent();

    /// Whether a recording wants such events.
    static boolean isWanted() {
        return ANY.isEnabled();
    }
}
