// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.CallStatus;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.TransportException;
import org.orcrt.spi.BlockingMessageChannel;
import org.orcrt.spi.ControllerAccess;
import org.orcrt.spi.FrameSink;
import org.orcrt.spi.MessageChannel;
import org.orcrt.spi.SessionPort;

/// Connections that can be made but not attached, and how many of them are open.
final class BrokenEnds {

    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();

    MessageChannel channel(Broken how) {
        return new BrokenChannel(how);
    }

    ControllerAccess access() {
        return new BrokenAccess();
    }

    /// How a channel fails with its first frame.
    enum Broken {
        TOO_LARGE,
        NO_ROOM,
        GONE,
        COMMIT,
        FLUSH
    }

    private final class BrokenChannel extends BlockingMessageChannel {

        private final Broken how;
        private boolean isClosed;

        BrokenChannel(Broken how) {
            this.how = how;
            opened.incrementAndGet();
        }

        @Override
        public MemorySegment outgoing() {
            return MemorySegment.ofArray(new byte[1 << 16]);
        }

        @Override
        public long tryClaim(long frameBytes) {
            return switch (how) {
                case TOO_LARGE -> throw new IllegalArgumentException("frame of " + frameBytes + " bytes");
                case NO_ROOM -> NO_ROOM;
                case GONE -> GONE;
                default -> 0;
            };
        }

        @Override
        public void commit(long offset, long frameBytes) {
            if (how == Broken.COMMIT) {
                throw new AssertionError("planted");
            }
        }

        @Override
        public void flush(int urgency) {
            throw new TransportException(TransportException.PEER_GONE, "planted");
        }

        @Override
        public long maxFrameBytes() {
            return 1 << 16;
        }

        @Override
        public int poll(FrameSink sink, int limit) {
            return (int) GONE;
        }

        @Override
        public boolean readable() {
            return true;
        }

        @Override
        protected void awaitReadable(long timeoutNs) {}

        @Override
        protected void interruptWait() {}

        @Override
        public void close() {
            if (!isClosed) {
                isClosed = true;
                closed.incrementAndGet();
            }
        }
    }

    /// Cannot be attached.
    private final class BrokenAccess implements ControllerAccess {

        private boolean isClosed;

        BrokenAccess() {
            opened.incrementAndGet();
        }

        @Override
        public void attach(SessionPort port, BootstrapInfo info) {
            throw new IllegalStateException("planted");
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
            return SendStatus.DISCONNECTED;
        }

        @Override
        public boolean cancelCall(long callId, CallStatus why) {
            return false;
        }

        @Override
        public boolean deliversOn(Thread thread) {
            return false;
        }

        @Override
        public void sendWrapperResult(MemorySegment bytes, long offset, long length, long callId) {}

        @Override
        public void sendOutOfBandError(String text, long callId) {}

        @Override
        public boolean disconnect(Duration bound) {
            if (!isClosed) {
                isClosed = true;
                closed.incrementAndGet();
            }
            return true;
        }
    }
}
