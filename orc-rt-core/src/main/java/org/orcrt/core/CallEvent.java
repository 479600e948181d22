// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.MemoryAddress;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/// A call of the controller, from its arrival to its answer. Loaded when something records, not before.
@Name("org.orcrt.Call")
@Label("Call")
@Category("ORC runtime")
@Description("A call of the controller, from its arrival to its answer")
@StackTrace(false)
@Threshold("1 ms")
final class CallEvent extends Event {

    private static final CallEvent ANY = new CallEvent();

    @Label("Session")
    @Description("The number of the session in this process")
    long session;

    @Label("Call Id")
    @Description("The number of the call on its connection; not unique in a process")
    long callId;

    @Label("Target")
    @Description("The address that the controller called")
    @MemoryAddress
    long target;

    @Label("Argument Bytes")
    @DataAmount
    long argumentBytes;

    @Label("Result Bytes")
    @Description("How long the result is; 0 with an error")
    @DataAmount
    long resultBytes;

    @Label("Place")
    @Description("Where the function ran: reader, dispatcher, caller, own thread, or nowhere")
    @Nullable String place;

    @Label("Queue Time")
    @Description("From the arrival until the function began, or the call was refused")
    @Timespan
    long queueTime;

    @Label("Outcome")
    @Description("result or error")
    @Nullable String outcome;

    /// Whether a recording wants such events.
    static boolean isWanted() {
        return ANY.isEnabled();
    }
}
