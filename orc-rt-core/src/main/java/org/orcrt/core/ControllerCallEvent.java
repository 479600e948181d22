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
import org.jspecify.annotations.Nullable;

/// A call to the controller, until its end was told. Loaded when something records, not before.
@Name("org.orcrt.ControllerCall")
@Label("Controller Call")
@Category("ORC runtime")
@Description("A call of the executor to its controller, until its end")
@StackTrace(false)
@Threshold("1 ms")
final class ControllerCallEvent extends Event {

    private static final ControllerCallEvent ANY = new ControllerCallEvent();

    @Label("Session")
    @Description("The number of the session in this process")
    long session;

    @Label("Call Id")
    @Description("The number of the call on its connection; -1 if it was not sent")
    long callId = -1;

    @Label("Tag")
    @Description("The tag of the controller's handler")
    @MemoryAddress
    long tag;

    @Label("Argument Bytes")
    @DataAmount
    long argumentBytes;

    @Label("Result Bytes")
    @Description("How long the result, or the text of the error, is")
    @DataAmount
    long resultBytes;

    @Label("Status")
    @Description("A CallStatus; or, if the call was not sent, a SendStatus")
    @Nullable String status;

    /// Whether a recording wants such events.
    static boolean isWanted() {
        return ANY.isEnabled();
    }
}
