// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.CallException;
import org.orcrt.api.CallStatus;
import org.orcrt.api.OrcException;
import org.orcrt.api.PeerText;
import org.orcrt.api.TransportException;
import org.orcrt.api.type.TypeId;
import org.orcrt.spi.FrameSink;
import org.orcrt.spi.SessionPort;
import org.orcrt.sps.SpsException;
import org.orcrt.sps.SpsReader;

/// What each frame from the peer means. Whatever the protocol forbids ends the connection; nothing is repaired. Used by
/// the reader only.
final class FrameReceiver implements FrameSink {

    private static final MemorySegment UNREADABLE = MemorySegment.ofArray(
            "malformed result: its out-of-band error cannot be read".getBytes(StandardCharsets.UTF_8));

    private final Dialect dialect;
    private final PendingCalls pending;
    private final Peer peer;
    private final Incoming incoming;
    private final SpsReader reader = new SpsReader();

    /// Whether the peer has sent what must come first. A controller has nothing to say first.
    private boolean introduced;

    private boolean hungUp;
    private @Nullable OrcException hangupReason;

    FrameReceiver(Dialect dialect, PendingCalls pending, Incoming incoming) {
        this.dialect = dialect;
        this.pending = pending;
        this.peer = incoming.peer();
        this.incoming = incoming;
        this.introduced = peer == Peer.CONTROLLER;
    }

    /// For the executor's end.
    FrameReceiver(Dialect dialect, PendingCalls pending, SessionPort port) {
        this(dialect, pending, new FromController(port));
    }

    Peer peer() {
        return peer;
    }

    boolean isHungUp() {
        return hungUp;
    }

    /// Why the peer hung up, or `null` if orderly.
    @Nullable OrcException hangupReason() {
        return hangupReason;
    }

    @Override
    public void onFrame(MemorySegment bytes, long offset, long frameBytes) {
        if (hungUp) {
            throw violation("a frame follows the hang-up");
        }
        long opcode = FrameLayout.opcode(bytes, offset);
        long callId = FrameLayout.callId(bytes, offset);
        long target = FrameLayout.target(bytes, offset);
        long payload = offset + FrameLayout.HEADER_BYTES;
        long length = frameBytes - FrameLayout.HEADER_BYTES;
        if (opcode == Opcode.SETUP) {
            onSetup(callId, target, bytes, payload, length);
        } else if (opcode == Opcode.HANGUP) {
            onHangup(callId, target, bytes, payload, length);
        } else if (!introduced) {
            throw violation("the first frame is not Setup but has opcode " + Long.toUnsignedString(opcode));
        } else if (opcode == Opcode.CALL) {
            incoming.onCall(target, bytes, payload, length, callId);
        } else if (opcode == Opcode.RESULT) {
            onResult(callId, target, bytes, payload, length);
        } else {
            throw violation("unknown opcode " + Long.toUnsignedString(opcode));
        }
    }

    private void onSetup(long callId, long target, MemorySegment bytes, long payload, long length) {
        if (peer == Peer.CONTROLLER) {
            throw violation("a controller does not send Setup");
        }
        if (introduced) {
            throw violation("a second Setup");
        }
        if (callId != 0 || target != 0) {
            throw violation("a Setup has a call number or a target");
        }
        introduced = true;
        incoming.onSetup(bytes, payload, length);
    }

    private void onResult(long callId, long kind, MemorySegment bytes, long payload, long length) {
        if (kind == ResultKind.VALUE) {
            checkPending(callId, pending.answer(callId, CallStatus.RESULT, bytes, payload, length));
        } else if (kind == ResultKind.ERROR_TEXT && dialect.outOfBandKind()) {
            onErrorResult(callId, false, bytes, payload, length);
        } else if (kind == ResultKind.TYPED_ERROR && dialect.typedErrors()) {
            onErrorResult(callId, true, bytes, payload, length);
        } else {
            throw violation("result of call #" + Long.toUnsignedString(callId) + " has unknown kind "
                    + Long.toUnsignedString(kind));
        }
    }

    private void onErrorResult(long callId, boolean typed, MemorySegment bytes, long payload, long length) {
        TypeId kind = CallException.HANDLER_FAILED;
        MemorySegment text = bytes;
        long start = payload;
        long textBytes;
        try {
            reader.over(bytes, payload, length);
            kind = typed ? TypedError.readKind(reader) : kind;
            textBytes = reader.skipBytes();
            start = reader.position() - textBytes;
            reader.end();
        } catch (SpsException | IllegalArgumentException malformed) {
            kind = CallException.HANDLER_FAILED;
            text = UNREADABLE;
            start = 0;
            textBytes = UNREADABLE.byteSize();
        }
        checkPending(callId, pending.answerError(callId, kind, text, start, textBytes));
    }

    private static void checkPending(long callId, PendingCalls.Answer answer) {
        if (answer == PendingCalls.Answer.UNKNOWN) {
            throw violation("result of call #" + Long.toUnsignedString(callId) + ", which is not pending");
        }
    }

    private void onHangup(long callId, long target, MemorySegment bytes, long payload, long length) {
        if (callId != 0 || target != 0) {
            throw violation("a hang-up has a call number or a target");
        }
        try {
            String text = reader.over(bytes, payload, length).readError();
            reader.end();
            if (text != null) {
                hangupReason = new TransportException(
                        TransportException.PEER_GONE, "the " + peer.noun() + " hung up: " + PeerText.escape(text));
            }
        } catch (SpsException malformed) {
            throw new TransportException(
                    TransportException.PROTOCOL_VIOLATION, "the hang-up's reason cannot be read", malformed);
        }
        hungUp = true;
    }

    private static TransportException violation(String what) {
        return new TransportException(TransportException.PROTOCOL_VIOLATION, "protocol violation by the peer: " + what);
    }
}
