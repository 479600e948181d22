// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.orcrt.spi.BlockingMessageChannel;
import org.orcrt.spi.FrameSink;

/// A channel to nobody: records what is sent, and may be gone from the beginning.
final class ScriptedChannel extends BlockingMessageChannel {

    final List<byte[]> sent = new CopyOnWriteArrayList<>();
    final AtomicInteger closes = new AtomicInteger();
    private final boolean gone;
    private final MemorySegment out = MemorySegment.ofArray(new byte[1 << 16]);
    private final Semaphore wakes = new Semaphore(0);

    ScriptedChannel(boolean gone) {
        this.gone = gone;
    }

    @Override
    public MemorySegment outgoing() {
        return out;
    }

    @Override
    public long tryClaim(long frameBytes) {
        return gone ? GONE : 0;
    }

    @Override
    public void commit(long offset, long frameBytes) {
        sent.add(out.asSlice(offset, frameBytes).toArray(ValueLayout.JAVA_BYTE));
    }

    @Override
    public void flush(int urgency) {}

    @Override
    public long maxFrameBytes() {
        return out.byteSize();
    }

    @Override
    public int poll(FrameSink sink, int limit) {
        return gone ? (int) GONE : 0;
    }

    @Override
    public boolean readable() {
        return gone;
    }

    @Override
    protected void awaitReadable(long timeoutNs) {
        try {
            if (wakes.tryAcquire(timeoutNs, TimeUnit.NANOSECONDS)) {
                wakes.drainPermits();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    protected void interruptWait() {
        wakes.release();
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }
}
