// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import org.jetbrains.lincheck.datastructures.Operation;
import org.orcrt.races.Lifecycle;
import org.orcrt.races.planted.UnlockedLifecycle;

/// The life of a session for Lincheck.
public abstract class SessionModel {

    private final Lifecycle session;

    SessionModel(Lifecycle session) {
        this.session = session;
    }

    /// Ours.
    public static final class Real extends SessionModel {

        /// A new one.
        public Real() {
            super(new RealLifecycle());
        }
    }

    /// With the bug.
    public static final class WithBug extends SessionModel {

        /// A new one.
        public WithBug() {
            super(new UnlockedLifecycle());
        }
    }

    /// The controller goes.
    @Operation(blocking = true)
    public void peerEnds() {
        session.peerEnds();
    }

    /// Detaches, and says whether the manager has heard of it by then.
    @Operation(blocking = true)
    public boolean detach() {
        session.detach();
        return session.heard().startsWith("D");
    }

    /// Shuts down, and says what the manager has heard by then.
    @Operation(blocking = true)
    public String shutdown() {
        session.shutdown(0);
        return session.heard();
    }

    /// Enters and stays.
    @Operation
    public boolean tryEnter() {
        return session.tryEnter();
    }
}
