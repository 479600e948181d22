// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races;

/// What the races ask of a session with one resource manager, which records what it hears.
public interface Lifecycle {

    /// The controller ends the connection: on the thread that reads.
    void peerEnds();

    /// As of a session.
    void detach();

    /// As of a session.
    ///
    /// @return identifies the report
    ///
    /// @param boundNs how long to wait for whoever is inside, or is at it
    Object shutdown(long boundNs);

    /// Keeps the session's code alive, for ever.
    ///
    /// @return whether that was still possible
    boolean tryEnter();

    /// What the manager heard until now: `D` for a detach that is over, `S` for a shutdown.
    String heard();
}
