// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Objects;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.CallException;
import org.orcrt.api.CallStatus;
import org.orcrt.api.Execution;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.type.TypeId;
import org.orcrt.spi.ControllerAccess;
import org.orcrt.spi.SessionPort;
import org.orcrt.wire.CallReply;
import org.orcrt.wire.LeafReply;
import org.orcrt.wire.PendingCalls;
import org.orcrt.wire.ReplySink;

/// The executor's end of an in-process pair. A handler of the controller runs on the thread that calls it; its answer
/// may come later.
final class InProcessAccess implements ControllerAccess {

    private final InProcessConnection connection;

    /// Where the controller's handlers answer.
    private final ReplySink replies;

    InProcessAccess(InProcessConnection connection) {
        this.connection = connection;
        this.replies = new PendingReplies(connection.toController, connection.reporter);
    }

    @Override
    public void attach(SessionPort port, BootstrapInfo info) {
        connection.attach(port, info);
    }

    @Override
    public SendStatus callController(
            HandlerTag tag,
            MemorySegment args,
            long offset,
            long length,
            ResultHandler handler,
            long context,
            long timeoutNs) {
        Objects.checkFromIndexSize(offset, length, args.byteSize());
        if (connection.enter() == null) {
            return SendStatus.DISCONNECTED;
        }
        try {
            long id = connection.toController.add(handler, context, timeoutNs);
            if (id == PendingCalls.FULL) {
                return SendStatus.BACK_PRESSURED;
            }
            if (id == PendingCalls.CLOSED) {
                return SendStatus.DISCONNECTED;
            }
            call(tag.value(), args, offset, length, id);
            return SendStatus.SENT;
        } finally {
            connection.leave();
        }
    }

    private void call(long tag, MemorySegment args, long offset, long length, long id) {
        WrapperFunction handler = connection.handlers.at(tag);
        if (handler.execution() == Execution.LEAF) {
            LeafReply.run(handler, args, offset, length, id, replies);
            return;
        }
        CallReply reply = new CallReply(replies, id);
        try {
            handler.call(args, offset, length, reply);
        } catch (Throwable failure) {
            // the boundary to code that is not ours: the caller always gets an answer
            reply.fail(failure);
        }
    }

    @Override
    public boolean cancelCall(long callId, CallStatus why) {
        return connection.toController.withdraw(callId, why);
    }

    /// Answers come on the thread that gives them; nobody's wait keeps them away.
    @Override
    public boolean deliversOn(Thread thread) {
        return connection.toController.isEndedOn(thread);
    }

    @Override
    public void sendWrapperResult(MemorySegment bytes, long offset, long length, long callId) {
        connection.toExecutor.answer(callId, CallStatus.RESULT, bytes, offset, length);
    }

    @Override
    public void sendOutOfBandError(String text, long callId) {
        sendOutOfBandError(CallException.HANDLER_FAILED, text, callId);
    }

    @Override
    public void sendOutOfBandError(TypeId kind, String text, long callId) {
        PendingReplies.answerError(connection.toExecutor, kind, text, callId);
    }

    @Override
    public boolean disconnect(Duration bound) {
        return connection.disconnect(bound);
    }
}
