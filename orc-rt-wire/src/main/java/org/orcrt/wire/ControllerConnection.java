// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorProcessControl;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.OrcException;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.SessionException;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.api.TransportException;
import org.orcrt.api.WrapperFunction;
import org.orcrt.spi.MessageChannel;

/// The controller's end of the protocol over a message channel. The other one is a [Connection].
///
/// One thread of its own reads. It runs result handlers in place, and the handlers that the executor calls, unless they
/// are no leaves and there is a dispatcher for them. Nothing that comes from the executor is trusted: what the protocol
/// does not allow ends the connection.
public final class ControllerConnection implements ExecutorProcessControl, BlockingCall.Waiting {

    private static final Duration STOP_BOUND = Duration.ofSeconds(30);

    private final Link link;
    private final HandlerRegistry handlers = new HandlerRegistry();
    private final HandlerCalls calls;
    private final CountDownLatch introduced = new CountDownLatch(1);

    /// Written before `introduced` opens; `null` then if the connection is over.
    private volatile @Nullable BootstrapInfo info;

    /// Makes an end that is not attached yet. Handlers may be registered already.
    ///
    /// @param channel the frames; owned by the connection from now on
    /// @param dialect which rules the executor follows
    /// @param maxInFlight how many calls may wait at once in each direction, a power of two. An executor with more
    ///     unanswered calls breaks the protocol
    /// @param dispatcher runs handlers that are no leaves, so that these may wait for the executor; owned by the
    /// caller.
    ///     `null` runs them on the reader
    /// @param reporter told of error texts that the dialect cannot carry, and of handlers that throw
    public ControllerConnection(
            MessageChannel channel,
            Dialect dialect,
            int maxInFlight,
            @Nullable TaskDispatcher dispatcher,
            ErrorReporter reporter) {
        PendingCalls pending = new PendingCalls(maxInFlight, reporter);
        this.link = new Link(channel, dialect, pending, reporter, Link.READERS);
        this.calls = new HandlerCalls(link, handlers, maxInFlight, dispatcher);
    }

    /// Starts to read, and waits until the executor has said who it is. If it does not, the connection is over.
    ///
    /// @param timeout at most so long
    /// @return what it said
    /// @throws IOException if it says nothing in time, or something else, or goes away
    public BootstrapInfo attach(Duration timeout) throws IOException {
        synchronized (this) {
            if (link.isUsed()) {
                throw new IllegalStateException("a connection is attached once, before it is disconnected");
            }
            link.start(null, new FromExecutor(calls, this::introduce), this::ended);
        }
        try {
            boolean inTime = introduced.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
            BootstrapInfo said = info;
            if (said != null) {
                return said;
            }
            disconnect();
            throw inTime
                    ? new IOException("the executor did not say who it is", link.failure())
                    : new IOException("the executor did not say who it is within " + timeout.toMillis() + " ms");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            disconnect();
            throw new InterruptedIOException("interrupted while waiting for the executor to say who it is");
        }
    }

    private void introduce(BootstrapInfo said) {
        info = said;
        introduced.countDown();
    }

    private void ended(@Nullable OrcException why) {
        calls.close();
        introduced.countDown();
    }

    @Override
    public BootstrapInfo bootstrapInfo() {
        BootstrapInfo said = info;
        if (said == null) {
            throw new IllegalStateException("the executor has not said who it is yet; attach first");
        }
        return said;
    }

    @Override
    public SendStatus callWrapper(
            ExecutorAddress function,
            MemorySegment args,
            long offset,
            long length,
            ResultHandler handler,
            long context,
            long timeoutNs) {
        return link.call(function.value(), args, offset, length, handler, context, timeoutNs);
    }

    @Override
    public boolean cancelCall(long callId) {
        return link.cancelCall(callId, CallStatus.CANCELLED);
    }

    @Override
    public boolean cancelCall(long callId, CallStatus why) {
        return link.cancelCall(callId, why);
    }

    @Override
    public long callWrapperAndWait(
            ExecutorAddress function,
            MemorySegment args,
            long offset,
            long length,
            MemorySegment result,
            long resultOffset,
            long resultLimit,
            long timeoutNs) {
        Objects.checkFromIndexSize(offset, length, args.byteSize());
        if (link.deliversOn(Thread.currentThread())) {
            throw new IllegalStateException("a call that waits on the thread that delivers answers waits for itself; "
                    + "use the form with a handler, or give the controller a dispatcher for its handlers");
        }
        BlockingCall call = BlockingCall.begin(result, resultOffset, resultLimit, timeoutNs);
        try {
            SendStatus sent;
            do {
                sent = link.call(function.value(), args, offset, length, call, 0, Session.NO_TIMEOUT);
            } while (call.isToRepeat(sent, this));
            return call.await(this);
        } finally {
            call.end(this);
        }
    }

    @Override
    public boolean runMeanwhile() {
        return false;
    }

    @Override
    public CompletionStage<byte[]> callWrapperAsync(ExecutorAddress function, byte[] args, Duration timeout) {
        StagedCall call = new StagedCall(timeout, this::cancelCall);
        MemorySegment bytes = MemorySegment.ofArray(args);
        return call.sent(callWrapper(function, bytes, 0, args.length, call, 0, call.timeoutNs()));
    }

    @Override
    public void registerHandler(HandlerTag tag, WrapperFunction handler) {
        handlers.register(tag, handler);
    }

    @Override
    public void unregisterHandler(HandlerTag tag) {
        handlers.unregister(tag);
    }

    @Override
    public long refusedCalls() {
        return handlers.refused();
    }

    @Override
    public long lateReplies() {
        return link.lateReplies();
    }

    @Override
    public Optional<OrcException> awaitDisconnected(Duration bound) throws InterruptedException {
        if (!link.awaitEnd(TimeUnit.NANOSECONDS.convert(bound))) {
            throw new SessionException(SessionException.KIND, "the executor is still connected after " + bound);
        }
        return Optional.ofNullable(link.failure());
    }

    @Override
    public void disconnect() {
        if (!link.disconnect(STOP_BOUND)) {
            throw new TransportException(
                    TransportException.PEER_HUNG,
                    "disconnect: a handler does not return, or the executor takes nothing, after " + STOP_BOUND);
        }
    }
}
