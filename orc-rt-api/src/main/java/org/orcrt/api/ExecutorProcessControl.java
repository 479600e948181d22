// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// The controller's end of a session: calls functions of the executor by their address, and answers its calls through
/// registered handlers. All methods: any thread.
public interface ExecutorProcessControl extends AutoCloseable {

    /// What the executor told first.
    ///
    /// @return names, addresses and values
    BootstrapInfo bootstrapInfo();

    /// Calls a wrapper function of the executor. Does not wait for the answer, and allocates nothing.
    ///
    /// @param function its address
    /// @param args the argument bytes; copied before this method returns
    /// @param offset their offset in `args`, in bytes
    /// @param length how many they are
    /// @param handler told of the outcome exactly once if the status is [SendStatus#SENT]
    /// @param context handed to `handler` unchanged
    /// @param timeoutNs how long to wait for the answer, in nanoseconds, or [Session#NO_TIMEOUT]
    /// @return what became of the call
    /// @throws IllegalArgumentException if the arguments do not fit a frame, or the time is not above 0
    SendStatus callWrapper(
            ExecutorAddress function,
            MemorySegment args,
            long offset,
            long length,
            ResultHandler handler,
            long context,
            long timeoutNs);

    /// Withdraws a call: if no answer came yet, its handler is told [CallStatus#CANCELLED] before this method
    /// returns. An answer that comes later is dropped and counted. The function is not stopped.
    ///
    /// @param callId what [ResultHandler#onPending] was told
    /// @return whether the call was withdrawn
    boolean cancelCall(long callId);

    /// Calls a wrapper function of the executor and waits for the answer.
    ///
    /// @param function its address
    /// @param args the argument bytes
    /// @param offset their offset in `args`, in bytes
    /// @param length how many they are
    /// @param result takes the answer; written before this method returns, and only then
    /// @param resultOffset where in `result` the answer begins, in bytes
    /// @param resultLimit how many bytes are taken at most
    /// @param timeoutNs how long to wait, in nanoseconds, for room and for the answer together. Within one
    ///     process a function that runs on this thread cannot be left: then the call ends when it returns, with
    ///     `DEADLINE_EXCEEDED` if that is too late
    /// @return how long the answer is; if that is more than `resultLimit`, the rest was dropped
    /// @throws CallException as [Session#callControllerAndWait] throws it
    /// @throws IllegalStateException on the thread that delivers the answer: it would wait for itself
    long callWrapperAndWait(
            ExecutorAddress function,
            MemorySegment args,
            long offset,
            long length,
            MemorySegment result,
            long resultOffset,
            long resultLimit,
            long timeoutNs);

    /// Calls a wrapper function of the executor. Cancelling the stage's future withdraws the call.
    ///
    /// @param function its address
    /// @param args the argument bytes; copied before this method returns
    /// @param timeout how long to wait for the answer
    /// @return completed with the answer's bytes, or with a [CallException]; on the threads that
    ///     [ResultHandler#onResult] names
    CompletionStage<byte[]> callWrapperAsync(ExecutorAddress function, byte[] args, Duration timeout);

    /// Lets the executor call a handler. Without this no code of the controller can be reached: a call with
    /// another tag is answered with an error and counted.
    ///
    /// @param tag an address in the executor, used as an identity
    /// @param handler runs on the thread that delivers the call
    /// @throws IllegalArgumentException if the tag has a handler already
    void registerHandler(HandlerTag tag, WrapperFunction handler);

    /// Takes a handler back. When this returns, it does not run and will not run.
    ///
    /// @param tag which handler; one that is not there does nothing
    /// @throws IllegalStateException from inside that handler: it would wait for itself
    void unregisterHandler(HandlerTag tag);

    /// How many calls of the executor were refused, because nobody had registered their tag.
    ///
    /// @return the count since the beginning
    long refusedCalls();

    /// How many answers came after their call was withdrawn or its time was over.
    ///
    /// @return the count since the beginning
    long lateReplies();

    /// Waits until the connection is over, whoever ended it.
    ///
    /// @param bound how long to wait
    /// @return the failure that ended it, or empty after an orderly end
    /// @throws InterruptedException if interrupted while waiting
    /// @throws SessionException if the executor is still there after `bound`
    Optional<OrcException> awaitDisconnected(Duration bound) throws InterruptedException;

    /// Ends the connection. Any number of threads may enter; all return only when no call will be received
    /// or accepted any more and every pending call has been failed.
    ///
    /// @throws IllegalStateException from inside a handler: it would wait for itself
    void disconnect();

    /// Ends the connection, like [#disconnect()].
    @Override
    default void close() {
        disconnect();
    }
}
