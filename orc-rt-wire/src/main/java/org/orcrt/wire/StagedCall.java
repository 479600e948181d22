// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.orcrt.api.CallException;
import org.orcrt.api.CallStatus;
import org.orcrt.api.PeerText;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.type.TypeId;

/// A call as a future of its answer's bytes: the staged form on top of the one with a handler. Cancelling it withdraws
/// the call.
public final class StagedCall extends CompletableFuture<byte[]> implements ResultHandler {

    private final Duration timeout;
    private final LongConsumer withdraw;
    private volatile boolean pending;
    private volatile long callId;

    /// Makes the future of a call that is about to be sent.
    ///
    /// @param timeout how long the call may wait
    /// @param withdraw withdraws a call by its number
    /// @throws IllegalArgumentException if the time is not above 0
    public StagedCall(Duration timeout, LongConsumer withdraw) {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("a call with a timeout of " + timeout + "; it must be above 0");
        }
        this.timeout = timeout;
        this.withdraw = withdraw;
    }

    /// What the access is told.
    ///
    /// @return the time that the call may wait, in nanoseconds
    public long timeoutNs() {
        return TimeUnit.NANOSECONDS.convert(timeout);
    }

    /// Ends the future if the call was not sent.
    ///
    /// @param sent what became of the attempt
    /// @return this
    public StagedCall sent(SendStatus sent) {
        if (sent == SendStatus.DISCONNECTED) {
            completeExceptionally(new CallException(
                    CallException.DETACHED, "call not sent: the other end is not attached, or not any more"));
        } else if (sent == SendStatus.BACK_PRESSURED) {
            completeExceptionally(
                    new CallException(CallException.OVERLOADED, "call not sent: too many calls are in flight"));
        }
        return this;
    }

    @Override
    public void onPending(long id) {
        callId = id;
        pending = true;
        if (isCancelled()) {
            withdraw.accept(id);
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled && pending) {
            withdraw.accept(callId);
        }
        return cancelled;
    }

    @Override
    public void onResult(CallStatus status, MemorySegment bytes, long offset, long length, long context) {
        try {
            switch (status) {
                case RESULT -> complete(copy(bytes, offset, length));
                case OUT_OF_BAND_ERROR ->
                    onOutOfBandError(CallException.HANDLER_FAILED, bytes, offset, length, context);
                case DISCONNECTED -> fail(CallException.DETACHED, "the connection ended before an answer came");
                case DEADLINE_EXCEEDED -> {
                    // what depends on this may take its time, and the timer has others to end
                    CallException late = new CallException(
                            CallException.DEADLINE_EXCEEDED, "no answer within " + timeout.toMillis() + " ms");
                    Thread.ofVirtual().name("orc-deadline").start(() -> completeExceptionally(late));
                }
                case CANCELLED -> fail(CallException.CANCELLED, "the call was withdrawn");
            }
        } catch (RuntimeException | Error cannotCopy) {
            fail(CallException.HANDLER_FAILED, "the answer cannot be copied: " + cannotCopy);
        }
    }

    @Override
    public void onOutOfBandError(TypeId kind, MemorySegment text, long offset, long length, long context) {
        completeExceptionally(CallException.answered(kind, text(text, offset, length), null));
    }

    private void fail(TypeId kind, String text) {
        completeExceptionally(new CallException(kind, text));
    }

    private static String text(MemorySegment bytes, long offset, long length) {
        byte[] cut = copy(bytes, offset, Math.min(length, 4L * PeerText.MAX_CHARS));
        return PeerText.escape(new String(cut, StandardCharsets.UTF_8));
    }

    private static byte[] copy(MemorySegment bytes, long offset, long length) {
        byte[] copy = new byte[Math.toIntExact(length)];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, offset, copy, 0, copy.length);
        return copy;
    }
}
