// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ResultHandler;

/// Keeps how calls ended.
final class Outcomes implements ResultHandler {

    final BlockingQueue<Outcome> all = new LinkedBlockingQueue<>();
    final BlockingQueue<Long> pending = new LinkedBlockingQueue<>();

    private final AtomicInteger announced = new AtomicInteger();
    private final AtomicInteger told = new AtomicInteger();

    /// One outcome, with its bytes as text.
    record Outcome(CallStatus status, String text, long context) {}

    Outcome next() throws InterruptedException {
        return Patience.take(all, "an outcome");
    }

    @Override
    public void onPending(long callId) {
        announced.incrementAndGet();
        pending.add(callId);
    }

    @Override
    public void onResult(CallStatus status, MemorySegment bytes, long offset, long length, long context) {
        byte[] copy = new byte[(int) length];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, offset, copy, 0, copy.length);
        boolean early = told.incrementAndGet() > announced.get();
        all.add(new Outcome(status, early ? "told before onPending" : new String(copy, UTF_8), context));
    }
}
