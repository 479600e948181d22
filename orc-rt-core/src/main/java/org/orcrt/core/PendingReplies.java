// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.type.TypeId;
import org.orcrt.wire.PendingCalls;
import org.orcrt.wire.ReplySink;

/// Answers calls that wait in this process. What comes too late is dropped.
///
/// @param calls who waits
/// @param reporter takes failures that nobody waits for
record PendingReplies(PendingCalls calls, ErrorReporter reporter) implements ReplySink {

    static void answerError(PendingCalls calls, TypeId kind, String text, long callId) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        calls.answerError(callId, kind, MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    @Override
    public void sendResult(MemorySegment bytes, long offset, long length, long callId) {
        calls.answer(callId, CallStatus.RESULT, bytes, offset, length);
    }

    @Override
    public void sendOutOfBandError(TypeId kind, String text, long callId) {
        answerError(calls, kind, text, callId);
    }

    @Override
    public void report(Throwable failure) {
        reporter.report(failure);
    }
}
