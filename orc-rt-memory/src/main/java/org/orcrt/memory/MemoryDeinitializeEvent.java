// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/// Loaded when something records, not before.
@Name("org.orcrt.MemoryDeinitialize")
@Label("Memory Deinitialize")
@Description("A region goes, with its deinitialize actions")
final class MemoryDeinitializeEvent extends MemoryEvent {

    private static final MemoryDeinitializeEvent ANY = new MemoryDeinitializeEvent();

    /// Whether a recording wants such events.
    static boolean isWanted() {
        return ANY.isEnabled();
    }
}
