// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.CallException;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.OrcException;
import org.orcrt.api.PeerText;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.TransportException;
import org.orcrt.spi.ControllerAccess;
import org.orcrt.spi.MessageChannel;
import org.orcrt.spi.SessionPort;
import org.orcrt.sps.SpsWriter;

/// The executor's end of the protocol over a message channel.
///
/// One thread of its own reads; it runs leaf functions and result handlers in place. Any thread sends, one at a time,
/// under the [FrameSender]'s lock. The connection ends once: on the reader, whoever asked for it and whatever happened.
public final class Connection implements ControllerAccess {

    private static final int FRAMES_PER_POLL = 64;
    private static final long SLEEP_NS = TimeUnit.SECONDS.toNanos(1);

    /// A controller that closes while we answer makes our write fail. How it closed is what counts: that is
    /// read, and only if nothing is to be read for so long, the failed write is the reason.
    private static final long VERDICT_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final MemorySegment NO_BYTES = MemorySegment.ofArray(new byte[0]);

    static final ThreadFactory READERS =
            Thread.ofPlatform().name("orc-reader").daemon().factory();

    private final MessageChannel channel;
    private final Dialect dialect;
    private final ErrorReporter reporter;
    private final FrameSender sender;
    private final PendingCalls pending;
    private final ThreadFactory threads;
    private final CountDownLatch ended = new CountDownLatch(1);

    /// Written once, under this connection's monitor, when the connection is attached.
    private volatile @Nullable Thread reader;

    /// Never goes back to `false`.
    private volatile boolean closing;

    /// Makes an end that is not attached yet.
    ///
    /// @param channel the frames; owned by the connection from now on
    /// @param dialect which rules the controller follows
    /// @param maxInFlight how many calls to the controller may wait at once, a power of two
    /// @param reporter told of error texts that the dialect cannot carry, and of result handlers that throw
    public Connection(MessageChannel channel, Dialect dialect, int maxInFlight, ErrorReporter reporter) {
        this(channel, dialect, new PendingCalls(maxInFlight, reporter), reporter, READERS);
    }

    /// @param pending the table of outgoing calls, empty
    /// @param threads makes the reader
    Connection(
            MessageChannel channel,
            Dialect dialect,
            PendingCalls pending,
            ErrorReporter reporter,
            ThreadFactory threads) {
        this.channel = channel;
        this.dialect = dialect;
        this.reporter = reporter;
        this.sender = new FrameSender(channel);
        this.pending = pending;
        this.threads = threads;
    }

    @Override
    public synchronized void attach(SessionPort port, BootstrapInfo info) {
        if (closing || reader != null) {
            throw new IllegalStateException("a connection is attached once, before it is disconnected");
        }
        SpsWriter setup = SetupMessage.write(info);
        if (sender.send(Opcode.SETUP, 0, 0, setup.segment(), 0, setup.length()) != SendStatus.SENT) {
            closeUnattached();
            throw new TransportException(
                    TransportException.PEER_GONE,
                    "the controller went away before it was told who we are",
                    sender.failure());
        }
        FrameReceiver receiver = new FrameReceiver(dialect, pending, port);
        Thread thread = threads.newThread(() -> read(receiver, port));
        reader = thread;
        try {
            thread.start();
        } catch (Error noThread) { // the system has none left: nobody waits for this one
            reader = null;
            closeUnattached();
            throw noThread;
        }
    }

    @Override
    public SendStatus callController(
            HandlerTag tag,
            MemorySegment args,
            long offset,
            long length,
            ResultHandler handler,
            long context,
            long timeoutNs) {
        checkArguments(args, offset, length);
        if (closing || reader == null) { // the reader is there once the controller knows who we are
            return SendStatus.DISCONNECTED;
        }
        long id = pending.add(handler, context, timeoutNs);
        if (id == PendingCalls.FULL) {
            return SendStatus.BACK_PRESSURED;
        }
        if (id == PendingCalls.CLOSED) {
            return SendStatus.DISCONNECTED;
        }
        SendStatus status;
        try {
            status = sender.send(Opcode.CALL, id, tag.value(), args, offset, length);
        } catch (RuntimeException | Error unreadable) {
            pending.takeBack(id); // the arguments' arena is closed, for example: the caller has its answer
            throw unreadable;
        }
        if (status != SendStatus.SENT) {
            wakeReaderOnFailure();
            // if the handler was told of the connection's end already, the call counts as sent
            return pending.takeBack(id) ? status : SendStatus.SENT;
        }
        return status;
    }

