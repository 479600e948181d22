// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.CallStatus;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.type.TypeId;

/// The way down from a session to its controller. All methods: any thread.
public interface ControllerAccess {

    /// Tells the controller who we are and starts to listen. Once. Calls may arrive before this returns.
    ///
    /// @param port where calls and the end of the connection are reported
    /// @param info what the controller is told first
    /// @throws org.orcrt.api.TransportException if the controller could not be told; the port hears of nothing then
    void attach(SessionPort port, BootstrapInfo info);

    /// Calls a handler of the controller. Does not wait for the answer.
    ///
    /// @param tag which handler
    /// @param args the argument bytes; copied before this method returns
    /// @param offset their offset in `args`, in bytes
    /// @param length how many they are
    /// @param handler told of the outcome exactly once if the status is [SendStatus#SENT]
    /// @param context handed to `handler` unchanged
    /// @param timeoutNs how long to wait for the answer, in nanoseconds, above 0; `Session.NO_TIMEOUT` is for ever
    /// @return what became of the call
    /// @throws IllegalArgumentException if they do not fit a frame; the handler hears nothing then
    SendStatus callController(
            HandlerTag tag,
            MemorySegment args,
            long offset,
            long length,
            ResultHandler handler,
            long context,
            long timeoutNs);

    /// Withdraws a call. A late answer is dropped and counted, not a violation of the protocol.
    ///
    /// @param callId what [ResultHandler#onPending] was told
    /// @param why what its handler is told: `CANCELLED`, or `DEADLINE_EXCEEDED` by a thread that looks at the clock
    /// itself
    /// @return whether the call was pending; then its handler was told on this thread
    boolean cancelCall(long callId, CallStatus why);

    /// Tells whether a thread is the one that delivers calls and answers, so that it cannot wait for an answer.
    ///
    /// @param thread any thread
    /// @return whether a wait there would wait for itself
    boolean deliversOn(Thread thread);

    /// Answers an incoming call. Best effort: after a disconnect the answer is dropped.
    ///
    /// @param bytes where the result lies; copied before this method returns
    /// @param offset its offset in `bytes`, in bytes
    /// @param length how long it is
    /// @param callId what [SessionPort#onWrapperCall] was told
    void sendWrapperResult(MemorySegment bytes, long offset, long length, long callId);

    /// Answers an incoming call with an error that is not part of the function's results.
    ///
    /// @param text what went wrong, for people
    /// @param callId what [SessionPort#onWrapperCall] was told
    void sendOutOfBandError(String text, long callId);

    /// Answers an incoming call with an error of a kind.
    ///
    /// @param kind [org.orcrt.api.OrcException#ERROR] or a kind below it; a way that cannot carry it drops it
    /// @param text what went wrong, for people
    /// @param callId what [SessionPort#onWrapperCall] was told
    default void sendOutOfBandError(TypeId kind, String text, long callId) {
        sendOutOfBandError(text, callId);
    }

    /// Ends the connection. Any number of threads may enter; all return only when no call will be received
    /// or accepted any more, every pending call has been failed, and [SessionPort#onDisconnected] has
    /// returned; or when the time is over.
    ///
    /// @param bound how long to wait for leaves and handlers that are running
    /// @return whether the connection is over; if not, something still runs on a thread that delivers,
    ///     nothing new is accepted, and who asks again waits again
    /// @throws IllegalStateException on the thread that delivers calls and results: it would wait for itself
    boolean disconnect(Duration bound);

    /// Ends the connection within 30 seconds.
    ///
    /// @throws IllegalStateException if it is not over then, or on the thread that delivers calls and results
    default void disconnect() {
        if (!disconnect(Duration.ofSeconds(30))) {
            throw new IllegalStateException("disconnect: a leaf or a handler still runs after 30 s");
        }
    }
}
