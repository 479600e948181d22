// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races.planted;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.orcrt.races.Door;
import org.orcrt.races.Planted;

/// Planted: looks whether it is closed, and enters then. Whoever waits is not woken.
public final class CarelessDoor implements Door {

    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicLong inside = new AtomicLong();

    @Override
    public boolean tryEnter() {
        if (closed.get()) {
            return false;
        }
        Planted.window();
        inside.incrementAndGet();
        return true;
    }

    @Override
    public void leave() {
        if (inside.get() == 0) {
            throw new IllegalStateException("more have left than entered");
        }
        Planted.window();
        inside.decrementAndGet();
    }

    @Override
    public void close() {
        closed.set(true);
    }

    @Override
    public long inside() {
        return inside.get();
    }

    @Override
    public boolean awaitEmpty(long boundNs) {
        if (boundNs > 0 && inside.get() > 0) {
            LockSupport.parkNanos(boundNs);
        }
        return closed.get() && inside.get() == 0;
    }
}
