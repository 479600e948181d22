// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.orcrt.races.CallTable;
import org.orcrt.races.Planted;
import org.orcrt.races.planted.UnlockedCallTable;

/// Pending calls: whoever ends a call, by its answer, because it was not sent, or because the connection ends, one of
/// them gets it, and it is told once.
public final class PendingCallsRaces {

    private static final long CALL = 7;

    private PendingCallsRaces() {}

    private static CallTable table() {
        return Planted.ON ? new UnlockedCallTable() : new RealCallTable();
    }

    /// Of two takers one.
    @Outcome(
            id = {"7, -1", "-1, 7"},
            expect = ACCEPTABLE,
            desc = "one has it")
    @Outcome(expect = FORBIDDEN, desc = "both have it, or none")
    public static class OneHasIt {}

    /// A reply against a second one of that number (or against the sender who failed).
    @JCStressTest
    @State
    @JCStressMeta(OneHasIt.class)
    public static class TakeAgainstTake {

        private final CallTable calls = table();
        private final long id = calls.add(CALL);

        /// One.
        @Actor
        public void takeOne(JJ_Result result) {
            result.r1 = calls.take(id);
        }

        /// The other.
        @Actor
        public void takeOther(JJ_Result result) {
            result.r2 = calls.take(id);
        }
    }

    /// A reply against the end of the connection.
    @JCStressTest
    @State
    @JCStressMeta(OneHasIt.class)
    public static class TakeAgainstDetach {

        private final CallTable calls = table();
        private final long id = calls.add(CALL);

        /// The reply.
        @Actor
        public void take(JJ_Result result) {
            result.r1 = calls.take(id);
        }

        /// The end.
        @Actor
        public void detach(JJ_Result result) {
            result.r2 = calls.takeAny();
        }
    }

    /// A new call against the end: the end finds it, at once or when it looks again.
    @JCStressTest
    @State
    @Outcome(
            id = {"7, 8, -1", "7, -1, 8", "8, 7, -1"},
            expect = ACCEPTABLE,
            desc = "every call is taken once")
    @Outcome(expect = FORBIDDEN, desc = "a call is lost or taken twice")
    public static class AddAgainstDetach {

        private final CallTable calls = table();

        /// A call waits already.
        public AddAgainstDetach() {
            calls.add(CALL);
        }

        /// A new call.
        @Actor
        public void add() {
            calls.add(CALL + 1);
        }

        /// The end.
        @Actor
        public void detach(JJJ_Result result) {
            result.r1 = calls.takeAny();
            result.r2 = calls.takeAny();
        }

        /// Looks again.
        @Arbiter
        public void look(JJJ_Result result) {
            result.r3 = calls.takeAny();
        }
    }

    /// Two senders at once: two calls.
    @JCStressTest
    @State
    @Outcome(id = "7, 8", expect = ACCEPTABLE, desc = "each finds its own")
    @Outcome(expect = FORBIDDEN, desc = "two calls with one number")
    public static class AddAgainstAdd {

        private final CallTable calls = table();
        private long one;
        private long other;

        /// One.
        @Actor
        public void addOne() {
            one = calls.add(CALL);
        }

        /// The other.
        @Actor
        public void addOther() {
            other = calls.add(CALL + 1);
        }

        /// Takes both.
        @Arbiter
        public void look(JJ_Result result) {
            result.r1 = calls.take(one);
            result.r2 = calls.take(other);
        }
    }
}
