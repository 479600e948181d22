// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.OrcException;

/// The way up from a connection to its session. Called by the thread that reads, one call at a time.
public interface SessionPort {

    /// The controller calls a wrapper function. Must neither block nor read from the connection.
    ///
    /// @param target the function's address
    /// @param args the argument bytes; valid until this method returns
    /// @param offset their offset in `args`, in bytes
    /// @param length how many they are
    /// @param callId names the call in its answer; every value is legal and means nothing up here
    void onWrapperCall(long target, MemorySegment args, long offset, long length, long callId);

    /// The connection is over. Exactly once, whoever ended it, after the last [#onWrapperCall].
    ///
    /// @param failure what was observed, or `null` after an orderly end
    void onDisconnected(@Nullable OrcException failure);
}
