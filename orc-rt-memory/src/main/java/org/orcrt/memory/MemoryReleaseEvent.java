// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/// Loaded when something records, not before.
@Name("org.orcrt.MemoryRelease")
@Label("Memory Release")
@Description("A slab goes, with the regions that are left in it")
final class MemoryReleaseEvent extends MemoryEvent {

    private static final MemoryReleaseEvent ANY = new MemoryReleaseEvent();

    /// Whether a recording wants such events.
    static boolean isWanted() {
        return ANY.isEnabled();
    }
}
