// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;
import org.orcrt.races.Fate;
import org.orcrt.races.Planted;
import org.orcrt.races.TaskRunner;
import org.orcrt.races.planted.HastyTaskRunner;

/// The dispatcher: an accepted task is run or discarded, once, and that is over when shutdown returns.
public final class DispatcherRaces {

    private DispatcherRaces() {}

    private static TaskRunner dispatcher() {
        return Planted.ON ? new HastyTaskRunner() : new RealTaskRunner();
    }

    /// One task, which gets a thread at once or comes too late.
    @JCStressTest
    @State
    @Outcome(
            id = {"RUN", "REFUSED"},
            expect = ACCEPTABLE,
            desc = "run once, or left to its owner")
    @Outcome(expect = FORBIDDEN, desc = "lost, touched after it was refused, or done with twice")
    public static class DispatchAgainstShutdown {

        private final TaskRunner dispatcher = dispatcher();
        private final Fate task = new Fate();

        /// Hands the task over.
        @Actor
        public void dispatch() {
            task.handTo(dispatcher);
        }

        /// Waits for all.
        @Actor
        public void shutdown() {
            dispatcher.shutdown();
        }

        /// Looks.
        @Arbiter
        public void look(L_Result result) {
            result.r1 = task.toString();
        }
    }

    /// Two tasks, where the second may have to wait in the queue for the first one's place.
    @JCStressTest
    @State
    @Outcome(
            id = "(RUN|REFUSED), (RUN|DISCARDED|REFUSED)",
            expect = ACCEPTABLE,
            desc = "each run or discarded once, or left to its owner")
    @Outcome(expect = FORBIDDEN, desc = "lost, touched after it was refused, or done with twice")
    public static class HandOffAgainstShutdown {

        private final TaskRunner dispatcher = dispatcher();
        private final Fate first = new Fate();
        private final Fate second = new Fate();

        /// Hands both over.
        @Actor
        public void dispatch() {
            first.handTo(dispatcher);
            second.handTo(dispatcher);
        }

        /// Waits for all.
        @Actor
        public void shutdown() {
            dispatcher.shutdown();
        }

        /// Looks.
        @Arbiter
        public void look(LL_Result result) {
            result.r1 = first.toString();
            result.r2 = second.toString();
        }
    }
}
