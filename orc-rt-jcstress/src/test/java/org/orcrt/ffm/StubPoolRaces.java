// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.orcrt.races.Leases;
import org.orcrt.races.Planted;
import org.orcrt.races.planted.UnlockedLeases;

/// The pool of native addresses for Java functions, one for the process: no two functions have one address.
public final class StubPoolRaces {

    private static final Leases<Upcall> POOL = Planted.ON ? new UnlockedLeases<>() : new RealPool();

    private StubPoolRaces() {}

    private static final class RealPool implements Leases<Upcall> {

        @Override
        public long lease(Upcall thing) {
            return StubPool.lease(thing);
        }

        @Override
        public @Nullable Upcall at(long address) {
            return StubPool.at(address);
        }

        @Override
        public void release(long address) {
            StubPool.release(address);
        }
    }

    private static boolean keepsItsAddress(Upcall mine) {
        long address = POOL.lease(mine);
        boolean found = POOL.at(address) == mine;
        POOL.release(address);
        return found;
    }

    /// Two lease, look and release.
    @JCStressTest
    @State
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "each found its own function at its address")
    @Outcome(expect = FORBIDDEN, desc = "an address was leased twice, or not to be found")
    public static class LeaseAgainstLease {

        private final Upcall one = new Nothing();
        private final Upcall other = new Nothing();

        /// One.
        @Actor
        public void leaseOne(ZZ_Result result) {
            result.r1 = keepsItsAddress(one);
        }

        /// The other.
        @Actor
        public void leaseOther(ZZ_Result result) {
            result.r2 = keepsItsAddress(other);
        }
    }

    private static final class Nothing implements Upcall {

        @Override
        public void call(long a, long b, long c, long d, long result) {}
    }
}
