// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.Session;
import org.orcrt.wire.PendingCalls.Answer;

class PendingCallsTest {

    private static final long SEED = 20_260_303;
    private static final ResultHandler NOBODY = (status, bytes, offset, length, context) -> {};
    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

    private static PendingCalls calls(int capacity) {
        return new PendingCalls(capacity, failure -> {});
    }

    private static long add(PendingCalls calls, ResultHandler handler, long context) {
        return calls.add(handler, context, Session.NO_TIMEOUT);
    }

    private static Answer answer(PendingCalls calls, long id) {
        return calls.answer(id, CallStatus.RESULT, NOTHING, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8, 4096})
    void as_many_calls_wait_as_were_asked_for_and_each_that_goes_makes_room_for_one(int capacity) {
        PendingCalls calls = calls(capacity);
        long last = 0;
        for (int k = 0; k < capacity; k++) {
            last = add(calls, NOBODY, k);
            assertThat(last).isEqualTo(k);
        }
        assertThat(add(calls, NOBODY, 0)).isEqualTo(PendingCalls.FULL);
        assertThat(calls.size()).isEqualTo(capacity);
        assertThat(answer(calls, last)).isEqualTo(Answer.DELIVERED);
        assertThat(add(calls, NOBODY, 0)).isNotEqualTo(PendingCalls.FULL);
        assertThat(add(calls, NOBODY, 0)).isEqualTo(PendingCalls.FULL);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 3, 1000, Integer.MAX_VALUE})
    void a_capacity_that_is_no_power_of_two_is_refused(int capacity) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> calls(capacity))
                .withMessage("capacity is not a power of two: " + capacity);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void a_timeout_that_is_not_above_0_is_refused(long timeoutNs) {
        PendingCalls calls = calls(4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> calls.add(NOBODY, 0, timeoutNs))
                .withMessageContaining("timeout of " + timeoutNs + " ns");
        assertThat(calls.size()).isZero();
    }

    @Test
    void a_number_whose_place_is_taken_is_skipped() {
        PendingCalls calls = calls(4);
        for (int k = 0; k < 4; k++) {
            add(calls, NOBODY, k);
        }
        answer(calls, 1);
        assertThat(add(calls, NOBODY, 0)).as("4 would lie where 0 waits").isEqualTo(5);
        answer(calls, 0);
        answer(calls, 3);
        assertThat(add(calls, NOBODY, 0)).isEqualTo(7);
        assertThat(add(calls, NOBODY, 0)).isEqualTo(8);
    }

    @Test
    @Tag("WI-9")
    @Tag("C8")
    void numbers_run_over_the_end_of_their_range_and_none_comes_twice() {
        long first = -2; // 2^64 - 2
        PendingCalls calls = new PendingCalls(4, first, failure -> {}, DeadlineTimer.SHARED);
        Outcomes told = new Outcomes();
        for (long k = 0; k < 1000; k++) {
            assertThat(add(calls, told, k)).isEqualTo(first + k);
            assertThat(answer(calls, first + k)).isEqualTo(Answer.DELIVERED);
            assertThat(answer(calls, first + k)).isEqualTo(Answer.UNKNOWN);
        }
        assertThat(told.soFar())
                .hasSize(1000)
                .extracting(Outcomes.Outcome::context)
                .doesNotHaveDuplicates();
    }

    @Test
    @Tag("C8")
    void the_two_numbers_that_mean_no_call_are_never_given() {
        PendingCalls calls = new PendingCalls(4, Long.MAX_VALUE, failure -> {}, DeadlineTimer.SHARED);
        assertThat(add(calls, NOBODY, 0)).isEqualTo(Long.MAX_VALUE);
        assertThat(add(calls, NOBODY, 0)).isEqualTo(Long.MIN_VALUE + 2);
    }

    @Test
    @Tag("W5")
    void a_number_that_only_shares_the_place_of_a_waiting_one_finds_nothing() {
        PendingCalls calls = calls(4);
        long id = add(calls, NOBODY, 0);
        for (long other : new long[] {4, 8, 1L << 32, -4, Long.MIN_VALUE, 1, 2, 3, -1}) {
            assertThat(answer(calls, other)).as("%d", other).isEqualTo(Answer.UNKNOWN);
            assertThat(calls.withdraw(other, CallStatus.CANCELLED))
                    .as("%d", other)
                    .isFalse();
            assertThat(calls.takeBack(other)).as("%d", other).isFalse();
        }
        assertThat(answer(calls, id)).isEqualTo(Answer.DELIVERED);
        assertThat(answer(calls, id)).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    @Tag("WI-9")
    void no_number_is_given_twice_and_each_leads_to_its_own_context() {
        Random random = new Random(SEED);
        PendingCalls calls = calls(64);
        Map<Long, Long> waiting = new HashMap<>();
        Set<Long> given = new HashSet<>();
        long[] last = new long[1];
        ResultHandler remember = (status, bytes, offset, length, context) -> last[0] = context;
        for (int round = 0; round < 300_000; round++) {
            if (random.nextInt(100) < 52) {
                long id = add(calls, remember, round);
                assertThat(id == PendingCalls.FULL).as(at(round)).isEqualTo(waiting.size() == 64);
                if (id != PendingCalls.FULL) {
                    assertThat(given.add(id)).as(at(round)).isTrue();
                    waiting.put(id, (long) round);
                }
            } else if (!waiting.isEmpty()) {
                List<Long> ids = new ArrayList<>(waiting.keySet());
                long id = ids.get(random.nextInt(ids.size()));
                assertThat(answer(calls, id)).as(at(round)).isEqualTo(Answer.DELIVERED);
                assertThat(last[0]).as(at(round)).isEqualTo(waiting.remove(id));
            }
        }
        assertThat(calls.size()).isEqualTo(waiting.size());
        calls.close();
        assertThat(calls.size()).isZero();
    }

    @Test
    void a_handler_hears_its_number_before_anything_else() {
        PendingCalls calls = calls(4);
        List<String> heard = new ArrayList<>();
        long id = add(
                calls,
                new ResultHandler() {
                    @Override
                    public void onPending(long callId) {
                        heard.add("pending " + callId);
                    }

                    @Override
                    public void onResult(
                            CallStatus status, MemorySegment bytes, long offset, long length, long context) {
                        heard.add(status + " " + context);
                    }
                },
                9);
        answer(calls, id);
        assertThat(heard).containsExactly("pending " + id, "RESULT 9");
    }

    @Test
    void a_handler_that_throws_is_reported_and_its_call_has_ended() {
        List<Throwable> reports = new ArrayList<>();
        PendingCalls calls = new PendingCalls(4, reports::add);
        AssertionError bug = new AssertionError("planted");
        long id = add(
                calls,
                (status, bytes, offset, length, context) -> {
                    throw bug;
                },
                0);
        assertThat(answer(calls, id)).isEqualTo(Answer.DELIVERED);
        assertThat(reports).containsExactly(bug);
        assertThat(calls.size()).isZero();
    }

    @Test
    @Tag("C7")
    void a_withdrawn_call_hears_of_it_once_and_its_late_answer_is_counted_once() throws Exception {
        PendingCalls calls = calls(4);
        Outcomes told = new Outcomes();
        long id = add(calls, told, 7);
        assertThat(calls.withdraw(id, CallStatus.CANCELLED)).isTrue();
        assertThat(calls.withdraw(id, CallStatus.CANCELLED)).isFalse();
        assertThat(told.next()).isEqualTo(new Outcomes.Outcome(CallStatus.CANCELLED, "", 7));
        assertThat(calls.lateReplies()).isZero();
        assertThat(answer(calls, id)).isEqualTo(Answer.LATE);
        assertThat(answer(calls, id)).as("nobody answers twice").isEqualTo(Answer.UNKNOWN);
        assertThat(calls.lateReplies()).isOne();
        assertThat(told.soFar()).isEmpty();
    }

    @Test
    void a_call_that_was_never_sent_is_forgotten_and_an_answer_to_it_is_nobodys() {
        PendingCalls calls = calls(4);
        Outcomes told = new Outcomes();
        long id = add(calls, told, 7);
        assertThat(calls.takeBack(id)).isTrue();
        assertThat(calls.takeBack(id)).isFalse();
        assertThat(answer(calls, id)).isEqualTo(Answer.UNKNOWN);
        assertThat(told.soFar()).isEmpty();
    }

    @Test
    void when_too_much_was_given_up_the_oldest_is_forgotten_and_still_counts_as_late() {
        PendingCalls calls = calls(4);
        int remembered = 16 * 4;
        List<Long> ids = new ArrayList<>();
        for (int k = 0; k < remembered + 3; k++) {
            long id = add(calls, NOBODY, k);
            calls.withdraw(id, CallStatus.CANCELLED);
            ids.add(id);
        }
        for (long id : ids) {
            assertThat(answer(calls, id)).as("%d", id).isEqualTo(Answer.LATE);
        }
        assertThat(answer(calls, ids.get(2))).as("as old as what was forgotten").isEqualTo(Answer.LATE);
        assertThat(answer(calls, ids.get(3))).as("remembered, and answered").isEqualTo(Answer.UNKNOWN);
        assertThat(answer(calls, ids.getLast() + 1)).as("never given").isEqualTo(Answer.UNKNOWN);
        assertThat(calls.lateReplies()).isEqualTo(ids.size() + 1);
    }

    @Test
    void a_closed_table_takes_no_call_and_knows_none() {
        PendingCalls calls = calls(4);
        Outcomes told = new Outcomes();
        long id = add(calls, told, 1);
        calls.close();
        calls.close();
        assertThat(add(calls, told, 2)).isEqualTo(PendingCalls.CLOSED);
        assertThat(answer(calls, id)).isEqualTo(Answer.UNKNOWN);
        assertThat(told.soFar()).containsExactly(new Outcomes.Outcome(CallStatus.DISCONNECTED, "", 1));
    }

    @Test
    @Tag("D6")
    void without_a_thread_for_deadlines_a_call_with_one_finds_no_room_and_later_ones_are_watched_again()
            throws Exception {
        AtomicBoolean starved = new AtomicBoolean(true);
        DeadlineTimer timer = new DeadlineTimer(work -> new Thread(work, "orc-deadlines") {
            @Override
            public void start() {
                if (starved.get()) {
                    throw new OutOfMemoryError("planted: unable to create native thread");
                }
                setDaemon(true);
                super.start();
            }
        });
        PendingCalls calls = new PendingCalls(4, 0, failure -> {}, timer);
        Outcomes told = new Outcomes();
        add(calls, told, 1);
        assertThat(calls.add(told, 2, 1_000_000)).isEqualTo(PendingCalls.FULL);
        assertThat(calls.size()).as("the one without a deadline").isOne();
        starved.set(false);
        assertThat(calls.add(told, 3, 1_000_000)).isNotEqualTo(PendingCalls.FULL);
        assertThat(told.next()).isEqualTo(new Outcomes.Outcome(CallStatus.DEADLINE_EXCEEDED, "", 3));
        calls.close();
        assertThat(told.next()).isEqualTo(new Outcomes.Outcome(CallStatus.DISCONNECTED, "", 1));
    }

    @Test
    @Tag("C7")
    void a_slow_handler_of_one_call_does_not_make_the_timer_rest_longer() throws Exception {
        PendingCalls calls = calls(4);
        Outcomes told = new Outcomes();
        calls.add(
                (status, bytes, offset, length, context) -> {
                    try {
                        Thread.sleep(500);
                    } catch (InterruptedException stop) {
                        throw new AssertionError(stop);
                    }
                },
                1,
                1_000_000);
        long startNs = System.nanoTime();
        calls.add(told, 2, 20_000_000);
        assertThat(told.next().context()).isEqualTo(2);
        assertThat(Duration.ofNanos(System.nanoTime() - startNs))
                .as("after the handler, and not eight times as late")
                .isLessThan(Duration.ofSeconds(3));
        calls.close();
    }

    private static String at(int round) {
        return "seed " + SEED + ", round " + round;
    }
}
