// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.CallException;
import org.orcrt.api.CallStatus;
import org.orcrt.api.PeerText;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.type.TypeId;

/// A call whose thread waits for the answer: the blocking forms on top of the one with a handler. One object per thread
/// is kept and used again, so a call allocates nothing; a call inside a call gets one of its own.
///
/// ```java
/// BlockingCall call = BlockingCall.begin(result, offset, limit, timeoutNs);
/// try {
///     do {
///         status = access.callController(tag, ..., call, 0, Session.NO_TIMEOUT);
///     } while (call.isToRepeat(status, waiting));
///     return call.await(waiting);
/// } finally {
///     call.end(waiting);
/// }
/// ```
public final class BlockingCall implements ResultHandler {

    /// What a waiting thread needs of its session.
    public interface Waiting {

        /// Withdraws the call.
        ///
        /// @param callId which
        /// @param why what it ends with
        /// @return whether it was pending
        boolean cancelCall(long callId, CallStatus why);

        /// Does something useful on the thread that waits.
        ///
        /// @return whether there was something to do
        boolean runMeanwhile();
    }

    private static final int SPINS = 200;
    private static final int YIELDS = 8;
    private static final long FIRST_PAUSE_NS = 20_000;
    private static final long MAX_PAUSE_NS = 1_000_000;

    private static final ThreadLocal<BlockingCall> OWN = ThreadLocal.withInitial(BlockingCall::new);

    private final Thread caller = Thread.currentThread();

    /// Takes the outcome in place of the buffer.
    private @Nullable ResultHandler handler;

    private MemorySegment result = MemorySegment.NULL;
    private long resultOffset;
    private long resultLimit;
    private long timeoutNs;
    private long startedNs;
    private long pauseNs;
    private long callId;
    private boolean taken;

    /// Whether the call has a number.
    private boolean pending;

    private long length;
    private @Nullable CallStatus status;
    private boolean answeredHere;
    private @Nullable String error;

    /// What kind of error the other end answered with.
    private TypeId errorKind = CallException.HANDLER_FAILED;

    /// Written after the outcome; the waiter reads it before the outcome.
    private volatile boolean done;

    /// Whether somebody wants the waiter to look for work.
    private volatile boolean nudged;

    private BlockingCall() {}

    /// Begins a call on this thread. [#end] must follow.
    ///
    /// @param result takes the answer
    /// @param resultOffset where in `result` the answer begins, in bytes
    /// @param resultLimit how many bytes are taken at most
    /// @param timeoutNs how long the thread waits for room and for the answer, in nanoseconds, above 0
    /// @return the call
    /// @throws IndexOutOfBoundsException if that is not within `result`
    /// @throws IllegalArgumentException if the time is not above 0
    public static BlockingCall begin(MemorySegment result, long resultOffset, long resultLimit, long timeoutNs) {
        Objects.checkFromIndexSize(resultOffset, resultLimit, result.byteSize());
        BlockingCall call = begin(timeoutNs);
        call.result = result;
        call.resultOffset = resultOffset;
        call.resultLimit = resultLimit;
        return call;
    }

    /// Begins a call on this thread whose outcome a handler takes. [#end] must follow.
    ///
    /// @param handler is told on the thread that delivers the outcome, before [#awaitTold] returns
    /// @param timeoutNs how long the thread waits for the answer, in nanoseconds, above 0
    /// @return the call
    /// @throws IllegalArgumentException if the time is not above 0
    public static BlockingCall begin(ResultHandler handler, long timeoutNs) {
        BlockingCall call = begin(timeoutNs);
        call.handler = handler;
        return call;
    }

    private static BlockingCall begin(long timeoutNs) {
        if (timeoutNs <= 0) {
            throw new IllegalArgumentException("a call with a timeout of " + timeoutNs + " ns; it must be above 0");
        }
        BlockingCall own = OWN.get();
        BlockingCall call = own.taken ? new BlockingCall() : own;
        call.taken = true;
        call.timeoutNs = timeoutNs;
        call.startedNs = System.nanoTime();
        call.pauseNs = FIRST_PAUSE_NS;
        call.status = null;
        call.error = null;
        call.errorKind = CallException.HANDLER_FAILED;
        call.done = false;
        call.pending = false;
        call.nudged = false;
        return call;
    }

    /// Lets the object go. If its thread comes here before the call has ended, because it threw, the call is
    /// withdrawn, and the object is not used again: an answer may be on its way to it.
    ///
    /// @param waiting withdraws the call
    public void end(Waiting waiting) {
        result = MemorySegment.NULL;
        handler = null;
        if (pending && !done) {
            OWN.remove();
            waiting.cancelCall(callId, CallStatus.CANCELLED);
            return;
        }
        taken = false;
    }

    @Override
    public void onPending(long id) {
        callId = id;
        pending = true;
    }

    @Override
    public void onResult(CallStatus how, MemorySegment bytes, long offset, long byteLength, long context) {
        answeredHere = Thread.currentThread() == caller;
        ResultHandler told = handler;
        try {
            if (told != null) {
                told.onResult(how, bytes, offset, byteLength, context);
            } else {
                keep(how, bytes, offset, byteLength);
            }
        } finally {
            wake();
        }
    }

    @Override
    public void onOutOfBandError(TypeId kind, MemorySegment text, long offset, long byteLength, long context) {
        answeredHere = Thread.currentThread() == caller;
        ResultHandler told = handler;
        try {
            if (told != null) {
                told.onOutOfBandError(kind, text, offset, byteLength, context);
            } else {
                errorKind = kind;
                keep(CallStatus.OUT_OF_BAND_ERROR, text, offset, byteLength);
            }
        } finally {
            wake();
        }
    }

