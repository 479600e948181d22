// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

/// Counts who is inside, and closes: after [#close()] nobody enters, and [#awaitEmpty] returns when all have left.
final class Gate {

    private static final long CLOSED = Long.MIN_VALUE;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Gate.class, "state", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// Sign bit: closed. Other bits: how many are inside. By CAS only; full volatile order, because what was done
    /// inside must be visible to who sees the gate empty.
    private volatile long state;

    /// @return `false` once closed; else [#leave()] must follow
    boolean tryEnter() {
        for (long seen = state; seen >= 0; seen = state) {
            if (STATE.compareAndSet(this, seen, seen + 1)) {
                return true;
            }
        }
        return false;
    }

    void leave() {
        long seen;
        do {
            seen = state;
            if ((seen & ~CLOSED) == 0) {
                throw new IllegalStateException("more have left the gate than entered");
            }
        } while (!STATE.compareAndSet(this, seen, seen - 1));
        wakeIfEmpty(seen - 1);
    }

    /// Idempotent.
    void close() {
        for (long seen = state; seen >= 0; seen = state) {
            if (STATE.compareAndSet(this, seen, seen | CLOSED)) {
                wakeIfEmpty(seen | CLOSED);
                return;
            }
        }
    }

    /// @return how many are inside now
    long inside() {
        return state & ~CLOSED;
    }

    boolean isClosed() {
        return state < 0;
    }

    /// @param boundNs at most so long, in nanoseconds
    /// @return whether the closed gate is empty
    synchronized boolean awaitEmpty(long boundNs) throws InterruptedException {
        long deadlineNs = System.nanoTime() + boundNs;
        while (state != CLOSED) {
            long leftNs = deadlineNs - System.nanoTime();
            if (leftNs <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, leftNs);
        }
        return true;
    }

    private void wakeIfEmpty(long now) {
        if (now == CLOSED) {
            synchronized (this) {
                notifyAll();
            }
        }
    }
}
