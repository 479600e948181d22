// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One JIT'd program: its resources, its calls in both directions, and its orderly end.
///
/// A session is attached to at most one controller, once. After a detach JIT'd code goes on running; after a shutdown
/// nothing of it is left. All methods: any thread.
public interface Session extends AutoCloseable {

    /// What this session told its controller.
    ///
    /// @return names, addresses and values
    BootstrapInfo bootstrapInfo();

    /// For calls that wait as long as the connection lives.
    long NO_TIMEOUT = Long.MAX_VALUE;

    /// Calls a handler of the controller. Does not wait for the answer, and allocates nothing.
    ///
    /// @param tag which handler
    /// @param args the argument bytes; copied before this method returns
    /// @param offset their offset in `args`, in bytes
    /// @param length how many they are
    /// @param handler told of the outcome exactly once if the status is [SendStatus#SENT]
    /// @param context handed to `handler` unchanged
    /// @param timeoutNs how long to wait for the answer, in nanoseconds, or [#NO_TIMEOUT]
    /// @return what became of the call
    /// @throws IllegalArgumentException if the arguments do not fit a frame, or the time is not above 0
    SendStatus callController(
            HandlerTag tag,
            MemorySegment args,
            long offset,
            long length,
            ResultHandler handler,
            long context,
            long timeoutNs);

    /// Withdraws a call: if no answer came yet, its handler is told [CallStatus#CANCELLED] before this method
    /// returns. An answer that comes later is dropped and counted. The handler at the other end is not stopped.
    ///
    /// @param callId what [ResultHandler#onPending] was told
    /// @return whether the call was withdrawn; if not, its handler has heard of another outcome, or is hearing now
    boolean cancelCall(long callId);

    /// Calls a handler of the controller and waits for the answer. A thread that runs a call of this session and
    /// waits here runs further calls of the controller meanwhile if no other thread is free for them, up to
    /// a depth that the session limits.
    ///
    /// @param tag which handler
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
    /// @throws CallException if the handler answered with an error (`HANDLER_FAILED`; see
    ///     [CallException#remoteKind()]), nobody registered the tag (`UNKNOWN_TAG`), there is no controller
    ///     or no longer (`DETACHED`), the time is over (`DEADLINE_EXCEEDED`), there was no room all the
    ///     time, or none at the other end (`OVERLOADED`), or this thread was interrupted (`CANCELLED`; it
    ///     stays interrupted)
    /// @throws IllegalStateException on the thread that delivers the answer: it would wait for itself
    long callControllerAndWait(
            HandlerTag tag,
            MemorySegment args,
            long offset,
            long length,
            MemorySegment result,
            long resultOffset,
            long resultLimit,
            long timeoutNs);

    /// Calls a handler of the controller and waits until a result handler has been told of the outcome: for callers
    /// that
    /// want the answer in place, or cannot be given an exception, as native code. Allocates nothing per call. An
    /// interrupt does not end the wait; the thread stays interrupted.
    ///
    /// @param tag which handler
    /// @param args where the argument bytes lie; copied before this method waits
    /// @param offset their offset in `args`, in bytes
    /// @param length how many they are
    /// @param handler is told once, on the threads that [ResultHandler#onResult] names, before this method
    ///     returns; not told at all unless the call was sent
    /// @param timeoutNs how long to wait, in nanoseconds, or [#NO_TIMEOUT]
    /// @return whether the call was sent
    /// @throws IllegalStateException on the thread that delivers the answer: it would wait for itself
    SendStatus callControllerAndWait(
            HandlerTag tag, MemorySegment args, long offset, long length, ResultHandler handler, long timeoutNs);

    /// Calls a handler of the controller. Cancelling the stage's future withdraws the call.
    ///
    /// @param tag which handler
    /// @param args the argument bytes; copied before this method returns
    /// @param timeout how long to wait for the answer
    /// @return completed with the answer's bytes, or with a [CallException] as [#callControllerAndWait]
    ///     throws it; on the threads that [ResultHandler#onResult] names
    CompletionStage<byte[]> callControllerAsync(HandlerTag tag, byte[] args, Duration timeout);

    /// Keeps code and memory loaded for a span on the calling thread's stack.
    ///
    /// @return to be closed at the span's end, or `null` once shutdown has begun
    @Nullable Keepalive tryEnter();

    /// Runs something while code and memory stay loaded.
    ///
    /// @param work runs on this thread, or not at all
    /// @return whether it ran; `false` once shutdown has begun
    default boolean runWithKeepalive(Runnable work) {
        try (Keepalive inside = tryEnter()) {
            if (inside == null) {
                return false;
            }
            work.run();
            return true;
        }
    }

    /// Computes something while code and memory stay loaded.
    ///
    /// @param <T> what is computed
    /// @param work runs on this thread, or not at all
    /// @return what it returned; empty once shutdown has begun
    default <T> Optional<T> callWithKeepalive(Supplier<T> work) {
        try (Keepalive inside = tryEnter()) {
            return inside == null ? Optional.empty() : Optional.of(work.get());
        }
    }

    /// Adds a resource manager. It is the last to be told and the first to be shut down of those that are there by
    /// then, so all are told in reverse order of addition. If the controller is gone already, it is told so before
    /// this method returns; if shutdown has begun, it is shut down as well.
    ///
    /// @param manager owned by the session from now on
    void addResource(ResourceManager manager);

    /// A resource manager of this session.
    ///
    /// @param <T> its type
    /// @param type the class or interface asked for
    /// @return the manager added first that is a `T`
    <T> Optional<T> resource(Class<T> type);

    /// Hands a failure that nobody waits for to the session's reporter.
    ///
    /// @param failure what happened
    void report(Throwable failure);

    /// Waits until the controller is gone, whoever ended it.
    ///
    /// @param bound how long to wait
    /// @return the failure that ended the connection, or empty after an orderly end
    /// @throws InterruptedException if interrupted while waiting
    /// @throws SessionException if the controller is still there after `bound`
    Optional<OrcException> awaitDetached(Duration bound) throws InterruptedException;

    /// Ends the connection, if it has not ended, and tells the managers. JIT'd code goes on running. Returns
    /// when no call will be received or accepted any more and all managers have been told, whoever told them.
    ///
    /// @throws IllegalStateException from inside a call, or from a manager that is being told: it would wait
    /// for itself; [#detachAsync()] does not
    void detach();

    /// Detaches on another thread. From anywhere, also from inside a call or a manager.
    ///
    /// @return completed when [#detach()] would have returned, or with what it threw
    CompletionStage<@Nullable Void> detachAsync();

    /// Detaches, waits for running JIT'd code, shuts the managers down in reverse order, then the
    /// dispatchers. If code still runs after `bound`, nothing is freed under it, and it is named; who asks
    /// again later tries again.
    ///
    /// @param bound how long to wait for running JIT'd code
    /// @return what went wrong and what still runs; clean if everything ended. The same for everybody who asks
    ///     meanwhile or afterwards
    /// @throws IllegalStateException from inside a call or a manager: it would wait for itself, and nothing has
    /// begun; [#shutdownAsync] does not
    ShutdownReport shutdown(Duration bound);

    /// Shuts down on another thread. From anywhere, also from inside a call or a manager.
    ///
    /// @param bound how long to wait for running JIT'd code
    /// @return completed with the report when the shutdown is over, or with what it threw
    CompletionStage<ShutdownReport> shutdownAsync(Duration bound);

    /// Shuts down with the session's own bound and reports what went wrong to the session's reporter.
    @Override
    void close();
}
