// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.orcrt.races.Handlers;
import org.orcrt.races.Planted;
import org.orcrt.races.planted.HastyHandlers;

/// Handlers of a controller: a call runs the whole of one or is refused, and nobody is in one that was taken back.
public final class HandlerRaces {

    private static final long TAG = 5;

    private HandlerRaces() {}

    private static Handlers handlers() {
        return Planted.ON ? new HastyHandlers() : new RealHandlers();
    }

    /// A call against the end of its handler.
    @JCStressTest
    @State
    @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "ran, and was over when the handler was taken back")
    @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "refused")
    @Outcome(expect = FORBIDDEN, desc = "a handler ran that was taken back")
    public static class CallAgainstUnregister {

        private final Handlers handlers = handlers();
        private volatile boolean takenBack;
        private boolean late;

        /// One handler.
        public CallAgainstUnregister() {
            handlers.register(TAG, () -> late = takenBack);
        }

        /// A call.
        @Actor
        public void call(ZZ_Result result) {
            result.r1 = handlers.call(TAG);
            result.r2 = late;
        }

        /// The end of the handler.
        @Actor
        public void unregister() {
            handlers.unregister(TAG);
            takenBack = true;
        }
    }

    /// Two handlers for one tag.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, false", "false, true"},
            expect = ACCEPTABLE,
            desc = "one has the tag")
    @Outcome(expect = FORBIDDEN, desc = "both have it, or none")
    public static class RegisterAgainstRegister {

        private final Handlers handlers = handlers();

        /// One.
        @Actor
        public void registerOne(ZZ_Result result) {
            result.r1 = handlers.register(TAG, () -> {});
        }

        /// The other.
        @Actor
        public void registerOther(ZZ_Result result) {
            result.r2 = handlers.register(TAG, () -> {});
        }
    }
}
