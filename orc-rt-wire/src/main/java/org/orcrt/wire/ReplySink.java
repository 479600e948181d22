// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import org.orcrt.api.type.TypeId;

/// Where the answers to incoming calls go: one way for all calls of one direction of a connection.
public interface ReplySink {

    /// Takes the result of a call.
    ///
    /// @param bytes where it lies; copied before this method returns
    /// @param offset its offset in `bytes`, in bytes
    /// @param length how long it is
    /// @param callId which call
    void sendResult(MemorySegment bytes, long offset, long length, long callId);

    /// Takes why there is no result.
    ///
    /// @param kind [org.orcrt.api.OrcException#ERROR] or a kind below it
    /// @param text what went wrong
    /// @param callId which call
    void sendOutOfBandError(TypeId kind, String text, long callId);

    /// Takes a failure that nobody waits for.
    ///
    /// @param failure what happened
    void report(Throwable failure);
}
