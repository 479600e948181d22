// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.orcrt.api.CallException;
import org.orcrt.api.OrcException;
import org.orcrt.api.PeerText;
import org.orcrt.api.WrapperReturn;
import org.orcrt.api.type.TypeId;

/// The answer to one incoming call, exactly once, from any thread.
public final class CallReply implements WrapperReturn {

    private final ReplySink sink;
    private final long callId;
    private final AtomicBoolean answered = new AtomicBoolean();

    /// Makes the answer to a call, not given yet.
    ///
    /// @param sink takes it
    /// @param callId which call
    public CallReply(ReplySink sink, long callId) {
        this.sink = sink;
        this.callId = callId;
    }

    @Override
    public void result(MemorySegment bytes, long offset, long length) {
        claim();
        try {
            sink.sendResult(bytes, offset, length, callId);
        } catch (RuntimeException | Error notSent) {
            answered.set(false); // bytes that cannot be read are not an answer
            throw notSent;
        }
    }

    @Override
    public void outOfBandError(String text) {
        outOfBandError(CallException.HANDLER_FAILED, text);
    }

    @Override
    public void outOfBandError(TypeId kind, String text) {
        checkKind(kind);
        claim();
        sink.sendOutOfBandError(kind, text, callId);
    }

    /// Refuses what would be no error at the other end.
    static void checkKind(TypeId kind) {
        if (!kind.isA(OrcException.ERROR)) {
            throw new IllegalArgumentException(kind + " is not an error kind; it must lie below " + OrcException.ERROR);
        }
    }

    /// The call is refused or given up. Unlike an answer of the function, this may come too late.
    ///
    /// @param kind [OrcException#ERROR] or a kind below it
    /// @param text why
    public void refuse(TypeId kind, String text) {
        if (answered.compareAndSet(false, true)) {
            sink.sendOutOfBandError(kind, text, callId);
        }
    }

    /// The function failed: if it has not answered, this is the answer.
    ///
    /// @param failure what it threw
    public void fail(Throwable failure) {
        boolean tell = answered.compareAndSet(false, true);
        if (!tell || !(failure instanceof OrcException)) {
            sink.report(failure);
        }
        if (tell) {
            sink.sendOutOfBandError(kindOf(failure), textOf(failure), callId);
        }
    }

    /// What the controller is told of a failure: an error of the environment speaks for itself, a bug has a
    /// name. One line of bounded length, and no stack: that is nobody's business at the other end.
    ///
    /// @param failure what was thrown
    /// @return the line
    public static String textOf(Throwable failure) {
        return PeerText.oneLine(
                failure instanceof OrcException
                        ? String.valueOf(failure.getMessage())
                        : "the function threw " + PeerText.escape(String.valueOf(failure)));
    }

    /// What kind the other end is told of a failure: that of an error of the environment. If the function
    /// failed because a call of its own did, that call's kind would be taken for one of the call that is
    /// answered here: its tag unknown, its end overloaded. So it is what went wrong at the end of the chain,
    /// or [CallException#HANDLER_FAILED].
    ///
    /// @param failure what was thrown
    /// @return [OrcException#ERROR] or a kind below it
    public static TypeId kindOf(Throwable failure) {
        TypeId kind = switch (failure) {
            case CallException call -> call.remoteKind().orElse(CallException.HANDLER_FAILED);
            case OrcException error -> error.typeId();
            default -> CallException.HANDLER_FAILED;
        };
        return kind.isA(CallException.KIND) ? CallException.HANDLER_FAILED : kind;
    }

    /// Tells whether the call has its answer.
    ///
    /// @return whether somebody has begun to give it
    public boolean isAnswered() {
        return answered.get();
    }

    private void claim() {
        if (!answered.compareAndSet(false, true)) {
            throw new IllegalStateException("call #" + Long.toUnsignedString(callId) + " was answered already");
        }
    }
}
