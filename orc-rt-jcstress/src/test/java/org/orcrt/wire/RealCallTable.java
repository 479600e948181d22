// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.orcrt.api.CallStatus;
import org.orcrt.api.Session;
import org.orcrt.races.CallTable;

/// Our table of pending calls as the races see it.
final class RealCallTable implements CallTable {

    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

    private final AtomicIntegerArray told = new AtomicIntegerArray(16);
    private final PendingCalls calls = new PendingCalls(8, failure -> {
        throw new IllegalStateException(failure);
    });

    @Override
    public long add(int context) {
        long id = calls.add(
                (status, bytes, offset, length, mine) -> told.incrementAndGet((int) mine), context, Session.NO_TIMEOUT);
        return id == PendingCalls.CLOSED ? CLOSED : id;
    }

    @Override
    public int answer(long id) {
        return switch (calls.answer(id, CallStatus.RESULT, NOTHING, 0, 0)) {
            case DELIVERED -> DELIVERED;
            case LATE -> LATE;
            case UNKNOWN -> UNKNOWN;
        };
    }

    @Override
    public boolean giveUp(long id) {
        return calls.withdraw(id, CallStatus.CANCELLED);
    }

    @Override
    public void close() {
        calls.close();
    }

    @Override
    public int told(int context) {
        return told.get(context);
    }
}
