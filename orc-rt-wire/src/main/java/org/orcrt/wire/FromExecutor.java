// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.TransportException;
import org.orcrt.sps.SpsException;
import org.orcrt.sps.SpsReader;

/// What an executor sends to its controller.
///
/// @param calls runs handlers
/// @param introduction takes who the executor says it is
record FromExecutor(HandlerCalls calls, Consumer<BootstrapInfo> introduction) implements Incoming {

    /// Names and values are kept as long as the connection and take several times their bytes. Executors that are there
    /// send some thousand.
    private static final long MAX_SETUP_BYTES = 1 << 20;

    @Override
    public Peer peer() {
        return Peer.EXECUTOR;
    }

    @Override
    public void onSetup(MemorySegment payload, long offset, long length) {
        if (length > MAX_SETUP_BYTES) {
            throw new TransportException(
                    TransportException.PROTOCOL_VIOLATION,
                    "protocol violation by the peer: a Setup of %d bytes; at most %d are taken"
                            .formatted(length, MAX_SETUP_BYTES));
        }
        BootstrapInfo said;
        try {
            said = SetupMessage.read(new SpsReader().over(payload, offset, length));
        } catch (SpsException | IllegalArgumentException unreadable) {
            throw new TransportException(
                    TransportException.PROTOCOL_VIOLATION,
                    "protocol violation by the peer: its Setup cannot be read: " + unreadable.getMessage(),
                    unreadable);
        }
        introduction.accept(said);
    }

    @Override
    public void onCall(long target, MemorySegment args, long offset, long length, long callId) {
        calls.call(target, args, offset, length, callId);
    }
}
