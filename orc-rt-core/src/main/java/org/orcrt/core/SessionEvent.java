// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import jdk.jfr.Timestamp;
import org.jspecify.annotations.Nullable;

/// A session, told at its end. Loaded when something records, not before.
@Name("org.orcrt.Session")
@Label("Session")
@Category("ORC runtime")
@Description("A session, told when its shutdown is over")
@StackTrace(false)
final class SessionEvent extends Event {

    @Label("Session")
    @Description("The number of the session in this process")
    long session;

    @Label("Peer")
    @Description("How the controller was reached: a connection spec, or the kind of connection that was handed in")
    @Nullable String peer;

    @Label("Symbols")
    @Description("How many addresses the controller was told")
    int symbols;

    @Label("Began")
    @Timestamp(Timestamp.MILLISECONDS_SINCE_EPOCH)
    long began;

    @Label("Lifetime")
    @Description("From its making to the end of its shutdown")
    @Timespan
    long lifetime;

    @Label("Failure")
    @Description("Why the connection ended; nothing after an orderly end")
    @Nullable String failure;

    @Label("Shutdown Failures")
    @Description("How much went wrong during the shutdown")
    int shutdownFailures;

    @Label("Stuck")
    @Description("How many calls and keepalives kept the session's memory from being freed")
    int stuck;
}
