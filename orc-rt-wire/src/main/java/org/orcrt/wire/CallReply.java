// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.orcrt.api.OrcException;
import org.orcrt.api.PeerText;
import org.orcrt.api.WrapperReturn;

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
        claim();
        sink.sendOutOfBandError(text, callId);
    }

    /// The call is refused or given up. Unlike an answer of the function, this may come too late.
    ///
    /// @param text why
    public void refuse(String text) {
        if (answered.compareAndSet(false, true)) {
            sink.sendOutOfBandError(text, callId);
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
            sink.sendOutOfBandError(textOf(failure), callId);
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
