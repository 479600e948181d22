// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.NativeMemoryMap;
import org.orcrt.races.Leases;
import org.orcrt.races.Planted;
import org.orcrt.races.planted.UnlockedLeases;

/// Which memory map an address means: no two maps have one address.
public final class MemoryInstancesRaces {

    private static final Leases<NativeMemoryMap> INSTANCES = Planted.ON ? new UnlockedLeases<>() : new RealInstances();

    private MemoryInstancesRaces() {}

    private static final class RealInstances implements Leases<NativeMemoryMap> {

        @Override
        public long lease(NativeMemoryMap thing) {
            return MemoryInstances.register(thing).value();
        }

        @Override
        public @Nullable NativeMemoryMap at(long address) {
            return MemoryInstances.at(address);
        }

        @Override
        public void release(long address) {
            MemoryInstances.unregister(new ExecutorAddress(address));
        }
    }

    private static boolean keepsItsAddress(NativeMemoryMap mine) {
        long address = INSTANCES.lease(mine);
        boolean found = INSTANCES.at(address) == mine;
        INSTANCES.release(address);
        return found;
    }

    /// Two register, look and unregister.
    @JCStressTest
    @State
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "each found its own map at its address")
    @Outcome(expect = FORBIDDEN, desc = "an address was given twice, or not to be found")
    public static class RegisterAgainstRegister {

        private final NativeMemoryMap one = new NoMemory();
        private final NativeMemoryMap other = new NoMemory();

        /// One.
        @Actor
        public void registerOne(ZZ_Result result) {
            result.r1 = keepsItsAddress(one);
        }

        /// The other.
        @Actor
        public void registerOther(ZZ_Result result) {
            result.r2 = keepsItsAddress(other);
        }
    }

    private static final class NoMemory implements NativeMemoryMap {

        @Override
        public ExecutorAddress reserve(long sizeBytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ExecutorAddress initialize(InitializeRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void deinitializeAll(List<ExecutorAddress> keys) {}

        @Override
        public void releaseAll(List<ExecutorAddress> slabs) {}

        @Override
        public void abandon() {}

        @Override
        public void detach() {}

        @Override
        public void shutdown() {}
    }
}
