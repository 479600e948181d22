// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.CallException;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.type.TypeId;
import org.orcrt.spi.ControllerAccess;
import org.orcrt.spi.MessageChannel;
import org.orcrt.spi.SessionPort;

/// The executor's end of the protocol over a message channel. The other one is a [ControllerConnection].
///
/// One thread of its own reads; it runs leaf functions and result handlers in place. Any thread sends. The connection
/// ends once: on the reader, whoever asked for it and whatever happened.
public final class Connection implements ControllerAccess {

    private final Link link;

    /// Makes an end that is not attached yet.
    ///
    /// @param channel the frames; owned by the connection from now on
    /// @param dialect which rules the controller follows
    /// @param maxInFlight how many calls to the controller may wait at once, a power of two
    /// @param reporter told of error texts that the dialect cannot carry, and of result handlers that throw
    public Connection(MessageChannel channel, Dialect dialect, int maxInFlight, ErrorReporter reporter) {
        this(channel, dialect, new PendingCalls(maxInFlight, reporter), reporter, Link.READERS);
    }

    /// @param pending the table of outgoing calls, empty
    /// @param threads makes the reader
    Connection(
            MessageChannel channel,
            Dialect dialect,
            PendingCalls pending,
            ErrorReporter reporter,
            ThreadFactory threads) {
        this.link = new Link(channel, dialect, pending, reporter, threads);
    }

    @Override
    public synchronized void attach(SessionPort port, BootstrapInfo info) {
        if (link.isUsed()) {
            throw new IllegalStateException("a connection is attached once, before it is disconnected");
        }
        link.start(SetupMessage.write(info), new FromController(port), port::onDisconnected);
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
        return link.call(tag.value(), args, offset, length, handler, context, timeoutNs);
    }

    @Override
    public boolean cancelCall(long callId, CallStatus why) {
        return link.cancelCall(callId, why);
    }

    @Override
    public boolean deliversOn(Thread thread) {
        return link.deliversOn(thread);
    }

    /// How many answers came after their call was given up.
    ///
    /// @return the count since the beginning
    public long lateReplies() {
        return link.lateReplies();
    }

    @Override
    public void sendWrapperResult(MemorySegment bytes, long offset, long length, long callId) {
        link.sendResult(bytes, offset, length, callId);
    }

    @Override
    public void sendOutOfBandError(String text, long callId) {
        sendOutOfBandError(CallException.HANDLER_FAILED, text, callId);
    }

    @Override
    public void sendOutOfBandError(TypeId kind, String text, long callId) {
        link.sendOutOfBandError(kind, text, callId);
    }

    @Override
    public boolean disconnect(Duration bound) {
        return link.disconnect(bound);
    }
}
