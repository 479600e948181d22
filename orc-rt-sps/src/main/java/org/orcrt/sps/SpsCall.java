// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.CallException;

/// One call of a [RemoteFunction] with SPS in both directions. It waits without taking memory, because each thread uses
/// its buffers again. Proxies ([SpsInterface]) are made of this; by hand it looks like this:
///
/// ```java
/// SpsCall call = SpsCall.open(function);
/// try {
///     call.args().u64(left).u64(right);
///     return call.await(timeoutNs).readU64();
/// } finally {
///     call.close();
/// }
/// ```
///
/// For one thread, which closes the calls that it has open in reverse order.
public final class SpsCall implements AutoCloseable {

    private final Scratch scratch;
    private @Nullable RemoteFunction function;

    SpsCall(Scratch scratch) {
        this.scratch = scratch;
    }

    /// Begins a call.
    ///
    /// @param function what to call
    /// @return the call; valid until it is closed, and to be closed on this thread
    public static SpsCall open(RemoteFunction function) {
        SpsCall call = Scratch.take().call;
        call.function = function;
        return call;
    }

    /// Takes the arguments.
    ///
    /// @return an empty writer, valid until this call is sent
    public SpsWriter args() {
        return scratch.writer;
    }

    /// Sends the call and waits for the reply.
    ///
    /// @param timeoutNs how long to wait, in nanoseconds, or [org.orcrt.api.Session#NO_TIMEOUT]
    /// @return stands at the result; valid until this call is closed
    /// @throws CallException as [org.orcrt.api.Session#callControllerAndWait] throws it, or if the reply is
    ///     larger than the function allows
    public SpsReader await(long timeoutNs) {
        RemoteFunction called = function();
        int limit = called.maxReplyBytes();
        MemorySegment room = scratch.room(limit);
        long length = called.callAndWait(scratch.writer, room, timeoutNs);
        if (length > limit) {
            throw new CallException(
                    CallException.KIND,
                    "the reply of %s takes %d B, but %d are allowed: raise withMaxReplyBytes, or call it with a stage"
                            .formatted(called, length, limit));
        }
        return scratch.reader.over(room, 0, length);
    }

    /// Sends the call and waits for an `SPSError`.
    ///
    /// @param timeoutNs how long to wait, in nanoseconds
    /// @return stands behind the error, which is success
    /// @throws CallException as [#await], and of kind [CallException#HANDLER_FAILED] if it is none
    public SpsReader awaitSuccess(long timeoutNs) {
        SpsReader reply = await(timeoutNs);
        ResultForm.ERROR.readSuccess(reply);
        return reply;
    }

    /// Sends the call and waits for an `SPSExpected`.
    ///
    /// @param timeoutNs how long to wait, in nanoseconds
    /// @return stands at the value
    /// @throws CallException as [#await], and of kind [CallException#HANDLER_FAILED] if there is no value
    public SpsReader awaitExpected(long timeoutNs) {
        SpsReader reply = await(timeoutNs);
        ResultForm.EXPECTED.readSuccess(reply);
        return reply;
    }

    /// Sends the call and does not wait.
    ///
    /// @param <T> the result's type
    /// @param result reads the result
    /// @param timeoutNs how long the stage may take, in nanoseconds
    /// @return completed with the result, or with a [CallException] as [#await] throws it; on the threads that
    ///     [org.orcrt.api.ResultHandler#onResult] names. Cancelling its future withdraws the call
    public <T extends @Nullable Object> CompletionStage<T> send(SpsCodec<T> result, long timeoutNs) {
        RemoteFunction called = function();
        return TypedStage.of(
                called.callAsync(scratch.writer.toByteArray(), Duration.ofNanos(timeoutNs)), called, result);
    }

    /// Makes the error for a result that cannot be read.
    ///
    /// @param malformed what the reader said
    /// @return the error, to be thrown
    public CallException unreadable(SpsException malformed) {
        return unreadable(function(), malformed);
    }

    @Override
    public void close() {
        function = null;
        scratch.giveBack();
    }

    static CallException unreadable(RemoteFunction function, SpsException malformed) {
        return new CallException(
                CallException.KIND,
                "Could not deserialize result of %s: %s".formatted(function, malformed.getMessage()),
                malformed);
    }

    private RemoteFunction function() {
        RemoteFunction open = function;
        if (open == null) {
            throw new IllegalStateException("this call is closed; open another one");
        }
        return open;
    }
}
