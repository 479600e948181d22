// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.orcrt.api.TransportException;
import org.orcrt.ffm.Errno;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.spi.BlockingMessageChannel;
import org.orcrt.spi.FrameSink;

/// Frames over two descriptors, or one socket. A frame leaves in one write if it fits one; a burst of frames comes in
/// with one wait and one read. Inherited descriptors stay in the mode in which we got them, because that mode is shared
/// with whoever else has them open; sockets of our own do not block. (A write to a peer that is gone is an error and no
/// signal: the JVM ignores `SIGPIPE`.)
final class FdChannel extends BlockingMessageChannel {

    /// How long a flush may still wait for the peer once the connection is to end, whether the peer takes a little now
    /// and then or not.
    static final Duration END_BOUND = Duration.ofSeconds(1);

    /// How often a flush that waits looks whether the connection is to end, and a reader whether anybody is left.
    private static final int LOOK_MS = 100;

    /// Two `struct pollfd` of the reader, one of the sender, one of a racy look, and 8 bytes of the event counter.
    private static final int READER_POLL = 0;

    private static final int SENDER_POLL = 16;
    private static final int LOOK_POLL = 24;
    private static final int EVENT = 32;
    private static final int SCRATCH_BYTES = 48;

    private static final int READY = Linux.POLLIN | Linux.POLLHUP | Linux.POLLERR | Linux.POLLNVAL;

    private final SystemCalls calls;
    private final int in;
    private final int out;
    private final FdLimits limits;
    private final Medium medium;
    private final int event;
    private final long scratch;
    private final FrameBuffer incoming;
    private final GrowingBuffer outgoing;

    /// Sender: committed bytes that have not left.
    private long committed;

    /// Somebody woke the reader, which wire does only to end the connection.
    private volatile boolean ending;

    /// Sender: when a flush gives up because the connection is to end; 0 while it is not.
    private long endNs;

    /// Reader: the kernel has something for us.
    private boolean inputReady;

    private boolean atEnd;

    /// Reader: what the system said to the last wait, if that was an error.
    private long waitFailure;

    /// Sender: a flush failed, so the peer may have half a frame, and nothing can follow it.
    private boolean poisoned;

    /// The last poll was asked for fewer frames than lie in the buffer. Written by the reader, read by whoever looks.
    private volatile boolean moreBuffered;

    /// Guards the event counter against a ring after the close.
    private final Object eventLock = new Object();

    private boolean closed;

    /// Takes descriptors that we inherited.
    FdChannel(SystemCalls calls, int in, int out, FdLimits limits) {
        this(calls, in, out, limits, Medium.INHERITED);
    }

    /// @param in owned by the channel from now on, unless this throws
    /// @param out may be the same
    FdChannel(SystemCalls calls, int in, int out, FdLimits limits, Medium medium) {
        this.calls = calls;
        this.medium = medium;
        this.in = in;
        this.out = out;
        this.limits = limits;
        event = (int) calls.eventfd(0, Linux.EFD_CLOEXEC | Linux.EFD_NONBLOCK);
        if (event < 0) {
            throw new TransportException(TransportException.OUT_OF_SPACE, "eventfd failed: " + Errno.text(event));
        }
        GrowingBuffer received = null;
        try {
            received = new GrowingBuffer(calls, limits.maxFrameBytes());
            outgoing = new GrowingBuffer(calls, limits.maxFrameBytes());
        } catch (TransportException noSpace) {
            if (received != null) {
                received.close();
            }
            calls.close(event);
            throw noSpace;
        }
        incoming = new FrameBuffer(received, limits.maxFrameBytes());
        scratch = NativeMemory.malloc(SCRATCH_BYTES);
    }

    @Override
    public MemorySegment outgoing() {
        return outgoing.segment();
    }

    @Override
    public long tryClaim(long frameBytes) {
        if (frameBytes > limits.maxFrameBytes()) {
            throw new IllegalArgumentException(
                    "frame of " + frameBytes + " bytes; this channel takes " + limits.maxFrameBytes());
        }
        if (poisoned) {
            return GONE;
        }
        return committed + frameBytes <= outgoing.capacity() ? committed : NO_ROOM;
    }

    @Override
    public void commit(long offset, long frameBytes) {
        committed = offset + frameBytes;
    }

    @Override
    public void flush(int urgency) {
        if (poisoned) {
            throw new TransportException(
                    TransportException.PEER_GONE,
                    "flush after a failed one: descriptor " + out + " may end inside a frame");
        }
        poisoned = true; // until all has left
        writeCommitted();
        poisoned = false;
        outgoing.trim(committed);
        committed = 0;
    }

    private void writeCommitted() {
        long sent = 0;
        long deadlineNs = 0;
        boolean full = medium.waitsFirst();
        endNs = 0;
        while (sent < committed) {
            if (full) {
                if (deadlineNs == 0) {
                    deadlineNs = System.nanoTime() + limits.writeBound().toNanos();
                }
                if (!awaitWritable(deadlineNs)) {
                    continue;
                }
            }
            long result = calls.write(out, outgoing.address() + sent, Math.min(medium.writeBytes(), committed - sent));
            if (result >= 0) {
                sent += result;
                deadlineNs = 0;
                full = medium.waitsFirst();
            } else if (result == -Errno.EAGAIN) {
                full = true;
            } else if (isFailure(result)) {
                throw new TransportException(
                        TransportException.PEER_GONE, "write to descriptor " + out + " failed: " + Errno.text(result));
            }
        }
    }

