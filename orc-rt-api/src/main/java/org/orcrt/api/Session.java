// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
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

    /// Calls a handler of the controller. Does not wait for the answer.
    ///
    /// @param tag which handler
    /// @param args the argument bytes; copied before this method returns
    /// @param offset their offset in `args`, in bytes
    /// @param length how many they are
    /// @param handler told of the outcome exactly once if the status is [SendStatus#SENT]
    /// @param context handed to `handler` unchanged
    /// @return what became of the call
    SendStatus callController(
            HandlerTag tag, MemorySegment args, long offset, long length, ResultHandler handler, long context);

    /// Keeps code and memory loaded for a span on the calling thread's stack.
    ///
    /// @return to be closed at the span's end, or `null` once shutdown has begun
    @Nullable Keepalive tryEnter();

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

    /// Ends the connection, if it has not ended, and tells the managers. JIT'd code goes on running. Returns when no
    /// call will be received or accepted any more and all managers have been told, whoever told them.
    ///
    /// @throws IllegalStateException from inside a call, or from a manager that is being told: it would wait
    /// for itself
    void detach();

    /// Detaches, waits for running JIT'd code, shuts the managers down in reverse order, then the dispatchers. If code
    /// still runs after `bound`, nothing is freed under it, and it is named.
    ///
    /// @param bound how long to wait for running JIT'd code
    /// @return what went wrong and what still runs; clean if everything ended. The same for everybody who asks
    /// @throws IllegalStateException from inside a call or a manager: it would wait for itself, and nothing has
    /// begun
    ShutdownReport shutdown(Duration bound);

    /// Shuts down with the session's own bound and reports what went wrong to the session's reporter.
    @Override
    void close();
}
