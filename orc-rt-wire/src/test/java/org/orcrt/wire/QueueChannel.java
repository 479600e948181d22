// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.TransportException;
import org.orcrt.spi.BlockingMessageChannel;
import org.orcrt.spi.FrameSink;

/// A channel in memory that keeps the contract, with the test at its other end: what is flushed lands in one queue,
/// what the test puts into the other is polled.
final class QueueChannel extends BlockingMessageChannel {

    private final byte[] buffer;
    private final List<byte[]> committed = new ArrayList<>();
    private final BlockingQueue<byte[]> sent = new LinkedBlockingQueue<>();

    /// The rest is guarded by this object.
    private final Deque<byte[]> incoming = new ArrayDeque<>();

    private boolean woken;
    private boolean peerGone;
    private boolean full;
    private boolean closed;
    private int wakes;
    private boolean flushFailed;
    private long flushNs;
    private byte @Nullable [] lastWord;
    private @Nullable TransportException pollFailure;
    private @Nullable TransportException flushFailure;

    QueueChannel(int maxFrameBytes) {
        buffer = new byte[maxFrameBytes];
    }

    /// The peer sends a frame.
    synchronized void receive(byte[] frame) {
        incoming.add(frame);
        notifyAll();
    }

    /// The peer goes away at the end of a frame.
    synchronized void endOfStream() {
        peerGone = true;
        notifyAll();
    }

    /// The peer breaks the framing.
    synchronized void failPolls(TransportException failure) {
        pollFailure = failure;
        notifyAll();
    }

    /// The peer takes nothing any more.
    synchronized void failFlushes(TransportException failure) {
        flushFailure = failure;
    }

    /// The peer reads late: each flush takes at least so long.
    synchronized void slowFlushes(Duration each) {
        flushNs = each.toNanos();
    }

    /// Whether there is no room for now.
    synchronized void full(boolean now) {
        full = now;
    }

    /// What the peer sends when a flush has failed and the reader sleeps again.
    synchronized void lastWord(byte[] frame) {
        lastWord = frame;
    }

    /// How often the reader was woken.
    synchronized int wakes() {
        return wakes;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /// What the peer got next; fails if nothing comes in time.
    byte[] nextSent() throws InterruptedException {
        byte[] frame = sent.poll(Bounds.SECONDS, TimeUnit.SECONDS);
        assertThat(frame).as("a frame within %d s", Bounds.SECONDS).isNotNull();
        return frame;
    }

    int sentFrames() {
        return sent.size();
    }

    @Override
    public MemorySegment outgoing() {
        return MemorySegment.ofArray(buffer);
    }

    @Override
    public synchronized long tryClaim(long frameBytes) {
        if (frameBytes > buffer.length) {
            throw new IllegalArgumentException("frame of " + frameBytes + " bytes");
        }
        return full ? NO_ROOM : 0;
    }

    @Override
    public void commit(long offset, long frameBytes) {
        committed.add(Arrays.copyOfRange(buffer, (int) offset, (int) (offset + frameBytes)));
    }

    @Override
    public synchronized void flush(int urgency) {
        TransportException failure = flushFailure;
        if (failure != null) {
            flushFailed = true;
            throw failure;
        }
        long startedNs = System.nanoTime();
        while (System.nanoTime() - startedNs < flushNs) {
            Thread.yield();
        }
        sent.addAll(committed);
        committed.clear();
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
        return delivered == 0 && isAtEnd() ? (int) GONE : delivered;
    }

    @Override
    public synchronized boolean readable() {
        return !incoming.isEmpty() || peerGone || pollFailure != null;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    @Override
    protected synchronized void awaitReadable(long timeoutNs) {
        long deadlineNs = System.nanoTime() + timeoutNs;
        byte[] frame = lastWord;
        if (flushFailed && frame != null) {
            lastWord = null;
            receive(frame);
        }
        try {
            while (!readable() && !woken) {
                long leftNs = deadlineNs - System.nanoTime();
                if (leftNs <= 0) {
                    return;
                }
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
        wakes++;
        notifyAll();
    }

    private synchronized byte @Nullable [] take() {
        TransportException failure = pollFailure;
        if (failure != null && incoming.isEmpty()) {
            throw failure;
        }
        return incoming.poll();
    }

    private synchronized boolean isAtEnd() {
        return peerGone && incoming.isEmpty();
    }
}
