// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.Session;
import org.orcrt.testing.Bounded;
import org.orcrt.wire.PendingCalls.Answer;

/// Everything that ends a call, against everything else that does: each call ends once.
class PendingCallsRaceTest {

    private static final int CALLS = 1024;
    private static final int ROUNDS = 200;
    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

    private final AtomicIntegerArray told = new AtomicIntegerArray(CALLS);
    private final ResultHandler count = (status, bytes, offset, length, context) -> told.incrementAndGet((int) context);

    private PendingCalls filled(long timeoutNs) {
        PendingCalls calls = new PendingCalls(CALLS, failure -> {});
        for (int k = 0; k < CALLS; k++) {
            told.set(k, 0);
            calls.add(count, k, timeoutNs);
        }
        return calls;
    }

    @Test
    @Tag("W6")
    void two_answers_to_the_same_call_tell_it_once() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            PendingCalls calls = filled(Session.NO_TIMEOUT);
            both(() -> answerAll(calls), () -> answerAll(calls));
            assertEachOnce(round);
        }
    }

    @Test
    @Tag("W6")
    void an_answer_and_the_end_of_the_connection_tell_a_call_once() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            PendingCalls calls = filled(Session.NO_TIMEOUT);
            both(() -> answerAll(calls), calls::close);
            assertEachOnce(round);
        }
    }

    @Test
    @Tag("C7")
    void an_answer_and_a_withdrawal_tell_a_call_once_and_no_answer_breaks_the_protocol() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            PendingCalls calls = filled(Session.NO_TIMEOUT);
            AtomicLong unknown = new AtomicLong();
            both(() -> unknown.set(answerAll(calls)), () -> {
                for (int id = 0; id < CALLS; id++) {
                    calls.withdraw(id, CallStatus.CANCELLED);
                }
            });
            assertEachOnce(round);
            assertThat(unknown).as("round %d", round).hasValue(0);
        }
    }

    @Test
    @Tag("C7")
    void answers_deadlines_withdrawals_and_the_end_tell_a_call_once() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            PendingCalls calls = filled(50_000 * (1 + round % 20));
            Thread third = Thread.ofPlatform().start(() -> {
                for (int id = CALLS - 1; id >= 0; id -= 3) {
                    calls.withdraw(id, CallStatus.CANCELLED);
                }
            });
            int last = round;
            both(() -> answerAll(calls), () -> {
                if (last % 2 == 0) {
                    calls.close();
                } else {
                    calls.expire();
                }
            });
            Bounds.join(third);
            calls.close();
            awaitTimer(); // it may have taken a call and be about to tell it
            assertEachOnce(round);
        }
    }

    @Test
    @Tag("W7")
    void a_hundred_thousand_answers_that_come_after_the_deadline_are_late_and_none_is_a_violation() throws Exception {
        PendingCalls calls = new PendingCalls(4096, failure -> {});
        CountDownLatch over = new CountDownLatch(100_000);
        ResultHandler expires = (status, bytes, offset, length, context) -> {
            if (status == CallStatus.DEADLINE_EXCEEDED) {
                over.countDown();
            }
        };
        long[] ids = new long[100_000];
        long late = 0;
        for (int sent = 0; sent < ids.length; ) {
            long id = calls.add(expires, sent, 100_000);
            if (id == PendingCalls.FULL) {
                Thread.sleep(1); // until the timer has made room
                continue;
            }
            ids[sent++] = id;
            // the peer is slow: it answers what was asked 20,000 calls ago, which was given up long before
            if (sent > 20_000) {
                late += answer(calls, ids[sent - 20_001]) == Answer.LATE ? 1 : 0;
            }
        }
        assertThat(over.await(Bounds.SECONDS, TimeUnit.SECONDS)).isTrue();
        for (int k = ids.length - 20_000; k < ids.length; k++) {
            late += answer(calls, ids[k]) == Answer.LATE ? 1 : 0;
        }
        assertThat(late).as("none was delivered, none was a violation").isEqualTo(ids.length);
        assertThat(calls.lateReplies()).isEqualTo(ids.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100_000})
    @Tag("X1")
    void the_end_fails_all_pending_calls_once_within_50_ms(int pending) {
        int capacity = 1 << 17;
        AtomicIntegerArray ends = new AtomicIntegerArray(Math.max(1, pending));
        long bestNs = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 5; attempt++) { // the machine may do something else meanwhile
            PendingCalls calls = new PendingCalls(capacity, failure -> {});
            for (int k = 0; k < pending; k++) {
                ends.set(k, 0);
                calls.add((status, bytes, offset, length, context) -> ends.incrementAndGet((int) context), k, 1L << 40);
            }
            long startNs = System.nanoTime();
            calls.close();
            bestNs = Math.min(bestNs, System.nanoTime() - startNs);
            for (int k = 0; k < pending; k++) {
                assertThat(ends.get(k)).isOne();
            }
        }
        assertThat(bestNs).isLessThan(TimeUnit.MILLISECONDS.toNanos(50));
    }

    @Test
    @Tag("C7")
    void a_deadline_ends_its_call_about_then_and_the_timers_thread_goes_when_it_has_nothing_to_do() throws Exception {
        PendingCalls calls = new PendingCalls(8, failure -> {});
        Outcomes told = new Outcomes();
        long startNs = System.nanoTime();
        calls.add(told, 2, TimeUnit.MILLISECONDS.toNanos(60));
        calls.add(told, 1, TimeUnit.MILLISECONDS.toNanos(20));
        calls.add(told, 3, TimeUnit.HOURS.toNanos(1));
        assertThat(told.next()).isEqualTo(new Outcomes.Outcome(CallStatus.DEADLINE_EXCEEDED, "", 1));
        assertThat(System.nanoTime() - startNs).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
        assertThat(told.next()).isEqualTo(new Outcomes.Outcome(CallStatus.DEADLINE_EXCEEDED, "", 2));
        assertThat(System.nanoTime() - startNs).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(60));
        assertThat(calls.size()).isOne();
        calls.close();
        Bounded.until(
                "no timer thread",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("orc-deadlines")));
        calls = new PendingCalls(8, failure -> {});
        calls.add(told, 4, TimeUnit.MILLISECONDS.toNanos(1));
        assertThat(told.next().context()).as("told by the close").isEqualTo(3);
        assertThat(told.next().context()).as("the timer starts again").isEqualTo(4);
    }

    private static Answer answer(PendingCalls calls, long id) {
        return calls.answer(id, CallStatus.RESULT, NOTHING, 0, 0);
    }

    /// @return how many were unknown
    private static long answerAll(PendingCalls calls) {
        long unknown = 0;
        for (int id = 0; id < CALLS; id++) {
            unknown += answer(calls, id) == Answer.UNKNOWN ? 1 : 0;
        }
        return unknown;
    }

    private static void both(Runnable one, Runnable two) throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(2);
        Thread first = Thread.ofPlatform().start(() -> meet(ready, one));
        Thread second = Thread.ofPlatform().start(() -> meet(ready, two));
        Bounds.join(first);
        Bounds.join(second);
    }

    private static void meet(CountDownLatch ready, Runnable then) {
        ready.countDown();
        while (ready.getCount() > 0) {
            Thread.onSpinWait();
        }
        then.run();
    }

    private void awaitTimer() {
        Bounded.until("every call was told", () -> {
            for (int k = 0; k < CALLS; k++) {
                if (told.get(k) == 0) {
                    return false;
                }
            }
            return true;
        });
    }

    private void assertEachOnce(int round) {
        for (int k = 0; k < CALLS; k++) {
            if (told.get(k) != 1) {
                throw new AssertionError("round %d: call %d was told %d times".formatted(round, k, told.get(k)));
            }
        }
    }
}
