// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.Session;
import org.orcrt.api.type.TypeId;

/// Outgoing calls that wait for their answer: a table of fixed size, so that a call allocates nothing and a peer that
/// never answers cannot exhaust us. Each call ends exactly once: answered, out of time, withdrawn, or failed because
/// the connection ended. Any thread.
///
/// A call of number `id` lives in slot `id & mask`; a number whose slot is taken is skipped, so numbers rise but have
/// gaps. No number is ever used twice. What was given up before its answer came is remembered, so that the late answer
/// can be told from one that nobody asked for.
public final class PendingCalls {

    /// The number of no call: the table is full.
    public static final long FULL = Long.MIN_VALUE;

    /// The number of no call: the table is closed.
    public static final long CLOSED = Long.MIN_VALUE + 1;

    /// What an answer was good for.
    public enum Answer {
        /// Its call's handler was told.
        DELIVERED,
        /// Its call had been given up; dropped and counted.
        LATE,
        /// There is no such call: the peer broke the protocol.
        UNKNOWN
    }

    /// How many calls are remembered at most that were given up.
    private static final long MAX_REMEMBERED = 1 << 20;

    private static final long NEVER = Long.MAX_VALUE;
    private static final MemorySegment NO_BYTES = MemorySegment.ofArray(new byte[0]);

    private final ErrorReporter reporter;
    private final DeadlineTimer timer;
    private final int mask;
    private final @Nullable ResultHandler[] handlers;
    private final long[] contexts;
    private final long[] ids;

    /// When each call's time is over, on [#clockNs()]; meaningless in a free slot.
    private final long[] deadlines;

    private final long epochNs = System.nanoTime();
    private final LateReplies late;

    /// Used by the timer's thread only.
    private long tellingNs;

    private long nextId;
    private int count;
    private boolean closed;

    /// No call's time is over before this.
    private long earliest = NEVER;

    /// Makes an empty table whose first call has number 0.
    ///
    /// @param capacity how many calls may wait at once, a power of two
    /// @param reporter told of handlers that throw
    public PendingCalls(int capacity, ErrorReporter reporter) {
        this(capacity, 0, reporter, DeadlineTimer.SHARED);
    }

