// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.orcrt.races.Handlers;
import org.orcrt.races.planted.HastyHandlers;

/// The handlers of a controller for Lincheck.
public abstract class HandlersModel {

    private final Handlers handlers;

    HandlersModel(Handlers handlers) {
        this.handlers = handlers;
    }

    /// Ours.
    public static final class Real extends HandlersModel {

        /// A new one.
        public Real() {
            super(new RealHandlers());
        }
    }

    /// With the bug.
    public static final class WithBug extends HandlersModel {

        /// A new one.
        public WithBug() {
            super(new HastyHandlers());
        }
    }

    /// Takes a tag.
    @Operation
    public boolean register(@Param(gen = IntGen.class, conf = "0:1") int tag) {
        return handlers.register(tag, () -> {});
    }

    /// Gives it back.
    @Operation
    public void unregister(@Param(gen = IntGen.class, conf = "0:1") int tag) {
        handlers.unregister(tag);
    }

    /// Calls it.
    @Operation
    public boolean call(@Param(gen = IntGen.class, conf = "0:1") int tag) {
        return handlers.call(tag);
    }
}
