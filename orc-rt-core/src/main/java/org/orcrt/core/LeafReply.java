// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.lang.foreign.MemorySegment;
import org.orcrt.api.WrapperReturn;

/// The answer to a leaf function, which must come before the function returns: one object for all leaves of a session,
/// because only one thread reads. Used by that thread alone.
final class LeafReply implements WrapperReturn {

    private final DefaultSession session;
    private long callId;
    private boolean open;

    LeafReply(DefaultSession session) {
        this.session = session;
    }

    void begin(long id) {
        callId = id;
        open = true;
    }

    /// @param text what to answer if the function did not
    void end(String text) {
        if (open) {
            outOfBandError(text);
        }
    }

    @Override
    public void result(MemorySegment bytes, long offset, long length) {
        claim();
        session.sendResult(bytes, offset, length, callId);
    }

    @Override
    public void outOfBandError(String text) {
        claim();
        session.sendOutOfBandError(text, callId);
    }

    private void claim() {
        if (!open) {
            throw new IllegalStateException("a leaf function answers once, before it returns");
        }
        open = false;
    }
}