    private void wake() {
        done = true;
        LockSupport.unpark(caller);
    }

    private void keep(CallStatus how, MemorySegment bytes, long offset, long byteLength) {
        try {
            if (how == CallStatus.RESULT) {
                MemorySegment.copy(bytes, offset, result, resultOffset, Math.min(byteLength, resultLimit));
                length = byteLength;
            } else if (how == CallStatus.OUT_OF_BAND_ERROR) {
                error = text(bytes, offset, byteLength);
            }
            status = how;
        } catch (RuntimeException | Error cannotCopy) {
            error = "the answer cannot be copied: " + cannotCopy;
            status = CallStatus.OUT_OF_BAND_ERROR;
        }
    }

    /// Asks the waiting thread to look for work. Any thread.
    public void nudge() {
        nudged = true;
        LockSupport.unpark(caller);
    }

    /// Looks at what became of an attempt to send. If there was no room, this waits a little.
    ///
    /// @param sent what the access said
    /// @param waiting has work for this thread, which may make room
    /// @return whether to try again; `false` if the call was sent
    /// @throws CallException if there is no controller, there was no room all the time, or this thread was
    ///     interrupted
    public boolean isToRepeat(SendStatus sent, Waiting waiting) {
        return switch (sent) {
            case SENT -> false;
            case DISCONNECTED ->
                throw new CallException(
                        CallException.DETACHED, "call not sent: the other end is not attached, or not any more");
            case BACK_PRESSURED -> {
                pending = false; // it was taken back
                if (leftNs() <= 0) {
                    throw new CallException(
                            CallException.OVERLOADED,
                            "call not sent: too many calls are in flight, and none ended within " + timeoutText());
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw new CallException(CallException.CANCELLED, "call not sent: its thread was interrupted");
                }
                if (!waiting.runMeanwhile()) {
                    LockSupport.parkNanos(this, Math.min(pauseNs, leftNs()));
                    pauseNs = Math.min(2 * pauseNs, MAX_PAUSE_NS);
                }
                yield true;
            }
        };
    }

    /// Waits for the answer of a call that was sent.
    ///
    /// @param waiting withdraws the call if the time is over, and has work for this thread meanwhile
    /// @return how long the answer is; if that is more than the limit, the rest was dropped
    /// @throws CallException if there is no answer, or it is an error
    public long await(Waiting waiting) {
        awaitOrGiveUp(waiting, true);
        CallStatus how = status;
        if (how == CallStatus.RESULT && answeredHere && leftNs() <= 0) {
            how = CallStatus.DEADLINE_EXCEEDED; // this thread could not leave the function that it ran itself
        }
        if (how == CallStatus.RESULT) {
            return length;
        }
        throw failure(how);
    }

    /// Waits until the handler of a call that was sent has been told. An interrupt does not end that: the
    /// thread may be in native code, which cannot be told. It stays interrupted.
    ///
    /// @param waiting withdraws the call if the time is over, and has work for this thread meanwhile
    public void awaitTold(Waiting waiting) {
        if (awaitOrGiveUp(waiting, false)) {
            caller.interrupt();
        }
    }

    /// @param interruptible whether an interrupt withdraws the call; else it is taken from the thread
    /// @return whether an interrupt was taken from the thread
    private boolean awaitOrGiveUp(Waiting waiting, boolean interruptible) {
        boolean interrupted = false;
        int idle = caller.isVirtual() ? SPINS : 0;
        boolean givenUp = false;
        boolean look = true;
        while (!done) {
            if (nudged) {
                nudged = false; // before the look, so that a nudge that comes now is not lost
                look = true;
            }
            if (givenUp) {
                Thread.yield(); // somebody else is telling the outcome right now
            } else if (interruptible && caller.isInterrupted()) {
                waiting.cancelCall(callId, CallStatus.CANCELLED);
                givenUp = true;
            } else if (leftNs() <= 0) {
                waiting.cancelCall(callId, CallStatus.DEADLINE_EXCEEDED);
                givenUp = true;
            } else if (look) {
                look = waiting.runMeanwhile(); // there may be more
                idle = look ? 0 : idle;
            } else if (idle < SPINS + YIELDS) {
                pause(idle++);
            } else if (!nudged) {
                interrupted |= !interruptible && Thread.interrupted(); // or the thread would not park
                LockSupport.parkNanos(this, leftNs());
            }
        }
        return interrupted;
    }

    private static void pause(int idle) {
        if (idle < SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    private CallException failure(@Nullable CallStatus how) {
        String said = error;
        if (how == CallStatus.OUT_OF_BAND_ERROR) {
            return CallException.answered(errorKind, said == null ? "" : said, null);
        }
        if (how == CallStatus.DISCONNECTED) {
            return new CallException(CallException.DETACHED, "the connection ended before an answer came");
        }
        if (how == CallStatus.DEADLINE_EXCEEDED) {
            return new CallException(CallException.DEADLINE_EXCEEDED, "no answer within " + timeoutText());
        }
        return new CallException(CallException.CANCELLED, "call withdrawn: its thread was interrupted");
    }

    private long leftNs() {
        return timeoutNs == Session.NO_TIMEOUT ? Long.MAX_VALUE : timeoutNs - (System.nanoTime() - startedNs);
    }

    private String timeoutText() {
        return timeoutNs / 1_000_000 + " ms";
    }

    private static String text(MemorySegment bytes, long offset, long length) {
        byte[] copy = new byte[(int) Math.min(length, 4L * PeerText.MAX_CHARS)];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, offset, copy, 0, copy.length);
        return PeerText.escape(new String(copy, StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "a call of " + caller.getName() + " that waits for its answer";
    }
}
