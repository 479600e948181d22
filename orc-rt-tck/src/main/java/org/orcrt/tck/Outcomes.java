// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ResultHandler;

/// Keeps how calls ended.
final class Outcomes implements ResultHandler {

    final BlockingQueue<Outcome> all = new LinkedBlockingQueue<>();
    final BlockingQueue<Long> pending = new LinkedBlockingQueue<>();

    /// One outcome, with its bytes as text.
    record Outcome(CallStatus status, String text, long context) {}

    Outcome next() throws InterruptedException {
        return Patience.take(all, "an outcome");
    }

    @Override
    public void onPending(long callId) {
        pending.add(callId);
    }

    @Override
    public void onResult(CallStatus status, MemorySegment bytes, long offset, long length, long context) {
        byte[] copy = new byte[(int) length];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, offset, copy, 0, copy.length);
        all.add(new Outcome(status, new String(copy, UTF_8), context));
    }
}
