// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/// What one sender tells Java Flight Recorder: the times during which its channel takes nothing, from the first attempt
/// to send a frame until the channel has taken one. Nothing recorded in this process so far costs a read of a static
/// field; the class of the event is loaded when a recording runs. Guarded by the sender's lock.
final class SendEvents {

    /// The frame that is being sent, or the stall that it met.
    private @Nullable TransportStallEvent open;

    /// A frame is about to be sent.
    void begin(long frameBytes) {
        if (FlightRecorder.isInitialized() && !isRefusing() && TransportStallEvent.isWanted()) {
            open = TransportStallEvent.begun(frameBytes);
        }
    }

    /// There was no room for the frame: the stall goes on until the channel takes one.
    void refused() {
        if (open != null) {
            open.refusedFrames++;
        }
    }

    /// The channel has taken the frame.
    void sent() {
        end("sent");
    }

    /// The channel takes nothing any more.
    void gone() {
        end("gone");
    }

    /// Not so if a frame was given up because its bytes cannot be read.
    private boolean isRefusing() {
        return open != null && open.refusedFrames > 0;
    }

    private void end(String how) {
        TransportStallEvent ended = open;
        if (ended != null) {
            open = null;
            ended.end(how);
        }
    }
}
