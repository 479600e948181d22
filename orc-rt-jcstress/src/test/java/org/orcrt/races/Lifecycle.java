// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races;

/// What the races ask of a session with one resource manager, which records what it hears.
public interface Lifecycle {

    /// The controller ends the connection: on the thread that reads.
    void peerEnds();

    /// As of a session.
    void detach();

    /// As of a session, without waiting for calls.
    ///
    /// @return identifies the report
    Object shutdown();

    /// Keeps the session's code alive, for ever.
    ///
    /// @return whether that was still possible
    boolean tryEnter();

    /// What the manager heard until now: `D` for a detach that is over, `S` for a shutdown.
    String heard();
}
