// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import org.jspecify.annotations.Nullable;
import org.orcrt.api.ResultHandler;

/// Outgoing calls that wait for their answer: a table of fixed size, so that a call allocates nothing and a peer that
/// never answers cannot exhaust us. Each entry is taken out exactly once. Any thread.
///
/// A call of number `id` lives in slot `id & mask`; a number whose slot is taken is skipped, so numbers rise but have
/// gaps. No number is ever used twice.
final class PendingCalls {

    /// The number of no call that [#add] gave: the table is full.
    static final long FULL = Long.MIN_VALUE;

    private final @Nullable ResultHandler[] handlers;
    private final long[] contexts;
    private final long[] ids;
    private final int mask;
    private long nextId;
    private int count;

    /// @param capacity how many calls may wait at once, a power of two
    PendingCalls(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity is not a power of two: " + capacity);
        }
        handlers = new ResultHandler[capacity];
        contexts = new long[capacity];
        ids = new long[capacity];
        mask = capacity - 1;
    }

    /// Enters a call.
    ///
    /// @return its number, or [#FULL]
    synchronized long add(ResultHandler handler, long context) {
        if (count > mask) {
            return FULL;
        }
        while (nextId == FULL || handlers[slot(nextId)] != null) {
            nextId++;
        }
        int slot = slot(nextId);
        handlers[slot] = handler;
        contexts[slot] = context;
        ids[slot] = nextId;
        count++;
        return nextId++;
    }

    /// Takes a call out.
    ///
    /// @return the call, or `null` if none of that number waits
    synchronized @Nullable Pending take(long id) {
        int slot = slot(id);
        ResultHandler handler = handlers[slot];
        return handler == null || ids[slot] != id ? null : takeSlot(slot, handler);
    }

    /// Takes any call out.
    ///
    /// @return a call, or `null` if none waits
    synchronized @Nullable Pending takeAny() {
        for (int slot = 0; count > 0 && slot <= mask; slot++) {
            ResultHandler handler = handlers[slot];
            if (handler != null) {
                return takeSlot(slot, handler);
            }
        }
        return null;
    }

    private Pending takeSlot(int slot, ResultHandler handler) {
        handlers[slot] = null;
        count--;
        return new Pending(handler, contexts[slot]);
    }

    private int slot(long id) {
        return (int) id & mask;
    }

    /// A call that was taken out: whoever holds this tells its handler.
    record Pending(ResultHandler handler, long context) {}
}
