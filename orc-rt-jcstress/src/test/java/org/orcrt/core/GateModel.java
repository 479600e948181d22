// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import org.jetbrains.lincheck.datastructures.Operation;
import org.orcrt.races.Door;
import org.orcrt.races.planted.CarelessDoor;

/// The gate for Lincheck: every history must be one that a gate used by one thread could have.
public abstract class GateModel {

    private final Door door;

    GateModel(Door door) {
        this.door = door;
    }

    /// Ours.
    public static final class Real extends GateModel {

        /// A new one.
        public Real() {
            super(new RealDoor());
        }
    }

    /// With the bug.
    public static final class WithBug extends GateModel {

        /// A new one.
        public WithBug() {
            super(new CarelessDoor());
        }
    }

    /// Enters.
    @Operation
    public boolean tryEnter() {
        return door.tryEnter();
    }

    /// Leaves, or says that nobody is inside.
    @Operation
    public void leave() {
        door.leave();
    }

    /// Closes, and says whether nobody is inside.
    @Operation
    public boolean close() {
        door.close();
        return door.awaitEmpty(0);
    }
}
