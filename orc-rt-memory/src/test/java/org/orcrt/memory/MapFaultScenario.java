// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.MemoryMapException;
import org.orcrt.testing.FaultSweep;
import org.orcrt.testing.FaultyCalls.Call;
import org.orcrt.testing.FaultyCalls.Fault;
import org.orcrt.testing.Held;

/// Something that is done with a memory map while its system calls fail.
///
/// @param name what is done
/// @param shared whether with a [SharedMemoryMapper]
/// @param kind what must hold afterwards
/// @param prepare comes before; nothing fails in it
/// @param step what is done; can be done again if it fails without a trace
record MapFaultScenario(String name, boolean shared, Kind kind, Consumer<FaultRig> prepare, Consumer<FaultRig> step)
        implements FaultSweep.Scenario {

    /// What a step does to the map, by which [MapFaultCheck] knows what must be there after a failure.
    enum Kind {
        RESERVE,
        INITIALIZE,
        DEINITIALIZE,
        RELEASE,
        SHUTDOWN,
        DETACH
    }

    @Override
    public List<Call> attempt(List<Fault> faults) {
        Held held = Held.now();
        FaultRig rig = new FaultRig(shared);
        prepare.accept(rig);
        rig.runner.forget();
        MapFaultState before = MapFaultState.of(rig);
        rig.faults.arm(faults);
        MemoryMapException failure = outcome(rig);
        List<Call> calls = rig.faults.disarm();
        MapFaultCheck check = new MapFaultCheck(rig, kind, before, calls, failure);
        check.faultsCame(faults.size());
        check.everythingIsTold();
        check.stateIsRight();
        check.mapIsUsable(this::outcome);
        check.nothingIsLeft(held);
        return calls;
    }

    private @Nullable MemoryMapException outcome(FaultRig rig) {
        try {
            step.accept(rig);
            return null;
        } catch (MemoryMapException failure) {
            return failure;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
