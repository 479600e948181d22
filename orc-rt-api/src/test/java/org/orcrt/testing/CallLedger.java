// SPDX-License-Identifier: Apache-2.0
package org.orcrt.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ResultHandler;

/// Keeps how each of many calls ended. At rest nothing is lost: as many calls ended as were issued, each of them once.
public final class CallLedger implements ResultHandler {

    private final AtomicInteger issued = new AtomicInteger();
    private final AtomicIntegerArray ends;
    private final AtomicIntegerArray kinds = new AtomicIntegerArray(CallStatus.values().length);
    private final AtomicInteger refused = new AtomicInteger();

    public CallLedger(int maxCalls) {
        ends = new AtomicIntegerArray(maxCalls);
    }

    /// One more call.
    ///
    /// @return its number, to be its context
    public int issue() {
        return issued.getAndIncrement();
    }

    /// The caller heard at once that the call was not sent.
    public void refuse(int number) {
        refused.incrementAndGet();
        ends.incrementAndGet(number);
    }

    @Override
    public void onResult(CallStatus status, MemorySegment bytes, long offset, long length, long context) {
        kinds.incrementAndGet(status.ordinal());
        ends.incrementAndGet((int) context);
    }

    public int issued() {
        return issued.get();
    }

    public int refused() {
        return refused.get();
    }

    public int ended(CallStatus status) {
        return kinds.get(status.ordinal());
    }

    public int ended() {
        int sum = refused.get();
        for (int k = 0; k < kinds.length(); k++) {
            sum += kinds.get(k);
        }
        return sum;
    }

    /// Fails unless every call that was issued has ended, once.
    public void assertConserved(String where) {
        assertThat(ended()).as("%s: calls that ended of those issued", where).isEqualTo(issued.get());
        for (int k = 0; k < issued.get(); k++) {
            if (ends.get(k) != 1) {
                throw new AssertionError("%s: call %d ended %d times".formatted(where, k, ends.get(k)));
            }
        }
    }
}
