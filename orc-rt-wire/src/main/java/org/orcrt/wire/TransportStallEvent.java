// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/// A time during which a channel took nothing. Loaded when something records, not before.
@Name("org.orcrt.TransportStall")
@Label("Transport Stall")
@Category("ORC runtime")
@Description("A time during which a channel to the controller took nothing")
@StackTrace(false)
@Threshold("10 ms")
final class TransportStallEvent extends Event {

    private static final TransportStallEvent ANY = new TransportStallEvent();

    @Label("Cause")
    @Description("flush: the peer did not read while a frame was written; no room: frames were refused")
    @Nullable String cause;

    @Label("Frame Bytes")
    @Description("The length of the frame that met the stall first")
    @DataAmount
    long frameBytes;

    @Label("Refused Frames")
    @Description("How many frames were refused meanwhile")
    int refusedFrames;

    @Label("Outcome")
    @Description("sent: the channel took a frame again; gone: the peer left, or the channel failed or was closed")
    @Nullable String outcome;

    /// Whether a recording wants such events.
    static boolean isWanted() {
        return ANY.isEnabled();
    }

    static TransportStallEvent begun(long frameBytes) {
        TransportStallEvent event = new TransportStallEvent();
        event.frameBytes = frameBytes;
        event.begin();
        return event;
    }

    void end(String how) {
        cause = refusedFrames == 0 ? "flush" : "no room";
        outcome = how;
        commit();
    }
}
