// SPDX-License-Identifier: Apache-2.0
package org.orcrt.testing;

import java.util.List;

/// Scenarios for [FaultSweep]. `bin/soak faults` finds a suite by its class name and makes it without arguments.
public interface FaultSuite {

    /// One word.
    String name();

    /// All of them, in an order that does not change.
    List<FaultSweep.Scenario> scenarios();

    /// Goes through all scenarios.
    ///
    /// @param all every case; otherwise about a tenth
    /// @param limit so many cases at most
    /// @return what came of it
    default FaultSweep sweep(boolean all, long limit) {
        FaultSweep sweep = new FaultSweep(all, limit);
        scenarios().forEach(sweep::sweep);
        return sweep;
    }
}
