// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.WrapperReturn;

/// The answer to a leaf function, which must come before the function returns: one object for all leaves of a session,
/// because only one thread reads. Of use to that thread alone: on any other it is closed.
final class LeafReply implements WrapperReturn {

    private final DefaultSession session;
    private long callId;
    private boolean open;
    private @Nullable Thread reader;

    LeafReply(DefaultSession session) {
        this.session = session;
    }

    void begin(long id) {
        callId = id;
        reader = Thread.currentThread();
        open = true;
    }

    /// @param text what to answer if the function did not
    /// @return whether that was the answer
    boolean end(String text) {
        boolean unanswered = open;
        if (unanswered) {
            outOfBandError(text);
        }
        return unanswered;
    }

    @Override
    public void result(MemorySegment bytes, long offset, long length) {
        claim();
        try {
            session.sendResult(bytes, offset, length, callId);
        } catch (RuntimeException notSent) {
            open = true; // bytes that cannot be read are not an answer
            throw notSent;
        }
    }

    @Override
    public void outOfBandError(String text) {
        claim();
        session.sendOutOfBandError(text, callId);
    }

    private void claim() {
        if (reader != Thread.currentThread() || !open) {
            throw new IllegalStateException("a leaf function answers once, before it returns, and on its own thread");
        }
        open = false;
    }
}
