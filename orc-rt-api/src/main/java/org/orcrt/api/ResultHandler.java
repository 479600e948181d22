// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import java.lang.foreign.MemorySegment;
import org.orcrt.api.type.TypeId;

/// Hears of the outcome of outgoing calls; one handler may serve many.
@FunctionalInterface
public interface ResultHandler {

    /// The call has a number and is about to leave: on the caller's thread, before the status is known. Of use to
    /// those who may want to withdraw the call.
    ///
    /// @param callId names the call; every value is legal
    default void onPending(long callId) {}

    /// The outcome of one call, exactly once. On the thread that reads the channel; on the thread that
    /// disconnects if the status is [CallStatus#DISCONNECTED], on a timer's if it is
    /// [CallStatus#DEADLINE_EXCEEDED], on the one that withdraws if it is [CallStatus#CANCELLED]. Within one
    /// process there is no reader: then on the thread that answers, which may be the caller's own, before
    /// its call returns. Must neither block nor wait for another call.
    ///
    /// @param status how the call ended
    /// @param bytes the result, or the text of the error in UTF-8; valid until this method returns
    /// @param offset its offset in `bytes`, in bytes
    /// @param length how long it is
    /// @param context what the caller gave
    void onResult(CallStatus status, MemorySegment bytes, long offset, long length, long context);

    /// The outcome of one call, if it is an error that was answered in the place of a result: for those who
    /// want its kind. What is not overridden hears [#onResult] with [CallStatus#OUT_OF_BAND_ERROR], and no kind.
    ///
    /// @param kind what the other end said, [OrcException#ERROR] or below; [CallException#HANDLER_FAILED] if
    ///     it said nothing. A kind that nobody here has heard of knows its parents all the same
    /// @param text the text of the error in UTF-8; valid until this method returns
    /// @param offset where it begins in `text`, in bytes
    /// @param length how long it is
    /// @param context what the caller gave
    default void onOutOfBandError(TypeId kind, MemorySegment text, long offset, long length, long context) {
        onResult(CallStatus.OUT_OF_BAND_ERROR, text, offset, length, context);
    }
}
