// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorProcessControl;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.OrcException;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.SessionException;
import org.orcrt.api.Task;
import org.orcrt.api.WrapperFunction;
import org.orcrt.spi.SessionPort;
import org.orcrt.wire.BlockingCall;
import org.orcrt.wire.PendingCalls;
import org.orcrt.wire.StagedCall;

/// The controller's end of an in-process pair. A leaf runs on the thread that calls it. So does another Java function
/// if its caller waits for the answer; if not, it goes to the executor's dispatcher.
final class InProcessControl implements ExecutorProcessControl, BlockingCall.Waiting {

    private static final Duration STOP_BOUND = Duration.ofSeconds(30);

    private final InProcessConnection connection;

    InProcessControl(InProcessConnection connection) {
        this.connection = connection;
    }

    /// Waits until the executor has said who it is.
    ///
    /// @return whether it has; if not, the connection is over or the time is
    /// @throws InterruptedIOException if interrupted; the thread stays interrupted
    boolean awaitAttached(long boundNs) throws InterruptedIOException {
        try {
            return connection.awaitAttached(boundNs);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the executor to attach");
        }
    }

    @Override
    public BootstrapInfo bootstrapInfo() {
        BootstrapInfo info = connection.bootstrapInfo();
        if (info == null) {
            throw new IllegalStateException("no executor is attached yet, so nothing is known of it");
        }
        return info;
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
        Objects.checkFromIndexSize(offset, length, args.byteSize());
        SessionPort port = connection.enter();
        if (port == null) {
            return SendStatus.DISCONNECTED;
        }
        try {
            long id = connection.toExecutor.add(handler, context, timeoutNs);
            if (id == PendingCalls.FULL) {
                return SendStatus.BACK_PRESSURED;
            }
            if (id == PendingCalls.CLOSED) {
                return SendStatus.DISCONNECTED;
            }
            Task run = deliver(port, function.value(), args, offset, length, id);
            if (run != null) {
                port.dispatch(run);
            }
            return SendStatus.SENT;
        } finally {
            connection.leave();
        }
    }

    @Override
    public boolean cancelCall(long callId) {
        return cancelCall(callId, CallStatus.CANCELLED);
    }

    @Override
    public boolean cancelCall(long callId, CallStatus why) {
        return connection.toExecutor.withdraw(callId, why);
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
        if (connection.toExecutor.isEndedOn(Thread.currentThread())) {
            throw new IllegalStateException("a call that waits on the timer's thread would keep all deadlines waiting");
        }
        BlockingCall call = BlockingCall.begin(result, resultOffset, resultLimit, timeoutNs);
        try {
            while (call.isToRepeat(sendAndRun(function.value(), args, offset, length, call), this)) {
                // there was no room; the call has waited a little
            }
            return call.await(this);
        } finally {
            call.end(this);
        }
    }

    /// Runs the function here: its caller has nothing better to do. Outside of the scope, because it may
    /// take long and the connection may end meanwhile.
    private SendStatus sendAndRun(long function, MemorySegment args, long offset, long length, BlockingCall call) {
        SessionPort port = connection.enter();
        if (port == null) {
            return SendStatus.DISCONNECTED;
        }
        Task run;
        try {
            long id = connection.toExecutor.add(call, 0, Session.NO_TIMEOUT);
            if (id == PendingCalls.FULL) {
                return SendStatus.BACK_PRESSURED;
            }
            if (id == PendingCalls.CLOSED) {
                return SendStatus.DISCONNECTED;
            }
            run = deliver(port, function, args, offset, length, id);
        } finally {
            connection.leave();
        }
        if (run != null) {
            run.run();
        }
        return SendStatus.SENT;
    }

    private @Nullable Task deliver(
            SessionPort port, long function, MemorySegment args, long offset, long length, long id) {
        try {
            return port.onWrapperCall(function, args, offset, length, id);
        } catch (RuntimeException | Error unreadable) {
            // the arguments' arena is closed, for example: the caller has its answer
            connection.toExecutor.takeBack(id);
            throw unreadable;
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
        connection.handlers.register(tag, handler);
    }

    @Override
    public void unregisterHandler(HandlerTag tag) {
        connection.handlers.unregister(tag);
    }

    @Override
    public long refusedCalls() {
        return connection.handlers.refused();
    }

    @Override
    public long lateReplies() {
        return connection.toExecutor.lateReplies();
    }

    @Override
    public Optional<OrcException> awaitDisconnected(Duration bound) throws InterruptedException {
        if (!connection.awaitEnd(TimeUnit.NANOSECONDS.convert(bound))) {
            throw new SessionException(SessionException.KIND, "the executor is still connected after " + bound);
        }
        @Nullable OrcException none = null; // nothing can break between two ends in one process
        return Optional.ofNullable(none);
    }

    @Override
    public void disconnect() {
        if (!connection.disconnect(STOP_BOUND)) {
            throw new IllegalStateException("disconnect: calls still run in the executor after " + STOP_BOUND);
        }
    }
}