    @Override
    public boolean cancelCall(long callId, CallStatus why) {
        return pending.withdraw(callId, why);
    }

    @Override
    public boolean deliversOn(Thread thread) {
        return reader == thread || pending.isEndedOn(thread);
    }

    /// How many answers came after their call was given up.
    ///
    /// @return the count since the beginning
    public long lateReplies() {
        return pending.lateReplies();
    }

    @Override
    public void sendWrapperResult(MemorySegment bytes, long offset, long length, long callId) {
        if (FrameLayout.HEADER_BYTES + length > channel.maxFrameBytes()) {
            sendOutOfBandError(
                    "result of " + length + " bytes does not fit a frame of " + channel.maxFrameBytes() + " bytes",
                    callId);
        } else if (sender.send(Opcode.RESULT, callId, 0, bytes, offset, length) != SendStatus.SENT) {
            wakeReaderOnFailure();
        }
    }

    @Override
    public void sendOutOfBandError(String text, long callId) {
        SendStatus status;
        if (dialect.outOfBandKind()) {
            SpsWriter out = new SpsWriter().text(text);
            status = sender.send(Opcode.RESULT, callId, 1, out.segment(), 0, out.length());
        } else {
            reporter.report(new CallException(
                    CallException.HANDLER_FAILED,
                    "call #" + Long.toUnsignedString(callId) + " failed; " + dialect.name()
                            + " cannot be told the text: " + PeerText.escape(text)));
            status = sender.send(Opcode.RESULT, callId, 0, NO_BYTES, 0, 0);
        }
        if (status != SendStatus.SENT) {
            wakeReaderOnFailure();
        }
    }

    @Override
    public boolean disconnect(Duration bound) {
        if (reader == Thread.currentThread()) {
            throw new IllegalStateException(
                    "disconnect on the thread that delivers calls and results waits for itself");
        }
        synchronized (this) {
            closing = true;
            if (reader == null) {
                closeUnattached();
            }
        }
        channel.wakeReader();
        return awaitEnd(bound);
    }

    private void read(FrameReceiver receiver, SessionPort port) {
        OrcException failure = null;
        try {
            failure = readToEnd(receiver);
        } catch (OrcException broken) {
            failure = broken;
        } catch (RuntimeException | Error bug) {
            reporter.report(bug);
            failure = new TransportException(TransportException.KIND, "reading failed: " + bug, bug);
        }
        end(port, failure);
    }

    /// @return why the connection ended, or `null` if orderly
    private @Nullable OrcException readToEnd(FrameReceiver receiver) {
        while (!closing) {
            int frames = channel.poll(receiver, FRAMES_PER_POLL);
            if (receiver.isHungUp()) {
                return receiver.hangupReason();
            }
            if (frames == MessageChannel.GONE) {
                return dialect.hangupRequired()
                        ? new TransportException(
                                TransportException.PEER_GONE, "the controller closed the connection without a hang-up")
                        : null;
            }
            if (frames == 0) {
                if (sender.failedFor() > VERDICT_NS) {
                    return sender.failure();
                }
                channel.sleep(MessageChannel.RESULT, sender.failure() == null ? SLEEP_NS : VERDICT_NS);
            }
        }
        return null;
    }

    /// Nothing is received any more; now nothing is accepted, every pending call fails, and the session
    /// hears of it.
    private void end(SessionPort port, @Nullable OrcException failure) {
        closing = true;
        sender.close();
        try {
            pending.close();
            port.onDisconnected(failure);
        } catch (RuntimeException | Error bug) {
            reporter.report(bug);
        } finally {
            channel.close();
            ended.countDown();
        }
    }

    /// Before a call is pending: what cannot be sent must not wait for an answer.
    private void checkArguments(MemorySegment args, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, args.byteSize());
        if (length > channel.maxFrameBytes() - FrameLayout.HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "call with " + length + " bytes does not fit a frame of " + channel.maxFrameBytes() + " bytes");
        }
    }

    private void closeUnattached() {
        closing = true;
        sender.close();
        channel.close();
        ended.countDown();
    }

    private void wakeReaderOnFailure() {
        if (sender.failure() != null) {
            channel.wakeReader();
        }
    }

    /// @return whether the connection is over
    private boolean awaitEnd(Duration bound) {
        boolean interrupted = false;
        long startedNs = System.nanoTime();
        long boundNs = TimeUnit.NANOSECONDS.convert(bound);
        try {
            while (true) {
                try {
                    return ended.await(boundNs - (System.nanoTime() - startedNs), TimeUnit.NANOSECONDS);
                } catch (InterruptedException wait) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
