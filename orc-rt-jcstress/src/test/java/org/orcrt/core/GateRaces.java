// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.orcrt.races.Door;
import org.orcrt.races.Planted;
import org.orcrt.races.planted.CarelessDoor;

/// The gate: nobody gets in once it was seen closed and empty, and who leaves last wakes who waits.
public final class GateRaces {

    private GateRaces() {}

    private static Door door() {
        return Planted.ON ? new CarelessDoor() : new RealDoor();
    }

    /// Acquire against close: who got in keeps the gate from being empty.
    @JCStressTest
    @State
    @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "entered before the gate closed: not empty")
    @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "refused: empty")
    @Outcome(expect = FORBIDDEN, desc = "entered an empty closed gate, or refused while somebody was inside")
    public static class EnterAgainstClose {

        private final Door door = door();

        /// Enters and stays.
        @Actor
        public void enter(ZZ_Result result) {
            result.r1 = door.tryEnter();
        }

        /// Closes, and looks without waiting.
        @Actor
        public void close(ZZ_Result result) {
            door.close();
            result.r2 = door.awaitEmpty(0);
        }
    }

    /// As many are inside after the close as got in: no count is lost, and none comes later.
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 0", "1, 1", "2, 2"},
            expect = ACCEPTABLE,
            desc = "counted right")
    @Outcome(expect = FORBIDDEN, desc = "somebody entered after the close, or was not counted")
    public static class TwoEnterAgainstClose {

        private final Door door = door();

        /// Enters twice and stays.
        @Actor
        public void enter(II_Result result) {
            result.r1 = (door.tryEnter() ? 1 : 0) + (door.tryEnter() ? 1 : 0);
        }

        /// Closes and counts.
        @Actor
        public void close(II_Result result) {
            door.close();
            result.r2 = (int) door.inside();
        }
    }

    /// Who sees the gate empty was woken for it, and sees what was done inside.
    @JCStressTest
    @State
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "woken, and sees what was done inside")
    @Outcome(expect = FORBIDDEN, desc = "not woken (-1), or does not see what was done inside (0)")
    public static class LeaveAgainstAwaitEmpty {

        private final Door door = door();
        private int done;

        /// Somebody is inside.
        public LeaveAgainstAwaitEmpty() {
            door.tryEnter();
        }

        /// Works and leaves.
        @Actor
        public void leave() {
            done = 1;
            door.leave();
        }

        /// Closes and waits.
        @Actor
        public void close(I_Result result) {
            door.close();
            long begunNs = System.nanoTime();
            boolean empty = door.awaitEmpty(Planted.PATIENCE_NS);
            result.r1 = empty && System.nanoTime() - begunNs < Planted.PATIENCE_NS ? done : -1;
        }
    }
}
