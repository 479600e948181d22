// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.CallStatus;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.OrcException;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Task;
import org.orcrt.api.TransportException;
import org.orcrt.spi.ControllerAccess;
import org.orcrt.spi.SessionPort;
import org.orcrt.testing.Bounded;

/// A controller in this process. One thread reads, as the contract of [ControllerAccess] has it: it delivers calls and
/// results, one at a time, and it alone tells the session of the end. Records everything that reaches it.
final class InMemoryController implements ControllerAccess {

    /// The answer to one call: bytes or an error.
    record Reply(
            long callId, byte @Nullable [] bytes, @Nullable String error) {}

    /// A call of one of our handlers, not answered yet.
    record Outgoing(HandlerTag tag, byte[] args, ResultHandler handler, long context) {}

    private static final MemorySegment NO_BYTES = MemorySegment.ofArray(new byte[0]);

    /// Bytes before the arguments, so that an offset that is ignored shows.
    private static final int MARGIN = 5;

    final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    final BlockingQueue<Outgoing> outgoing = new LinkedBlockingQueue<>();
    final List<Throwable> thrownOnReader = new CopyOnWriteArrayList<>();
    final AtomicInteger ends = new AtomicInteger();
    final AtomicInteger droppedReplies = new AtomicInteger();
    final CountDownLatch ended = new CountDownLatch(1);
    volatile @Nullable BootstrapInfo info;
    volatile SendStatus nextStatus = SendStatus.SENT;
    volatile @Nullable RuntimeException attachFailure;

    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Thread reader =
            Thread.ofPlatform().daemon().name("test-reader").unstarted(this::read);
    private volatile @Nullable SessionPort port;

    Thread reader() {
        return reader;
    }

    @Override
    public void attach(SessionPort newPort, BootstrapInfo newInfo) {
        RuntimeException failure = attachFailure;
        if (failure != null) {
            closing.set(true);
            throw failure;
        }
        info = newInfo;
        port = newPort;
        reader.start();
    }

    private void read() {
        try {
            while (ended.getCount() > 0) {
                inbox.take().run();
            }
        } catch (InterruptedException stop) {
            thrownOnReader.add(stop);
        }
    }

    /// Does something on the thread that reads.
    void onReader(Runnable work) {
        inbox.add(() -> {
            try {
                work.run();
            } catch (Throwable bug) {
                // what a connection does: the reader cannot go on
                thrownOnReader.add(bug);
                end(new TransportException(TransportException.KIND, "reading failed", bug));
            }
        });
    }

    /// The controller calls a function of the executor. The bytes are garbage once the port has returned.
    void call(long target, byte[] args, long callId) {
        onReader(() -> {
            byte[] frame = new byte[MARGIN + args.length + MARGIN];
            System.arraycopy(args, 0, frame, MARGIN, args.length);
            Task run = port.onWrapperCall(target, MemorySegment.ofArray(frame), MARGIN, args.length, callId);
            if (run != null) {
                port.dispatch(run);
            }
            Arrays.fill(frame, (byte) 0xEE);
        });
    }

    Reply awaitReply() throws InterruptedException {
        return Bounded.take(replies);
    }

    /// Calls and waits for the answer, which must be the only one.
    Reply callAndWait(long target, byte[] args, long callId) throws InterruptedException {
        call(target, args, callId);
        Reply reply = awaitReply();
        assertThat(reply.callId).isEqualTo(callId);
        assertThat(replies).isEmpty();
        return reply;
    }

    /// Returns when everything posted before was read.
    void awaitRead() {
        CountDownLatch read = new CountDownLatch(1);
        onReader(read::countDown);
        Bounded.await(read);
    }

    /// The controller ends the connection.
    void hangUp(@Nullable OrcException failure) {
        onReader(() -> end(failure));
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
        synchronized (outgoing) {
            if (closing.get()) {
                return SendStatus.DISCONNECTED;
            }
            if (nextStatus == SendStatus.SENT) {
                outgoing.add(new Outgoing(tag, bytes(args, offset, length), handler, context));
            }
            return nextStatus;
        }
    }

    /// Answers a call of one of our handlers.
    void answer(Outgoing call, byte[] result) {
        onReader(() -> call.handler.onResult(
                CallStatus.RESULT, MemorySegment.ofArray(result), 0, result.length, call.context));
    }

    @Override
    public void sendWrapperResult(MemorySegment bytes, long offset, long length, long callId) {
        reply(new Reply(callId, bytes(bytes, offset, length), null));
    }

    @Override
    public void sendOutOfBandError(String text, long callId) {
        reply(new Reply(callId, null, text));
    }

    private void reply(Reply reply) {
        if (closing.get()) {
            droppedReplies.incrementAndGet();
        } else {
            replies.add(reply);
        }
    }

    @Override
    public boolean cancelCall(long callId, CallStatus why) {
        return false;
    }

    @Override
    public boolean deliversOn(Thread thread) {
        return thread == reader;
    }

    @Override
    public boolean disconnect(Duration bound) {
        if (Thread.currentThread() == reader) {
            throw new IllegalStateException("disconnect on the reader waits for itself");
        }
        if (port == null) {
            closing.set(true);
            return true;
        }
        hangUp(null);
        Bounded.await(ended);
        return true;
    }

    private void end(@Nullable OrcException failure) {
        if (ends.getAndIncrement() > 0) {
            ends.decrementAndGet();
            return;
        }
        List<Outgoing> pending = new ArrayList<>();
        synchronized (outgoing) {
            closing.set(true);
            outgoing.drainTo(pending);
        }
        pending.forEach(call -> call.handler.onResult(CallStatus.DISCONNECTED, NO_BYTES, 0, 0, call.context));
        port.onDisconnected(failure);
        ended.countDown();
    }

    private static byte[] bytes(MemorySegment from, long offset, long length) {
        return from.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
