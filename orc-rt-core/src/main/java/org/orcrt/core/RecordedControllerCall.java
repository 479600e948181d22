// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.lang.foreign.MemorySegment;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.type.TypeId;

/// The handler of one call to the controller while a recording watches. It ends once: answered, or not sent.
final class RecordedControllerCall implements ResultHandler {

    private final ResultHandler handler;
    private final ControllerCallEvent event = new ControllerCallEvent();

    RecordedControllerCall(ResultHandler handler, long session, long tag, long argumentBytes) {
        this.handler = handler;
        event.session = session;
        event.tag = tag;
        event.argumentBytes = argumentBytes;
        event.begin();
    }

    @Override
    public void onPending(long callId) {
        event.callId = callId;
        handler.onPending(callId);
    }

    @Override
    public void onResult(CallStatus status, MemorySegment bytes, long offset, long length, long context) {
        // first: who waits for the handler may go on at once
        event.resultBytes = length;
        end(status.name());
        handler.onResult(status, bytes, offset, length, context);
    }

    @Override
    public void onOutOfBandError(TypeId kind, MemorySegment text, long offset, long length, long context) {
        event.resultBytes = length;
        end(CallStatus.OUT_OF_BAND_ERROR.name());
        handler.onOutOfBandError(kind, text, offset, length, context);
    }

    SendStatus notSent(SendStatus status) {
        event.callId = -1;
        end(status.name());
        return status;
    }

    private void end(String status) {
        event.status = status;
        event.commit();
    }
}
