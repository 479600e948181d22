// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.util.concurrent.atomic.AtomicLong;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.OrcException;
import org.orcrt.api.PeerText;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.ShutdownReport;
import org.orcrt.wire.ReplySink;

/// What one session tells Java Flight Recorder, and the one place that decides whether it does. Nothing recorded in
/// this process so far costs a read of a static field; the classes of the events are loaded when a recording runs. A
/// call is recorded as a whole or not at all: what counts is whether its kind of event was wanted when it began.
final class SessionEvents {

    private static final AtomicLong SESSIONS = new AtomicLong();

    private final ReplySink session;
    private final long number = SESSIONS.incrementAndGet();
    private final long beganMs = System.currentTimeMillis();
    private final long beganNs = System.nanoTime();

    /// Set before the session is attached.
    private volatile String peer = "none";

    /// @param session where answers go
    SessionEvents(ReplySink session) {
        this.session = session;
    }

    /// Says how the controller is reached.
    void reachedBy(String spec) {
        peer = spec;
    }

    /// The way back of a call that arrives: the session's own, or one that also records.
    ReplySink arrived(long target, long argumentBytes) {
        return FlightRecorder.isInitialized() && CallEvent.isWanted()
                ? new RecordedCall(session, number, target, argumentBytes)
                : session;
    }

    /// As `arrived`, for a leaf, which runs at once.
    ReplySink arrivedLeaf(long target, long argumentBytes) {
        return FlightRecorder.isInitialized() && CallEvent.isWanted()
                ? new RecordedCall(session, number, target, argumentBytes).enters("reader")
                : session;
    }

    /// A call is about to run on this thread.
    ///
    /// @param back what [#arrived] returned for it
    void enters(IncomingCall call, ReplySink back, Dispatchers dispatchers) {
        if (back != session && back instanceof RecordedCall recorded) {
            recorded.enters(dispatchers.placeOf(call));
        }
    }

    /// The handler of a call to the controller that is about to be sent: the caller's own, or one that also
    /// records.
    ResultHandler sending(HandlerTag tag, long argumentBytes, ResultHandler handler) {
        return FlightRecorder.isInitialized() && ControllerCallEvent.isWanted()
                ? new RecordedControllerCall(handler, number, tag.value(), argumentBytes)
                : handler;
    }

    /// What became of the attempt to send.
    ///
    /// @param handler what [#sending] returned for the call
    /// @return `status`
    static SendStatus sent(ResultHandler handler, SendStatus status) {
        return status != SendStatus.SENT && handler instanceof RecordedControllerCall recorded
                ? recorded.notSent(status)
                : status;
    }

    /// The shutdown is over.
    ///
    /// @param failure why the connection ended, or `null` if orderly
    void ended(ShutdownReport report, int symbols, @Nullable OrcException failure) {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        SessionEvent event = new SessionEvent();
        event.session = number;
        event.peer = peer;
        event.symbols = symbols;
        event.began = beganMs;
        event.lifetime = System.nanoTime() - beganNs;
        event.failure = failure == null ? null : PeerText.oneLine(String.valueOf(failure.getMessage()));
        event.shutdownFailures = report.failures().size();
        event.stuck = report.stillRunning().size();
        event.commit();
    }

    /// The process is about to end without the JVM's exit hooks, so that nobody else writes the files that
    /// recordings were asked for.
    static void processEnds() {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        for (Recording recording : FlightRecorder.getFlightRecorder().getRecordings()) {
            if (recording.getState() == RecordingState.RUNNING && recording.getDumpOnExit()) {
                recording.stop();
            }
        }
    }
}
