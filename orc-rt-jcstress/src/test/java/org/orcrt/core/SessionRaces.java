// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.ZL_Result;
import org.orcrt.races.Lifecycle;
import org.orcrt.races.Planted;
import org.orcrt.races.planted.UnlockedLifecycle;

/// The end of a session: managers hear of the detach once, then of the shutdown once, and who asked for either waits
/// until they have heard it.
public final class SessionRaces {

    private SessionRaces() {}

    private static Lifecycle session() {
        return Planted.ON ? new UnlockedLifecycle() : new RealLifecycle();
    }

    /// The controller goes while we detach.
    @JCStressTest
    @State
    @Outcome(id = "D, D", expect = ACCEPTABLE, desc = "heard once, before detach returned")
    @Outcome(expect = FORBIDDEN, desc = "detach returned too early, or the manager heard of it twice")
    public static class PeerEndAgainstDetach {

        private final Lifecycle session = session();

        /// The controller ends the connection.
        @Actor
        public void peerEnds() {
            session.peerEnds();
        }

        /// We end it.
        @Actor
        public void detach(LL_Result result) {
            session.detach();
            result.r1 = session.heard();
        }

        /// Looks.
        @Arbiter
        public void look(LL_Result result) {
            result.r2 = session.heard();
        }
    }

    /// Two detach at once: both wait.
    @JCStressTest
    @State
    @Outcome(id = "D, D, D", expect = ACCEPTABLE, desc = "heard once, before either returned")
    @Outcome(expect = FORBIDDEN, desc = "detach returned too early, or the manager heard of it twice")
    public static class DetachAgainstDetach {

        private final Lifecycle session = session();

        /// One.
        @Actor
        public void detachOne(LLL_Result result) {
            session.detach();
            result.r1 = session.heard();
        }

        /// The other.
        @Actor
        public void detachOther(LLL_Result result) {
            session.detach();
            result.r2 = session.heard();
        }

        /// Looks.
        @Arbiter
        public void look(LLL_Result result) {
            result.r3 = session.heard();
        }
    }

    /// The controller goes while we shut down.
    @JCStressTest
    @State
    @Outcome(id = "DS, DS", expect = ACCEPTABLE, desc = "each heard once, in this order, before shutdown returned")
    @Outcome(expect = FORBIDDEN, desc = "too early, twice, or in the wrong order")
    public static class PeerEndAgainstShutdown {

        private final Lifecycle session = session();

        /// The controller ends the connection.
        @Actor
        public void peerEnds() {
            session.peerEnds();
        }

        /// We end everything.
        @Actor
        public void shutdown(LL_Result result) {
            session.shutdown(0);
            result.r1 = session.heard();
        }

        /// Looks.
        @Arbiter
        public void look(LL_Result result) {
            result.r2 = session.heard();
        }
    }

    /// Two shut down at once: one does it, both wait, both get its report.
    @JCStressTest
    @State
    @Outcome(id = "DS, DS, DS same", expect = ACCEPTABLE, desc = "once, before either returned, with one report")
    @Outcome(expect = FORBIDDEN, desc = "too early, twice, in the wrong order, or with two reports")
    public static class ShutdownAgainstShutdown {

        private final Lifecycle session = session();
        private Object one = "none";
        private Object other = "none";

        /// One.
        @Actor
        public void shutdownOne(LLL_Result result) {
            one = session.shutdown(Planted.PATIENCE_NS);
            result.r1 = session.heard();
        }

        /// The other.
        @Actor
        public void shutdownOther(LLL_Result result) {
            other = session.shutdown(Planted.PATIENCE_NS);
            result.r2 = session.heard();
        }

        /// Looks.
        @Arbiter
        public void look(LLL_Result result) {
            result.r3 = session.heard() + (one == other ? " same" : " different");
        }
    }

    /// Acquire against close: what is kept alive is not freed.
    @JCStressTest
    @State
    @Outcome(id = "true, D", expect = ACCEPTABLE, desc = "kept alive: nothing freed")
    @Outcome(id = "false, DS", expect = ACCEPTABLE, desc = "refused: freed")
    @Outcome(expect = FORBIDDEN, desc = "freed although kept alive, or not freed although nobody is inside")
    public static class EnterAgainstShutdown {

        private final Lifecycle session = session();

        /// Enters and stays.
        @Actor
        public void enter(ZL_Result result) {
            result.r1 = session.tryEnter();
        }

        /// Shuts down without waiting.
        @Actor
        public void shutdown() {
            session.shutdown(0);
        }

        /// Looks.
        @Arbiter
        public void look(ZL_Result result) {
            result.r2 = session.heard();
        }
    }
}
