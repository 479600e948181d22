// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.SendStatus;
import org.orcrt.api.TransportException;
import org.orcrt.spi.MessageChannel;

/// Writes one frame at a time: claim, header, the one copy, commit, flush. A channel that failed once takes nothing
/// more.
final class FrameSender {

    private final MessageChannel channel;
    private final ReentrantLock lock = new ReentrantLock();

    /// Guarded by the lock.
    private final SendEvents events = new SendEvents();

    /// Guarded by the lock.
    private boolean closed;

    /// Written under the lock; read by the reader, which ends the connection with it.
    private volatile @Nullable TransportException failure;

    /// Written before `failure`.
    private long failedAtNs;

    FrameSender(MessageChannel channel) {
        this.channel = channel;
    }

    SendStatus send(long opcode, long callId, long target, MemorySegment payload, long offset, long length) {
        long frameBytes = FrameLayout.HEADER_BYTES + length;
        lock.lock();
        try {
            if (closed) {
                return SendStatus.DISCONNECTED;
            }
            events.begin(frameBytes);
            long at = channel.tryClaim(frameBytes);
            if (at == MessageChannel.NO_ROOM) {
                events.refused();
                return SendStatus.BACK_PRESSURED;
            }
            if (at == MessageChannel.GONE) {
                events.gone();
                return SendStatus.DISCONNECTED;
            }
            MemorySegment out = channel.outgoing();
            FrameLayout.putHeader(out, at, frameBytes, opcode, callId, target);
            MemorySegment.copy(payload, offset, out, at + FrameLayout.HEADER_BYTES, length);
            channel.commit(at, frameBytes);
            channel.flush(opcode == Opcode.CALL ? MessageChannel.CALL : MessageChannel.RESULT);
            events.sent();
            return SendStatus.SENT;
        } catch (TransportException broken) {
            failedAtNs = System.nanoTime();
            failure = broken;
            closed = true;
            events.gone();
            return SendStatus.DISCONNECTED;
        } finally {
            lock.unlock();
        }
    }

    /// Sends a frame that nothing follows.
    void sendLast(long opcode, MemorySegment payload, long offset, long length) {
        lock.lock();
        try {
            send(opcode, 0, 0, payload, offset, length);
            close();
        } finally {
            lock.unlock();
        }
    }

    /// Why sending stopped, or `null` if it has not failed.
    @Nullable TransportException failure() {
        return failure;
    }

    /// How long ago sending failed, in nanoseconds; -1 if it has not.
    long failedFor() {
        return failure == null ? -1 : System.nanoTime() - failedAtNs;
    }

    /// Nothing is sent after this returns.
    void close() {
        lock.lock();
        try {
            closed = true;
            events.gone();
        } finally {
            lock.unlock();
        }
    }
}
