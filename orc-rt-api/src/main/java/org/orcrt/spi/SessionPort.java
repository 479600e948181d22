// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.OrcException;
import org.orcrt.api.Task;

/// The way up from a connection to its session. Called by the thread that reads, or by callers in the same
/// process; many at once are fine.
public interface SessionPort {

    /// The controller calls a wrapper function. Must neither block nor read from the connection.
    ///
    /// @param target the function's address
    /// @param args the argument bytes; valid until this method returns
    /// @param offset their offset in `args`, in bytes
    /// @param length how many they are
    /// @param callId names the call in its answer; every value is legal and means nothing up here
    /// @return `null` if nothing is left to do here; or the function's run, which the connection gives to
    ///     [#dispatch], or runs on a thread that has nothing better to do than to wait for its answer;
    ///     exactly one of the two, once
    @Nullable Task onWrapperCall(long target, MemorySegment args, long offset, long length, long callId);

    /// Hands a run to the session's dispatcher. If that is saturated, the call is answered with an error.
    ///
    /// @param run what [#onWrapperCall] returned
    void dispatch(Task run);

    /// The connection is over. Exactly once, whoever ended it, after the last [#onWrapperCall].
    ///
    /// @param failure what was observed, or `null` after an orderly end
    void onDisconnected(@Nullable OrcException failure);
}
