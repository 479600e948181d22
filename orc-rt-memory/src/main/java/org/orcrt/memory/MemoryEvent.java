// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.MemoryAddress;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/// What the events of all operations tell. Loaded when something records, not before.
@Category("ORC runtime")
@StackTrace(false)
@Threshold("1 ms")
abstract class MemoryEvent extends Event {

    @Label("Memory Map")
    @Description("The number of the memory map in this process")
    long map;

    @Label("Kind")
    @Description("private or shared")
    @Nullable String kind;

    @Label("Address")
    @Description("The slab, or the region's key; 0 if there is none")
    @MemoryAddress
    long address;

    @Label("Bytes")
    @Description("The size of its pages; 0 if refused up front; of a reserve that failed, what was asked for")
    @DataAmount
    long bytes;

    @Label("Failure")
    @Description("The first thing that went wrong, or null")
    @Nullable String failure;
}
