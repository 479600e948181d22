// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;
import org.orcrt.api.Execution;
import org.orcrt.api.WrapperFunction;
import org.orcrt.races.Planted;
import org.orcrt.races.Registry;
import org.orcrt.races.planted.UnlockedRegistry;

/// The registry of functions: an address means its function from a bind to the unbind that belongs to it.
public final class RegistryRaces {

    /// So many entries that one more makes a hash table grow.
    private static final int ALMOST_FULL = 12;

    private RegistryRaces() {}

    private static Registry registry() {
        return Planted.ON ? new UnlockedRegistry() : new RealRegistry();
    }

    private static WrapperFunction function() {
        return WrapperFunction.on(Execution.LEAF, (args, offset, length, reply) -> {});
    }

    /// A second bind keeps the function bound, whatever becomes of the first.
    @JCStressTest
    @State
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "bound when bind returned, and at the end")
    @Outcome(expect = FORBIDDEN, desc = "bound, but not there")
    public static class BindAgainstUnbind {

        private final Registry registry = registry();
        private final WrapperFunction function = function();
        private long address;

        /// Bound once.
        public BindAgainstUnbind() {
            registry.bind(function);
        }

        /// Binds again.
        @Actor
        public void bind(ZZ_Result result) {
            address = registry.bind(function);
            result.r1 = registry.boundAt(address) == function;
        }

        /// Takes the first one back.
        @Actor
        public void unbind() {
            registry.unbind(function);
        }

        /// Looks.
        @Arbiter
        public void look(ZZ_Result result) {
            result.r2 = registry.boundAt(address) == function;
        }
    }

    /// A function has one address however often it is bound, and it stays until all have taken it back.
    @JCStressTest
    @State
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "one address, free after as many unbinds as binds")
    @Outcome(expect = FORBIDDEN, desc = "two addresses, or not free at the end")
    public static class BindAgainstBind {

        private final Registry registry = registry();
        private final WrapperFunction function = function();
        private long one;
        private long other;

        /// Binds.
        @Actor
        public void bindOne() {
            one = registry.bind(function);
        }

        /// Binds.
        @Actor
        public void bindOther() {
            other = registry.bind(function);
        }

        /// Takes both back.
        @Arbiter
        public void look(ZZ_Result result) {
            result.r1 = one == other;
            registry.unbind(function);
            try {
                registry.unbind(function);
                result.r2 = registry.boundAt(one) == null;
            } catch (IllegalStateException lostCount) {
                result.r2 = false;
            }
        }
    }

    /// A look-up finds its function while others come.
    @JCStressTest
    @State
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "found")
    @Outcome(expect = FORBIDDEN, desc = "bound, but not found")
    public static class LookUpAgainstBind {

        private final Registry registry = registry();
        private final WrapperFunction function = function();
        private final WrapperFunction newcomer = function();
        private final long address;

        /// Almost full.
        public LookUpAgainstBind() {
            for (int k = 1; k < ALMOST_FULL; k++) {
                registry.bind(function());
            }
            address = registry.bind(function);
        }

        /// Binds another function.
        @Actor
        public void bind() {
            registry.bind(newcomer);
        }

        /// Looks the first one up.
        @Actor
        public void lookUp(Z_Result result) {
            result.r1 = registry.boundAt(address) == function;
        }
    }
}