    /// @param firstId the number of the first call
    /// @param timer looks after calls whose time is over
    PendingCalls(int capacity, long firstId, ErrorReporter reporter, DeadlineTimer timer) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity is not a power of two: " + capacity);
        }
        this.reporter = reporter;
        this.timer = timer;
        handlers = new ResultHandler[capacity];
        contexts = new long[capacity];
        ids = new long[capacity];
        deadlines = new long[capacity];
        mask = capacity - 1;
        nextId = firstId;
        late = new LateReplies(firstId, (int) Math.min(MAX_REMEMBERED, 16L * capacity));
    }

    /// Enters a call and tells its handler the number.
    ///
    /// @param handler told of the call's end
    /// @param context handed to `handler`
    /// @param timeoutNs how long the call may wait, in nanoseconds, above 0; [Session#NO_TIMEOUT] is for ever
    /// @return its number, or [#FULL], or [#CLOSED]
    /// @throws IllegalArgumentException if the time is not above 0
    public long add(ResultHandler handler, long context, long timeoutNs) {
        if (timeoutNs <= 0) {
            throw new IllegalArgumentException("a call with a timeout of " + timeoutNs + " ns; it must be above 0");
        }
        long deadline = timeoutNs == Session.NO_TIMEOUT ? NEVER : deadlineAfter(timeoutNs);
        boolean sooner;
        long id;
        synchronized (this) {
            if (closed) {
                return CLOSED;
            }
            if (count > mask) {
                return FULL;
            }
            while (nextId == FULL || nextId == CLOSED || handlers[slot(nextId)] != null) {
                nextId++;
            }
            id = nextId++;
            handlers[slot(id)] = handler;
            contexts[slot(id)] = context;
            ids[slot(id)] = id;
            deadlines[slot(id)] = deadline;
            count++;
            sooner = deadline < earliest;
            if (sooner) {
                earliest = deadline;
            }
        }
        if (sooner && !timer.watch(this) && takeBackUnwatched(id)) {
            return FULL; // a call whose deadline nobody would look after is not taken
        }
        try {
            handler.onPending(id);
        } catch (RuntimeException | Error bug) {
            reporter.report(bug);
        }
        return id;
    }

    private synchronized boolean takeBackUnwatched(long id) {
        boolean pending = takeBack(id);
        earliest = NEVER;
        for (int slot = 0; slot <= mask; slot++) {
            earliest = handlers[slot] == null ? earliest : Math.min(earliest, deadlines[slot]);
        }
        return pending;
    }

    /// Ends a call with its answer.
    ///
    /// @param id which call
    /// @param status how it ended
    /// @param bytes what its handler is told; valid during this method
    /// @param offset where it begins in `bytes`
    /// @param length how long it is
    /// @return what the answer was good for
    public Answer answer(long id, CallStatus status, MemorySegment bytes, long offset, long length) {
        return answer(id, status, null, bytes, offset, length);
    }

    /// Ends a call with an error.
    ///
    /// @param id which call
    /// @param kind what kind of error it is
    /// @param text what its handler is told; valid during this method
    /// @param offset where it begins in `text`
    /// @param length how long it is
    /// @return what the answer was good for
    public Answer answerError(long id, TypeId kind, MemorySegment text, long offset, long length) {
        return answer(id, CallStatus.OUT_OF_BAND_ERROR, kind, text, offset, length);
    }

    private Answer answer(
            long id, CallStatus status, @Nullable TypeId kind, MemorySegment bytes, long offset, long length) {
        ResultHandler handler;
        long context;
        synchronized (this) {
            handler = at(id);
            if (handler == null) {
                return late.remove(id) ? Answer.LATE : Answer.UNKNOWN;
            }
            context = contexts[slot(id)];
            free(slot(id));
        }
        tell(handler, status, kind, bytes, offset, length, context);
        return Answer.DELIVERED;
    }

    /// Gives a call up; its answer may still come.
    ///
    /// @param id which call
    /// @param why what its handler is told
    /// @return whether it was pending
    public boolean withdraw(long id, CallStatus why) {
        return giveUp(id, why);
    }

    /// Forgets a call that was never sent. Its handler is told nothing, and no answer can come.
    ///
    /// @param id which call
    /// @return whether it was pending; if not, its handler has been told how it ended
    public synchronized boolean takeBack(long id) {
        boolean pending = at(id) != null;
        if (pending) {
            free(slot(id));
        }
        return pending;
    }

    /// Fails all calls with [CallStatus#DISCONNECTED], and takes no more. Idempotent.
    public void close() {
        boolean watched;
        synchronized (this) {
            closed = true;
            watched = earliest != NEVER;
            earliest = NEVER;
        }
        if (watched) {
            timer.forgetClosed(this);
        }
        for (int slot = 0; slot <= mask; slot++) {
            ResultHandler handler;
            long context;
            synchronized (this) {
                handler = handlers[slot];
                if (handler == null) {
                    continue;
                }
                context = contexts[slot];
                free(slot);
            }
            tell(handler, CallStatus.DISCONNECTED, null, NO_BYTES, 0, 0, context);
        }
    }

    /// How many calls wait.
    ///
    /// @return the count now
    public synchronized int size() {
        return count;
    }

    /// How many answers came after their call was given up.
    ///
    /// @return the count since the beginning
    public synchronized long lateReplies() {
        return late.count();
    }

    /// Ends the calls whose time is over.
    ///
    /// @return in how many nanoseconds to look again, or [Long#MAX_VALUE] if no call has a deadline
    long expire() {
        long now = clockNs();
        synchronized (this) {
            if (earliest > now) {
                return untilNs(earliest, now);
            }
            earliest = NEVER; // calls that are added during the look lower it again
        }
        long next = NEVER;
        for (int slot = 0; slot <= mask; slot++) {
            long expired = 0;
            boolean over = false;
            synchronized (this) {
                if (handlers[slot] != null) {
                    over = deadlines[slot] <= now;
                    expired = ids[slot];
                    next = over ? next : Math.min(next, deadlines[slot]);
                }
            }
            if (over) {
                long beforeNs = System.nanoTime();
                giveUp(expired, CallStatus.DEADLINE_EXCEEDED);
                tellingNs += System.nanoTime() - beforeNs;
            }
        }
        synchronized (this) {
            earliest = closed ? NEVER : Math.min(earliest, next);
            return untilNs(earliest, clockNs());
        }
    }

    /// How long handlers took in the last [#expire()]. For the thread that calls that.
    long takeTellingNs() {
        long taken = tellingNs;
        tellingNs = 0;
        return taken;
    }

    /// Tells whether a thread ends calls whose time is over, so that it must not wait for one.
    ///
    /// @param thread any thread
    /// @return whether it is the timer's
    public boolean isEndedOn(Thread thread) {
        return timer.runsOn(thread);
    }

    private boolean giveUp(long id, CallStatus why) {
        ResultHandler handler;
        long context;
        synchronized (this) {
            handler = at(id);
            if (handler == null) {
                return false;
            }
            context = contexts[slot(id)];
            late.expect(id); // first: it needs memory
            free(slot(id));
        }
        tell(handler, why, null, NO_BYTES, 0, 0, context);
        return true;
    }

    /// A handler that throws has broken its own call, nothing else.
    private void tell(
            ResultHandler handler,
            CallStatus status,
            @Nullable TypeId kind,
            MemorySegment bytes,
            long offset,
            long length,
            long context) {
        try {
            if (kind == null) {
                handler.onResult(status, bytes, offset, length, context);
            } else {
                handler.onOutOfBandError(kind, bytes, offset, length, context);
            }
        } catch (RuntimeException | Error bug) {
            reporter.report(bug);
        }
    }

    private @Nullable ResultHandler at(long id) {
        return ids[slot(id)] == id ? handlers[slot(id)] : null;
    }

    private void free(int slot) {
        handlers[slot] = null;
        count--;
    }

    private int slot(long id) {
        return (int) id & mask;
    }

    /// Nanoseconds since this table was made: not negative, so that deadlines can be compared.
    private long clockNs() {
        return System.nanoTime() - epochNs;
    }

    private long deadlineAfter(long timeoutNs) {
        long now = clockNs();
        return timeoutNs >= NEVER - now ? NEVER : now + timeoutNs;
    }

    private static long untilNs(long deadline, long now) {
        return deadline == NEVER ? NEVER : Math.max(0, deadline - now);
    }
}
