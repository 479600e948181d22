// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.orcrt.api.OrcException;
import org.orcrt.api.PeerText;
import org.orcrt.api.WrapperReturn;

/// The answer to one incoming call, exactly once.
final class CallReply implements WrapperReturn {

    private final DefaultSession session;
    private final long callId;
    private final AtomicBoolean answered = new AtomicBoolean();

    CallReply(DefaultSession session, long callId) {
        this.session = session;
        this.callId = callId;
    }

    @Override
    public void result(MemorySegment bytes, long offset, long length) {
        claim();
        try {
            session.sendResult(bytes, offset, length, callId);
        } catch (RuntimeException notSent) {
            answered.set(false); // bytes that cannot be read are not an answer
            throw notSent;
        }
    }

    @Override
    public void outOfBandError(String text) {
        claim();
        session.sendOutOfBandError(text, callId);
    }

    /// The function failed: if it has not answered, this is the answer.
    void fail(Throwable failure) {
        boolean tell = answered.compareAndSet(false, true);
        if (!tell || !(failure instanceof OrcException)) {
            session.report(failure);
        }
        if (tell) {
            session.sendOutOfBandError(textOf(failure), callId);
        }
    }

    /// What the controller is told of a failure: an error of the environment speaks for itself, a bug has a name.
    static String textOf(Throwable failure) {
        return failure instanceof OrcException
                ? String.valueOf(failure.getMessage())
                : "the function threw " + PeerText.escape(failure.toString());
    }

    private void claim() {
        if (!answered.compareAndSet(false, true)) {
            throw new IllegalStateException("call #" + Long.toUnsignedString(callId) + " was answered already");
        }
    }
}
