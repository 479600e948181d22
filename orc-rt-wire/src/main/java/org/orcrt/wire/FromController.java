// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.Task;
import org.orcrt.spi.SessionPort;

/// What a controller sends to an executor's session.
///
/// @param port the session
record FromController(SessionPort port) implements Incoming {

    @Override
    public Peer peer() {
        return Peer.CONTROLLER;
    }

    @Override
    public void onSetup(MemorySegment payload, long offset, long length) {
        throw new AssertionError("refused by the receiver");
    }

    @Override
    public void onCall(long target, MemorySegment args, long offset, long length, long callId) {
        @Nullable Task run = port.onWrapperCall(target, args, offset, length, callId);
        if (run != null) {
            port.dispatch(run);
        }
    }
}
