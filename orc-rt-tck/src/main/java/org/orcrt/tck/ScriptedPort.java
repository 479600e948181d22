// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.OrcException;
import org.orcrt.api.Task;
import org.orcrt.spi.SessionPort;

/// The session's place above a connection: keeps what it is told, and does what a test says.
final class ScriptedPort implements SessionPort {

    final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    final AtomicInteger dispatched = new AtomicInteger();
    final AtomicInteger ends = new AtomicInteger();
    final CountDownLatch ended = new CountDownLatch(1);

    /// How many calls came after the end.
    final AtomicInteger late = new AtomicInteger();

    private volatile Function<Call, @Nullable Task> onCall = call -> null;
    private volatile Runnable onEnd = () -> {};

    /// A call of the controller, with a copy of its arguments.
    record Call(long target, byte[] args, long callId) {}

    void onCall(Function<Call, @Nullable Task> step) {
        onCall = step;
    }

    /// What happens before the end counts.
    void onEnd(Runnable step) {
        onEnd = step;
    }

    @Override
    public @Nullable Task onWrapperCall(long target, MemorySegment args, long offset, long length, long callId) {
        if (ends.get() > 0) {
            late.incrementAndGet();
        }
        byte[] copy = new byte[(int) length];
        MemorySegment.copy(args, ValueLayout.JAVA_BYTE, offset, copy, 0, copy.length);
        Call call = new Call(target, copy, callId);
        calls.add(call);
        return onCall.apply(call);
    }

    @Override
    public void dispatch(Task run) {
        dispatched.incrementAndGet();
        Patience.start(() -> {
            run.run();
            return true;
        });
    }

    @Override
    public void onDisconnected(@Nullable OrcException failure) {
        onEnd.run();
        ends.incrementAndGet();
        ended.countDown();
    }
}
