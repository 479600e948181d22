// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

/// Counts who is inside, and closes: after [#close()] nobody enters, and [#awaitEmpty] returns when all have left. Any
/// thread; allocates nothing.
public final class Gate {

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

    /// Makes an open gate with nobody inside.
    public Gate() {}

    /// Enters, unless the gate is closed.
    ///
    /// @return `false` once closed; else [#leave()] must follow
    public boolean tryEnter() {
        for (long seen = state; seen >= 0; seen = state) {
            if (STATE.compareAndSet(this, seen, seen + 1)) {
                return true;
            }
        }
        return false;
    }

    /// Leaves after an entry.
    ///
    /// @throws IllegalStateException if nobody is inside
    public void leave() {
        long seen;
        do {
            seen = state;
            if ((seen & ~CLOSED) == 0) {
                throw new IllegalStateException("more have left the gate than entered");
            }
        } while (!STATE.compareAndSet(this, seen, seen - 1));
        wakeIfEmpty(seen - 1);
    }

    /// Lets nobody in from now on. Idempotent.
    public void close() {
        for (long seen = state; seen >= 0; seen = state) {
            if (STATE.compareAndSet(this, seen, seen | CLOSED)) {
                wakeIfEmpty(seen | CLOSED);
                return;
            }
        }
    }

    /// A racy look.
    ///
    /// @return how many are inside now
    public long inside() {
        return state & ~CLOSED;
    }

    /// Tells whether [#close()] was called.
    ///
    /// @return whether nobody gets in any more
    public boolean isClosed() {
        return state < 0;
    }

    /// Waits until the gate is closed and all have left.
    ///
    /// @param boundNs at most so long, in nanoseconds
    /// @return whether that is so
    /// @throws InterruptedException if interrupted while waiting
    public synchronized boolean awaitEmpty(long boundNs) throws InterruptedException {
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
