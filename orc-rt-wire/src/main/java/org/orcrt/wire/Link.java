// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.CallException;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.OrcException;
import org.orcrt.api.PeerText;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.TransportException;
import org.orcrt.api.type.TypeId;
import org.orcrt.spi.MessageChannel;
import org.orcrt.sps.SpsWriter;

/// What both ends of the protocol have in common: calls go out and are answered, calls come in and are answered, and it
/// ends once.
///
/// One thread of its own reads; it runs leaf functions and result handlers in place. Any thread sends, one at a time,
/// under the [FrameSender]'s lock. The link ends on the reader, whoever asked for it and whatever happened.
final class Link implements ReplySink {

    private static final int FRAMES_PER_POLL = 64;
    private static final long SLEEP_NS = TimeUnit.SECONDS.toNanos(1);

    /// A peer that closes while we answer makes our write fail. How it closed is what counts: that is read,
    /// and only if nothing is to be read for so long, the failed write is the reason.
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

    /// Written once, under this object's monitor, when the link starts.
    private volatile @Nullable Thread reader;

    /// Never goes back to `false`.
    private volatile boolean closing;

    /// Written before `ended` opens.
    private volatile @Nullable OrcException failure;

    /// @param pending the table of outgoing calls, empty
    /// @param threads makes the reader
    Link(MessageChannel channel, Dialect dialect, PendingCalls pending, ErrorReporter reporter, ThreadFactory threads) {
        this.channel = channel;
        this.dialect = dialect;
        this.reporter = reporter;
        this.sender = new FrameSender(channel);
        this.pending = pending;
        this.threads = threads;
    }

    /// Whether the link was started, or can no longer be.
    boolean isUsed() {
        return closing || reader != null;
    }

    /// Sends the first frame and reads from then on. With the owner's monitor held, once.
    ///
    /// @param setup the first frame's payload, or `null` if it is the peer's to send
    /// @param incoming takes what comes
    /// @param onEnd told on the reader, once, why the link is over, or `null` if orderly
    synchronized void start(@Nullable SpsWriter setup, Incoming incoming, Consumer<@Nullable OrcException> onEnd) {
        if (setup != null && sender.send(Opcode.SETUP, 0, 0, setup.segment(), 0, setup.length()) != SendStatus.SENT) {
            closeUnstarted();
            throw new TransportException(
                    TransportException.PEER_GONE,
                    "the " + incoming.peer().noun() + " went away before it was told who we are",
                    sender.failure());
        }
        FrameReceiver receiver = new FrameReceiver(dialect, pending, incoming);
        Thread thread = threads.newThread(() -> read(receiver, onEnd));
        reader = thread;
        try {
            thread.start();
        } catch (Error noThread) { // the system has none left: nobody waits for this one
            reader = null;
            closeUnstarted();
            throw noThread;
        }
    }

    SendStatus call(
            long target,
            MemorySegment args,
            long offset,
            long length,
            ResultHandler handler,
            long context,
            long timeoutNs) {
        checkArguments(args, offset, length);
        if (closing || reader == null) { // the reader is there once the peer knows who we are
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
            status = sender.send(Opcode.CALL, id, target, args, offset, length);
        } catch (RuntimeException | Error unreadable) {
            if (pending.takeBack(id)) { // the arguments' arena is closed, for example: the caller has its answer
                throw unreadable;
            }
            return SendStatus.SENT; // the handler has been told of the link's end
        }
        if (status != SendStatus.SENT) {
            wakeReaderOnFailure();
            // if the handler was told of the link's end already, the call counts as sent
            return pending.takeBack(id) ? status : SendStatus.SENT;
        }
        return status;
    }

    boolean cancelCall(long callId, CallStatus why) {
        return pending.withdraw(callId, why);
    }

    boolean deliversOn(Thread thread) {
        return reader == thread || pending.isEndedOn(thread);
    }

    long lateReplies() {
        return pending.lateReplies();
    }

    @Override
    public void sendResult(MemorySegment bytes, long offset, long length, long callId) {
        if (FrameLayout.HEADER_BYTES + length > channel.maxFrameBytes()) {
            sendOutOfBandError(
                    CallException.HANDLER_FAILED,
                    "result of " + length + " bytes does not fit a frame of " + channel.maxFrameBytes() + " bytes",
                    callId);
        } else if (sender.send(Opcode.RESULT, callId, ResultKind.VALUE, bytes, offset, length) != SendStatus.SENT) {
            wakeReaderOnFailure();
        }
    }

