// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.CallStatus;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.OrcException;
import org.orcrt.api.ProcessInfo;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.races.Heard;
import org.orcrt.races.Lifecycle;
import org.orcrt.races.Planted;
import org.orcrt.spi.ControllerAccess;
import org.orcrt.spi.DispatcherLimits;
import org.orcrt.spi.SessionPort;

/// Our session as the races see it, with a controller that needs no thread: whoever ends the connection first tells the
/// session, and who comes second waits for that, as the contract of [ControllerAccess] has it.
final class RealLifecycle implements Lifecycle {

    private static final SessionLimits LIMITS = new SessionLimits(1, 1, 1 << 18, 1, 1, Duration.ZERO);
    private static final ProcessInfo PROCESS = new ProcessInfo("x86_64-pc-linux-gnu", 4096);

    private final Heard manager = new Heard();
    private final Wire wire = new Wire();
    private final DefaultSession session = new DefaultSession(
            LIMITS,
            new SessionHooks(
                    failure -> {
                        throw new IllegalStateException(failure);
                    },
                    null,
                    new InlineTaskDispatcher(new DispatcherLimits(1, 0, 0), failure -> {})),
            new JavaOnlyLinker());

    RealLifecycle() {
        session.addResource(manager);
        session.parts().complete(PROCESS);
        session.attach(wire);
    }

    @Override
    public void peerEnds() {
        wire.end(null);
    }

    @Override
    public void detach() {
        session.detach();
    }

    @Override
    public Object shutdown(long boundNs) {
        return session.shutdown(Duration.ofNanos(boundNs));
    }

    @Override
    public boolean tryEnter() {
        return session.tryEnter() != null;
    }

    @Override
    public String heard() {
        return manager.toString();
    }

    private static final class Wire implements ControllerAccess {

        private final AtomicBoolean closing = new AtomicBoolean();
        private final CountDownLatch ended = new CountDownLatch(1);
        private @Nullable SessionPort port;

        @Override
        public void attach(SessionPort newPort, BootstrapInfo info) {
            port = newPort;
        }

        void end(@Nullable OrcException failure) {
            SessionPort told = port;
            if (told != null && closing.compareAndSet(false, true)) {
                told.onDisconnected(failure);
                ended.countDown();
            }
        }

        @Override
        public boolean disconnect(Duration bound) {
            end(null);
            try {
                if (!ended.await(Planted.PATIENCE_NS, TimeUnit.NANOSECONDS)) {
                    throw new IllegalStateException("the connection does not end");
                }
            } catch (InterruptedException stop) {
                throw new IllegalStateException(stop);
            }
            return true;
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
        public void sendWrapperResult(MemorySegment bytes, long offset, long length, long callId) {
            throw new IllegalStateException("nobody calls");
        }

        @Override
        public void sendOutOfBandError(String text, long callId) {
            throw new IllegalStateException("nobody calls");
        }
    }
}
