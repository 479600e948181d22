// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.CallException;
import org.orcrt.api.OrcException;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.api.type.TypeId;

/// Runs leaf functions in place, and takes the answer, which must come before the function returns. One object per
/// thread serves all leaves that run there, so that a call allocates nothing; it is of use to that thread alone, while
/// the function runs.
public final class LeafReply implements WrapperReturn {

    private static final ThreadLocal<LeafReply> OWN = ThreadLocal.withInitial(LeafReply::new);

    private final Thread owner = Thread.currentThread();
    private @Nullable ReplySink sink;
    private long callId;

    /// Whether a function runs that has not answered.
    private boolean open;

    private LeafReply() {}

    /// Runs a function on this thread. The caller always gets an answer, and whatever the function throws
    /// stops here.
    ///
    /// @param function what to run
    /// @param args the argument bytes
    /// @param offset their offset in `args`
    /// @param length how many they are
    /// @param callId names the call
    /// @param sink takes the answer
    public static void run(
            WrapperFunction function, MemorySegment args, long offset, long length, long callId, ReplySink sink) {
        LeafReply own = OWN.get();
        // a leaf that makes calls in spite of the rule may meet another one on its thread
        LeafReply reply = own.sink == null ? own : new LeafReply();
        reply.sink = sink;
        reply.callId = callId;
        reply.open = true;
        try {
            function.call(args, offset, length, reply);
            reply.end(sink, CallException.HANDLER_FAILED, "the function returned without an answer");
        } catch (Throwable failure) {
            boolean told = reply.end(sink, CallReply.kindOf(failure), CallReply.textOf(failure));
            if (!told || !(failure instanceof OrcException)) {
                sink.report(failure);
            }
        } finally {
            reply.open = false;
            reply.sink = null;
        }
    }

    @Override
    public void result(MemorySegment bytes, long offset, long length) {
        ReplySink to = claim();
        try {
            to.sendResult(bytes, offset, length, callId);
        } catch (RuntimeException | Error notSent) {
            open = true; // bytes that cannot be read are not an answer
            throw notSent;
        }
    }

    @Override
    public void outOfBandError(String text) {
        outOfBandError(CallException.HANDLER_FAILED, text);
    }

    @Override
    public void outOfBandError(TypeId kind, String text) {
        CallReply.checkKind(kind);
        claim().sendOutOfBandError(kind, text, callId);
    }

    /// @param kind what kind of error it is if the function did not answer
    /// @param text what to answer if the function did not
    /// @return whether that was the answer
    private boolean end(ReplySink to, TypeId kind, String text) {
        boolean unanswered = open;
        open = false;
        if (unanswered) {
            to.sendOutOfBandError(kind, text, callId);
        }
        return unanswered;
    }

    private ReplySink claim() {
        ReplySink to = sink;
        if (owner != Thread.currentThread() || !open || to == null) {
            throw new IllegalStateException("a leaf function answers once, before it returns, and on its own thread");
        }
        open = false;
        return to;
    }
}
