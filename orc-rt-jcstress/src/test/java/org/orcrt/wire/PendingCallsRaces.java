// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.JI_Result;
import org.orcrt.races.CallTable;
import org.orcrt.races.Planted;
import org.orcrt.races.planted.UnlockedCallTable;

/// Pending calls: whatever ends a call, its answer, its deadline or withdrawal, or the end of the connection, one of
/// them does, and it is told once; and a legal answer is never taken for a breach of the protocol.
public final class PendingCallsRaces {

    private static final int CALL = 7;

    private PendingCallsRaces() {}

    private static CallTable table() {
        return Planted.ON ? new UnlockedCallTable() : new RealCallTable();
    }

    /// Two answers with one number: the second one is a breach.
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 2, 1", "2, 0, 1"},
            expect = ACCEPTABLE,
            desc = "the first one counts")
    @Outcome(expect = FORBIDDEN, desc = "told twice or never")
    public static class AnswerAgainstAnswer {

        private final CallTable calls = table();
        private final long id = calls.add(CALL);

        /// One.
        @Actor
        public void answerOne(III_Result result) {
            result.r1 = calls.answer(id);
        }

        /// The other.
        @Actor
        public void answerOther(III_Result result) {
            result.r2 = calls.answer(id);
        }

        /// How often the call was told.
        @Arbiter
        public void look(III_Result result) {
            result.r3 = calls.told(CALL);
        }
    }

    /// An answer against the deadline, or a withdrawal.
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "answered in time")
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "the answer is late, and no breach")
    @Outcome(expect = FORBIDDEN, desc = "told twice or never, or a legal answer is a breach")
    public static class AnswerAgainstGiveUp {

        private final CallTable calls = table();
        private final long id = calls.add(CALL);

        /// The answer.
        @Actor
        public void answer(III_Result result) {
            result.r1 = calls.answer(id);
        }

        /// The deadline.
        @Actor
        public void giveUp(III_Result result) {
            result.r2 = calls.giveUp(id) ? 1 : 0;
        }

        /// How often the call was told.
        @Arbiter
        public void look(III_Result result) {
            result.r3 = calls.told(CALL);
        }
    }

    /// An answer against the end of the connection.
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 1", "2, 1"},
            expect = ACCEPTABLE,
            desc = "told once")
    @Outcome(expect = FORBIDDEN, desc = "told twice or never")
    public static class AnswerAgainstDetach {

        private final CallTable calls = table();
        private final long id = calls.add(CALL);

        /// The answer.
        @Actor
        public void answer(II_Result result) {
            result.r1 = calls.answer(id);
        }

        /// The end.
        @Actor
        public void detach() {
            calls.close();
        }

        /// How often the call was told.
        @Arbiter
        public void look(II_Result result) {
            result.r2 = calls.told(CALL);
        }
    }

    /// The deadline, or a withdrawal, against the end of the connection.
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 1", "1, 1"},
            expect = ACCEPTABLE,
            desc = "told once")
    @Outcome(expect = FORBIDDEN, desc = "told twice or never")
    public static class GiveUpAgainstDetach {

        private final CallTable calls = table();
        private final long id = calls.add(CALL);

        /// The deadline.
        @Actor
        public void giveUp(II_Result result) {
            result.r1 = calls.giveUp(id) ? 1 : 0;
        }

        /// The end.
        @Actor
        public void detach() {
            calls.close();
        }

        /// How often the call was told.
        @Arbiter
        public void look(II_Result result) {
            result.r2 = calls.told(CALL);
        }
    }

    /// A new call against the end: refused, or told of the end.
    @JCStressTest
    @State
    @Outcome(id = "-1, 0", expect = ACCEPTABLE, desc = "refused")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "entered, and told of the end")
    @Outcome(expect = FORBIDDEN, desc = "a call waits for ever, or is told although refused")
    public static class AddAgainstDetach {

        private final CallTable calls = table();

        /// A new call.
        @Actor
        public void add(JI_Result result) {
            result.r1 = calls.add(CALL);
        }

        /// The end.
        @Actor
        public void detach() {
            calls.close();
        }

        /// How often the call was told.
        @Arbiter
        public void look(JI_Result result) {
            result.r2 = calls.told(CALL);
        }
    }

    /// Two senders at once: two calls.
    @JCStressTest
    @State
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "each has its own number")
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

        /// Answers both.
        @Arbiter
        public void look(II_Result result) {
            calls.answer(one);
            calls.answer(other);
            result.r1 = calls.told(CALL);
            result.r2 = calls.told(CALL + 1);
        }
    }
}
