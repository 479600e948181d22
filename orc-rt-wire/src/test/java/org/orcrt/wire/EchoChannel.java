// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.TransportException;
import org.orcrt.spi.BlockingMessageChannel;
import org.orcrt.spi.FrameSink;

/// A channel in memory whose far end answers calls with their arguments, all but every third, and which can be told to
/// break at a certain call.
final class EchoChannel extends BlockingMessageChannel {

    /// What goes wrong with the call that breaks.
    enum Fault {
        NONE,
        NO_CLAIM,
        FAILED_FLUSH
    }

    private final byte[] buffer = new byte[4096];
    private final Fault fault;
    private final long faultyCall;

    /// The sender's: whether Setup has passed, and the calls that were flushed, or broke there.
    private boolean isSetUp;

    private long calls;

    private byte[] committed = {};

    /// The rest is guarded by this object.
    private final Deque<byte[]> answers = new ArrayDeque<>();

    private final Deque<byte[]> held = new ArrayDeque<>();
    private boolean holds;
    private boolean woken;

    /// @param faultyCall which call breaks, from 1 on
    EchoChannel(Fault fault, long faultyCall) {
        this.fault = fault;
        this.faultyCall = faultyCall;
    }

    /// Answers every call, but only when it is told to.
    synchronized void hold() {
        holds = true;
    }

    /// Answers what was held.
    synchronized void release() {
        answers.addAll(held);
        held.clear();
        notifyAll();
    }

    @Override
    public MemorySegment outgoing() {
        return MemorySegment.ofArray(buffer);
    }

    @Override
    public long tryClaim(long frameBytes) {
        return isSetUp && fault == Fault.NO_CLAIM && calls + 1 == faultyCall ? GONE : 0;
    }

    @Override
    public void commit(long offset, long frameBytes) {
        committed = Arrays.copyOf(buffer, (int) frameBytes);
    }

    @Override
    public void flush(int urgency) {
        MemorySegment frame = MemorySegment.ofArray(committed);
        if (FrameLayout.opcode(frame, 0) != Frames.CALL) {
            isSetUp = true;
            return;
        }
        calls++;
        if (fault == Fault.FAILED_FLUSH && calls == faultyCall) {
            throw new TransportException(TransportException.PEER_GONE, "planted: write " + calls + " failed");
        }
        byte[] payload = Arrays.copyOfRange(committed, 32, committed.length);
        byte[] answer = Frames.result(FrameLayout.callId(frame, 0), payload);
        synchronized (this) {
            if (holds) {
                held.add(answer);
            } else if (calls % 3 != 0) {
                answers.add(answer);
                notifyAll();
            }
        }
    }

    @Override
    public long maxFrameBytes() {
        return buffer.length;
    }

    @Override
    public int poll(FrameSink sink, int limit) {
        int delivered = 0;
        for (byte[] frame = take(); frame != null; frame = delivered < limit ? take() : null) {
            delivered++;
            Frames.deliver(sink, frame);
        }
        return delivered;
    }

    private synchronized byte @Nullable [] take() {
        return answers.poll();
    }

    @Override
    public synchronized boolean readable() {
        return !answers.isEmpty();
    }

    @Override
    public void close() {}

    @Override
    protected synchronized void awaitReadable(long timeoutNs) {
        long deadlineNs = System.nanoTime() + timeoutNs;
        try {
            for (long leftNs = timeoutNs;
                    !readable() && !woken && leftNs > 0;
                    leftNs = deadlineNs - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, leftNs);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        woken = false;
    }

    @Override
    protected synchronized void interruptWait() {
        woken = true;
        notifyAll();
    }
}
