// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.orcrt.api.WrapperFunction;
import org.orcrt.races.Registry;
import org.orcrt.races.planted.UnlockedRegistry;

/// The registry of functions for Lincheck.
public abstract class RegistryModel {

    private static final List<WrapperFunction> FUNCTIONS =
            List.of((args, offset, length, reply) -> {}, (args, offset, length, reply) -> {});

    private final Registry registry;

    /// The first address; the next ones follow.
    private final long first;

    RegistryModel(Registry registry) {
        this.registry = registry;
        WrapperFunction probe = (args, offset, length, reply) -> {};
        first = registry.bind(probe);
        registry.unbind(probe);
    }

    /// Ours.
    public static final class Real extends RegistryModel {

        /// A new one.
        public Real() {
            super(new RealRegistry());
        }
    }

    /// With the bug.
    public static final class WithBug extends RegistryModel {

        /// A new one.
        public WithBug() {
            super(new UnlockedRegistry());
        }
    }

    /// Binds.
    @Operation
    public long bind(@Param(gen = IntGen.class, conf = "0:1") int function) {
        return registry.bind(FUNCTIONS.get(function)) - first;
    }

    /// Takes a bind back, or says that there is none.
    @Operation
    public void unbind(@Param(gen = IntGen.class, conf = "0:1") int function) {
        registry.unbind(FUNCTIONS.get(function));
    }

    /// Looks up.
    @Operation
    public int boundAt(@Param(gen = IntGen.class, conf = "1:3") int address) {
        WrapperFunction found = registry.boundAt(first + address);
        return found == null ? -1 : FUNCTIONS.indexOf(found);
    }
}
