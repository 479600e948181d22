// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.lang.foreign.MemorySegment;
import org.orcrt.api.type.TypeId;
import org.orcrt.wire.ReplySink;

/// The way back of one incoming call while a recording watches. Exactly one answer comes through.
final class RecordedCall implements ReplySink {

    private final ReplySink sink;
    private final CallEvent event = new CallEvent();
    private final long arrivedNs = System.nanoTime();
    private boolean placed;

    /// @param argumentBytes how long the call's arguments are
    RecordedCall(ReplySink sink, long session, long target, long argumentBytes) {
        this.sink = sink;
        event.session = session;
        event.target = target;
        event.argumentBytes = argumentBytes;
        event.begin();
    }

    /// The function is about to run on this thread.
    synchronized RecordedCall enters(String place) {
        event.place = place;
        event.queueTime = System.nanoTime() - arrivedNs;
        placed = true;
        return this;
    }

    @Override
    public void sendResult(MemorySegment bytes, long offset, long length, long callId) {
        sink.sendResult(bytes, offset, length, callId);
        end("result", length, callId);
    }

    @Override
    public void sendOutOfBandError(TypeId kind, String text, long callId) {
        sink.sendOutOfBandError(kind, text, callId);
        end("error", 0, callId);
    }

    @Override
    public void report(Throwable failure) {
        sink.report(failure);
    }

    private synchronized void end(String outcome, long resultBytes, long callId) {
        if (!placed) {
            enters("nowhere");
        }
        event.callId = callId;
        event.outcome = outcome;
        event.resultBytes = resultBytes;
        event.commit();
    }
}
