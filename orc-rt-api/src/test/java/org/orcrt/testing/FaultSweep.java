// SPDX-License-Identifier: Apache-2.0
package org.orcrt.testing;

import java.util.ArrayList;
import java.util.List;
import org.orcrt.testing.FaultyCalls.Call;
import org.orcrt.testing.FaultyCalls.Fault;

/// Makes every system call of a scenario fail in every way, one at a time, and after each failure every call that
/// follows it, too.
public final class FaultSweep {

    /// A second failure comes in every third way.
    private static final int PAIR_STEP = 3;

    /// So much is told of what does not hold.
    private static final int MAX_TOLD = 20;

    /// Something that makes system calls.
    public interface Scenario {

        /// What it does, in a few words.
        String name();

        /// Does it, on everything new, while some calls fail; then looks whether the state is what it must be.
        ///
        /// @param faults what fails; a fault whose call does not come is an error
        /// @return the calls that were made while they could fail
        /// @throws AssertionError if something is not as it must be
        List<Call> attempt(List<Fault> faults);
    }

    private final boolean all;
    private final long limit;
    private long cases;
    private long pairs;
    private long broken;
    private final List<String> told = new ArrayList<>();

    /// @param all every case; otherwise each call fails in one way, and every tenth pair of failures is tried
    /// @param limit so many cases at most
    public FaultSweep(boolean all, long limit) {
        this.all = all;
        this.limit = limit;
    }

    /// Goes through a scenario.
    public void sweep(Scenario scenario) {
        List<Call> calls = attempt(scenario, List.of());
        for (int k = 0; k < calls.size(); k++) {
            List<Fault> ways = FaultTable.faultsOf(calls.get(k));
            Fault first = ways.get(k % ways.size());
            for (Fault way : all ? ways : List.of(first)) {
                List<Call> after = attempt(scenario, List.of(way));
                if (way == first) {
                    sweepPairs(scenario, first, after);
                }
            }
        }
    }

    private void sweepPairs(Scenario scenario, Fault first, List<Call> calls) {
        for (Call call : calls) {
            if (!call.thread().equals(first.thread()) || call.index() <= first.index()) {
                continue;
            }
            List<Fault> ways = FaultTable.faultsOf(call);
            int step = Math.min(PAIR_STEP, ways.size());
            for (int k = (first.index() + call.index()) % step; k < ways.size(); k += step) {
                if (all || pairs++ % 10 == 0) {
                    attempt(scenario, List.of(first, ways.get(k)));
                }
            }
        }
    }

    private List<Call> attempt(Scenario scenario, List<Fault> faults) {
        if (cases >= limit) {
            return List.of();
        }
        cases++;
        try {
            return scenario.attempt(faults);
        } catch (RuntimeException | AssertionError notHeld) {
            if (++broken <= MAX_TOLD) {
                told.add("%s, %s: %s".formatted(scenario.name(), faults, notHeld));
            }
            return List.of();
        }
    }

    /// How many cases there were.
    public long cases() {
        return cases;
    }

    /// How many did not hold.
    public long broken() {
        return broken;
    }

    /// The first of those that did not hold.
    public List<String> told() {
        return List.copyOf(told);
    }
}
