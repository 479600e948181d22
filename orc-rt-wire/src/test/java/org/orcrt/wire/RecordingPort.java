// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.OrcException;
import org.orcrt.api.Task;
import org.orcrt.spi.SessionPort;

/// The session's place above a connection: keeps what it is told.
final class RecordingPort implements SessionPort {

    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private final AtomicInteger ends = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable OrcException failure;
    private volatile Runnable beforeEnd = () -> {};

    /// A call of the controller, with a copy of its arguments.
    record Call(long target, byte[] args, long callId, Thread thread) {}

    /// What happens first when the connection is over.
    void beforeEnd(Runnable step) {
        beforeEnd = step;
    }

    /// The next call; fails if none comes in time.
    Call next() throws InterruptedException {
        Call call = calls.poll(Bounds.SECONDS, TimeUnit.SECONDS);
        assertThat(call).as("a call within %d s", Bounds.SECONDS).isNotNull();
        return call;
    }

    int waitingCalls() {
        return calls.size();
    }

    /// Waits for the end of the connection.
    ///
    /// @return why it ended, or `null` if orderly
    @Nullable OrcException awaitEnd() throws InterruptedException {
        Bounds.await(ended);
        return failure;
    }

    int ends() {
        return ends.get();
    }

    @Override
    public @Nullable Task onWrapperCall(long target, MemorySegment args, long offset, long length, long callId) {
        byte[] copy = args.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
        calls.add(new Call(target, copy, callId, Thread.currentThread()));
        return null;
    }

    @Override
    public void dispatch(Task run) {
        throw new AssertionError("this port leaves nothing to do");
    }

    @Override
    public void onDisconnected(@Nullable OrcException reason) {
        beforeEnd.run();
        failure = reason;
        ends.incrementAndGet();
        ended.countDown();
    }
}