    @Override
    public void sendOutOfBandError(TypeId kind, String whole, long callId) {
        String text = cut(whole);
        SendStatus status;
        if (dialect.typedErrors() && !kind.equals(CallException.HANDLER_FAILED)) { // which no kind means anyway
            SpsWriter out = TypedError.write(kind, text);
            status = sender.send(Opcode.RESULT, callId, ResultKind.TYPED_ERROR, out.segment(), 0, out.length());
        } else if (dialect.outOfBandKind()) {
            SpsWriter out = new SpsWriter().text(text);
            status = sender.send(Opcode.RESULT, callId, ResultKind.ERROR_TEXT, out.segment(), 0, out.length());
        } else {
            reporter.report(new CallException(
                    CallException.HANDLER_FAILED,
                    "call #" + Long.toUnsignedString(callId) + " failed; " + dialect.name()
                            + " cannot be told the text: " + PeerText.escape(text)));
            status = sender.send(Opcode.RESULT, callId, ResultKind.VALUE, NO_BYTES, 0, 0);
        }
        if (status != SendStatus.SENT) {
            wakeReaderOnFailure();
        }
    }

    @Override
    public void report(Throwable nobodyWaits) {
        reporter.report(nobodyWaits);
    }

    /// Ends the link, as [org.orcrt.spi.ControllerAccess#disconnect] does.
    boolean disconnect(Duration bound) {
        if (reader == Thread.currentThread()) {
            throw new IllegalStateException(
                    "disconnect on the thread that delivers calls and results waits for itself");
        }
        synchronized (this) {
            closing = true;
            if (reader == null) {
                closeUnstarted();
            }
        }
        channel.wakeReader();
        return awaitEnd(bound);
    }

    /// Waits until the link is over.
    ///
    /// @return whether it is
    boolean awaitEnd(long boundNs) throws InterruptedException {
        return ended.await(boundNs, TimeUnit.NANOSECONDS);
    }

    /// Why the link ended, or `null` if orderly, or not yet.
    @Nullable OrcException failure() {
        return failure;
    }

    private void read(FrameReceiver receiver, Consumer<@Nullable OrcException> onEnd) {
        OrcException why = null;
        boolean breaksRules = false;
        try {
            why = readToEnd(receiver);
        } catch (OrcException broken) {
            why = broken;
            breaksRules = true;
        } catch (RuntimeException | Error bug) {
            reporter.report(bug);
            why = new TransportException(TransportException.KIND, "reading failed: " + bug, bug);
        }
        try {
            if (closing || breaksRules) {
                hangUp(breaksRules && why != null ? cut(why.getMessage()) : null);
            }
        } catch (RuntimeException | Error notTold) {
            reporter.report(notTold); // the channel is somebody else's: the link ends all the same
        }
        end(onEnd, why);
    }

    /// A text that fits any frame.
    private static String cut(@Nullable String text) {
        String all = String.valueOf(text);
        return all.length() <= PeerText.MAX_CHARS ? all : all.substring(0, PeerText.MAX_CHARS);
    }

    /// @return why the link ended, or `null` if orderly
    private @Nullable OrcException readToEnd(FrameReceiver receiver) {
        while (!closing) {
            int frames = channel.poll(receiver, FRAMES_PER_POLL);
            if (receiver.isHungUp()) {
                return receiver.hangupReason();
            }
            if (frames == MessageChannel.GONE) {
                return dialect.hangupRequired()
                        ? new TransportException(
                                TransportException.PEER_GONE,
                                "the " + receiver.peer().noun() + " closed the connection without a hang-up")
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

    /// Tells a peer that wants to know that, and why, this end goes. On the reader, so that whoever asked
    /// for the end waits no longer than he wants for a peer that takes nothing.
    ///
    /// @param why what is wrong with the peer, or `null` in good order
    private void hangUp(@Nullable String why) {
        if (dialect.hangupRequired()) {
            SpsWriter reason = new SpsWriter();
            if (why == null) {
                reason.success();
            } else {
                reason.error(why);
            }
            sender.sendLast(Opcode.HANGUP, reason.segment(), 0, reason.length());
        }
    }

    /// Nothing is received any more; now nothing is accepted, every pending call fails, and the owner hears of it.
    private void end(Consumer<@Nullable OrcException> onEnd, @Nullable OrcException why) {
        closing = true;
        failure = why;
        sender.close();
        try {
            pending.close();
            onEnd.accept(why);
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

    private void closeUnstarted() {
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

    /// @return whether the link is over
    private boolean awaitEnd(Duration bound) {
        boolean interrupted = false;
        long startedNs = System.nanoTime();
        long boundNs = TimeUnit.NANOSECONDS.convert(bound);
        try {
            while (true) {
                try {
                    return awaitEnd(boundNs - (System.nanoTime() - startedNs));
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
