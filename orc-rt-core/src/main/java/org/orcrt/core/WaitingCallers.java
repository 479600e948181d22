// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import org.orcrt.api.CallStatus;
import org.orcrt.wire.BlockingCall;

/// What threads do that wait for an answer of the controller. It depends on where they are: a worker of the session's
/// dispatcher inside a call runs further calls; a thread made for one call cannot, and says that it waits, because with
/// all of them waiting nobody is left for the calls that the answers may depend on.
final class WaitingCallers {

    /// Withdraws a call.
    interface Canceller {
        boolean cancelCall(long callId, CallStatus why);
    }

    /// One of the three kinds. Without a state of its own: a call allocates none.
    class Here implements BlockingCall.Waiting {

        void begin(BlockingCall call) {}

        void end(BlockingCall call) {
            call.end(this);
        }

        @Override
        public final boolean cancelCall(long callId, CallStatus why) {
            return canceller.cancelCall(callId, why);
        }

        @Override
        public boolean runMeanwhile() {
            return false;
        }
    }

    private final class Worker extends Here {

        @Override
        void begin(BlockingCall call) {
            dispatchers.workers().add(call);
        }

        @Override
        void end(BlockingCall call) {
            dispatchers.workers().remove(call);
            super.end(call);
        }

        @Override
        public boolean runMeanwhile() {
            return dispatchers.workers().runQueued();
        }
    }

    private final class OwnThread extends Here {

        @Override
        void begin(BlockingCall call) {
            dispatchers.beginWait();
        }

        @Override
        void end(BlockingCall call) {
            dispatchers.endWait();
            super.end(call);
        }
    }

    private final Dispatchers dispatchers;
    private final Canceller canceller;
    private final Here elsewhere = new Here();
    private final Here worker = new Worker();
    private final Here ownThread = new OwnThread();

    WaitingCallers(Dispatchers dispatchers, Canceller canceller) {
        this.dispatchers = dispatchers;
        this.canceller = canceller;
    }

    /// What the current thread is.
    Here here() {
        return switch (dispatchers.placeOf(Thread.currentThread())) {
            case WORKER -> worker;
            case OWN_THREAD -> ownThread;
            case ELSEWHERE -> elsewhere;
        };
    }
}