    @Override
    public long maxFrameBytes() {
        return limits.maxFrameBytes();
    }

    @Override
    public int poll(FrameSink sink, int limit) {
        int delivered = incoming.deliver(sink, limit);
        if (delivered == 0 && waitFailure != 0) {
            throw pollFailed(in, waitFailure); // or the reader would wait in vain, without a pause, for ever
        }
        if (delivered == 0 && inputReady) {
            inputReady = false;
            readOnce();
            delivered = incoming.deliver(sink, limit);
        }
        boolean more = delivered == limit && incoming.hasNext();
        if (more != moreBuffered) {
            moreBuffered = more;
        }
        return delivered == 0 && atEnd ? (int) GONE : delivered;
    }

    @Override
    public boolean readable() {
        return moreBuffered || pollOne(LOOK_POLL, in, Linux.POLLIN, 0) > 0;
    }

    @Override
    public void close() {
        synchronized (eventLock) {
            if (closed) {
                return;
            }
            closed = true;
            calls.close(event);
        }
        medium.beforeClose().run();
        calls.close(in);
        if (out != in) {
            calls.close(out);
        }
        incoming.close();
        outgoing.close();
        NativeMemory.free(scratch);
    }

    @Override
    protected void awaitReadable(long timeoutNs) {
        if (inputReady || atEnd || moreBuffered) {
            return;
        }
        long pollfds = scratch + READER_POLL;
        NativeMemory.putLong(pollfds, pollfd(in, Linux.POLLIN));
        NativeMemory.putLong(pollfds + 8, pollfd(event, Linux.POLLIN));
        BooleanSupplier isAbandoned = medium.isAbandoned();
        int timeoutMs = isAbandoned == null ? milliseconds(timeoutNs) : Math.min(LOOK_MS, milliseconds(timeoutNs));
        long ready = calls.poll(pollfds, 2, timeoutMs);
        if (ready <= 0) {
            waitFailure = isFailure(ready) ? ready : 0;
            // what came before the peer let go is read first
            if (isAbandoned != null && isAbandoned.getAsBoolean() && pollOne(READER_POLL, in, Linux.POLLIN, 0) == 0) {
                atEnd = true;
            }
            return;
        }
        inputReady = returned(pollfds) != 0;
        if (returned(pollfds + 8) != 0) {
            calls.read(event, scratch + EVENT, Long.BYTES);
        }
    }

    @Override
    protected void interruptWait() {
        ending = true;
        synchronized (eventLock) {
            if (!closed) {
                NativeMemory.putLong(scratch + EVENT + 8, 1);
                long result = calls.write(event, scratch + EVENT + 8, Long.BYTES);
                while (result == -Errno.EINTR) {
                    result = calls.write(event, scratch + EVENT + 8, Long.BYTES);
                }
            }
        }
    }

    private void readOnce() {
        medium.beforeRead().run();
        long result = calls.read(in, incoming.writeAddress(), incoming.writeRoom());
        if (result > 0) {
            incoming.received(result);
        } else if (result == 0) {
            atEnd = true;
            incoming.expectBoundary();
        } else if (isFailure(result)) {
            atEnd = true;
            throw new TransportException(
                    TransportException.PEER_GONE, "read from descriptor " + in + " failed: " + Errno.text(result));
        }
    }

    /// @return whether it is writable; `false` to ask again
    private boolean awaitWritable(long deadlineNs) {
        long nowNs = System.nanoTime();
        if (ending && endNs == 0) {
            endNs = nowNs + END_BOUND.toNanos();
        }
        if (endNs != 0 && nowNs - endNs >= 0) {
            throw new TransportException(
                    TransportException.PEER_HUNG,
                    "the connection is to end, and the peer did not take everything from descriptor " + out + " within "
                            + END_BOUND);
        }
        long leftNs = deadlineNs - nowNs;
        if (leftNs <= 0) {
            throw new TransportException(
                    TransportException.PEER_HUNG,
                    "the peer took nothing from descriptor " + out + " for " + limits.writeBound());
        }
        long ready = pollOne(SENDER_POLL, out, Linux.POLLOUT, Math.min(LOOK_MS, milliseconds(leftNs)));
        if (isFailure(ready)) {
            throw pollFailed(out, ready);
        }
        return ready > 0;
    }

    /// @return what the descriptor is ready for, or 0, or `-errno`
    private long pollOne(int place, int fd, int events, int timeoutMs) {
        NativeMemory.putLong(scratch + place, pollfd(fd, events));
        long ready = calls.poll(scratch + place, 1, timeoutMs);
        return ready > 0 ? returned(scratch + place) : ready;
    }

    private static TransportException pollFailed(int fd, long result) {
        return new TransportException(
                TransportException.KIND, "poll of descriptor " + fd + " failed: " + Errno.text(result));
    }

    /// Whether the system said no, and not only that it is to be asked again.
    private static boolean isFailure(long result) {
        return result < 0 && result != -Errno.EINTR && result != -Errno.EAGAIN;
    }

    /// A `struct pollfd`: descriptor, 16 bits asked for, 16 bits returned.
    static long pollfd(int fd, int events) {
        return Integer.toUnsignedLong(fd) | (long) events << 32;
    }

    static int returned(long pollfd) {
        return (int) (NativeMemory.getLong(pollfd) >>> 48) & (READY | Linux.POLLOUT);
    }

    private static int milliseconds(long ns) {
        return (int) Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(ns) + 1);
    }
}
