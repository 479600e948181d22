// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.WrapperReturn;

/// Calls of native functions of the asynchronous form that wait for their answer, of the whole process: a bounded table
/// by number, and the one C function `void ret(S, Buffer result, uint64_t callId)` that answers them, from any thread.
/// No number is ever used twice, so an answer that comes twice, or too late, finds nothing. Any thread.
final class AsyncReturns {

    /// How many calls may wait at once.
    static final int MAX_WAITING = 1 << 16;

    /// The number of no call: too many wait.
    static final long FULL = -1;

    private record Waiting(long session, WrapperReturn reply) {}

    private static final Map<Long, Waiting> WAITING = new ConcurrentHashMap<>();

    /// At least how many there are in the table; taken before a call is entered.
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static final AtomicLong NEXT = new AtomicLong(1);
    private static final LongAdder STRAYS = new LongAdder();

    /// Never given back: native code may hold it for ever.
    private static final long FUNCTION = StubPool.lease(AsyncReturns::onReturn);

    private AsyncReturns() {}

    /// The address of `ret`.
    static long function() {
        return FUNCTION;
    }

    /// Enters a call.
    ///
    /// @param session whose call it is
    /// @param reply takes the answer
    /// @return its number, or [#FULL]
    static long await(long session, WrapperReturn reply) {
        if (COUNT.incrementAndGet() > MAX_WAITING) {
            COUNT.decrementAndGet();
            return FULL;
        }
        long callId = NEXT.getAndIncrement();
        WAITING.put(callId, new Waiting(session, reply));
        return callId;
    }

    /// Takes the calls of a session out. Nobody is told; late answers are strays.
    static void forget(long session) {
        WAITING.forEach((callId, call) -> {
            if (call.session == session) {
                take(callId);
            }
        });
    }

    /// How many calls wait.
    static int waiting() {
        return WAITING.size();
    }

    /// How many answers reached nobody.
    static long strays() {
        return STRAYS.sum();
    }

    private static @Nullable Waiting take(long callId) {
        Waiting call = WAITING.remove(callId);
        if (call != null) {
            COUNT.decrementAndGet();
        }
        return call;
    }

    /// Where native code answers. What the receiver throws is no business of native code: nothing leaves here, and
    /// nothing is left in the result registers, which the caller does not read.
    private static void onReturn(long session, long word, long size, long callId, long result) {
        Waiting call = take(callId);
        if (call == null) {
            STRAYS.increment();
            WrapperResult.free(word, size);
            return;
        }
        NativeMemory.putLong(result, word);
        NativeMemory.putLong(result + Long.BYTES, size);
        try {
            WrapperResult.deliver(result, call.reply);
        } catch (Throwable refused) {
            tell(call.reply, refused);
        }
        NativeMemory.putLong(result, 0);
        NativeMemory.putLong(result + Long.BYTES, 0);
    }

    /// The answer could not be passed on: too long for the connection, say. If there was one already, this
    /// is a stray.
    private static void tell(WrapperReturn reply, Throwable refused) {
        try {
            reply.outOfBandError("the function's result was not taken: " + refused);
        } catch (Throwable lost) {
            STRAYS.increment();
        }
    }
}
