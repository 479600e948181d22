// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import java.lang.foreign.MemorySegment;

/// Hears of the outcome of outgoing calls; one handler may serve many.
@FunctionalInterface
public interface ResultHandler {

    /// The outcome of one call, exactly once, on the thread that reads the channel (on the thread that disconnects if
    /// the status is [CallStatus#DISCONNECTED]). Must neither block nor wait for another call.
    ///
    /// @param status how the call ended
    /// @param bytes the result, or the text of the error in UTF-8; valid until this method returns
    /// @param offset its offset in `bytes`, in bytes
    /// @param length how long it is
    /// @param context what the caller gave
    void onResult(CallStatus status, MemorySegment bytes, long offset, long length, long context);
}
