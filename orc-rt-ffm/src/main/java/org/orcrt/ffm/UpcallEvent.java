// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

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

/// A call of a Java function by native code. Loaded when something records, not before.
@Name("org.orcrt.Upcall")
@Label("Upcall")
@Category("ORC runtime")
@Description("A call of a Java function by native code, through its stub")
@StackTrace(false)
@Threshold("1 ms")
final class UpcallEvent extends Event {

    private static final UpcallEvent ANY = new UpcallEvent();

    @Label("Slot")
    @Description("The number of the stub in this process")
    int slot;

    @Label("Address")
    @Description("What the native code called")
    @MemoryAddress
    long address;

    @Label("Argument Bytes")
    @Description("The bytes that a wrapper function got; -1 if the function is another C function")
    @DataAmount
    long argumentBytes = -1;

    @Label("Result Bytes")
    @Description("The bytes that a wrapper function gave, 0 with an error; -1 if the function is another C function")
    @DataAmount
    long resultBytes = -1;

    @Label("Outcome")
    @Description("returned or threw")
    @Nullable String outcome;

    /// Whether a recording wants such events.
    static boolean isWanted() {
        return ANY.isEnabled();
    }
}
