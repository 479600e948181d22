// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.ResultHandler;

class PendingCallsTest {

    private static final long SEED = 20_260_303;
    private static final ResultHandler NOBODY = (status, bytes, offset, length, context) -> {};

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8, 4096})
    void as_many_calls_wait_as_were_asked_for_and_each_that_goes_makes_room_for_one(int capacity) {
        PendingCalls calls = new PendingCalls(capacity);
        long last = 0;
        for (int k = 0; k < capacity; k++) {
            last = calls.add(NOBODY, k);
            assertThat(last).isEqualTo(k);
        }
        assertThat(calls.add(NOBODY, 0)).isEqualTo(PendingCalls.FULL);
        assertThat(calls.take(last)).isEqualTo(new PendingCalls.Pending(NOBODY, capacity - 1));
        assertThat(calls.add(NOBODY, 0)).isNotEqualTo(PendingCalls.FULL);
        assertThat(calls.add(NOBODY, 0)).isEqualTo(PendingCalls.FULL);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 3, 1000, Integer.MAX_VALUE})
    void a_capacity_that_is_no_power_of_two_is_refused(int capacity) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PendingCalls(capacity))
                .withMessage("capacity is not a power of two: " + capacity);
    }

    @Test
    void a_number_whose_place_is_taken_is_skipped() {
        PendingCalls calls = new PendingCalls(4);
        for (int k = 0; k < 4; k++) {
            calls.add(NOBODY, k);
        }
        calls.take(1);
        assertThat(calls.add(NOBODY, 0)).as("4 would lie where 0 waits").isEqualTo(5);
        calls.take(0);
        calls.take(3);
        assertThat(calls.add(NOBODY, 0)).isEqualTo(7);
        assertThat(calls.add(NOBODY, 0)).isEqualTo(8);
    }

    @Test
    @Tag("W5")
    void a_number_that_only_shares_the_place_of_a_waiting_one_finds_nothing() {
        PendingCalls calls = new PendingCalls(4);
        long id = calls.add(NOBODY, 0);
        for (long other : new long[] {4, 8, 1L << 32, -4, Long.MIN_VALUE, 1, 2, 3, -1}) {
            assertThat(calls.take(other)).as("%d", other).isNull();
        }
        assertThat(calls.take(id)).isNotNull();
        assertThat(calls.take(id)).isNull();
    }

    @Test
    void no_number_is_given_twice_and_each_leads_to_its_own_context() {
        Random random = new Random(SEED);
        PendingCalls calls = new PendingCalls(64);
        Map<Long, Long> waiting = new HashMap<>();
        Set<Long> given = new HashSet<>();
        for (int round = 0; round < 300_000; round++) {
            if (random.nextInt(100) < 52) {
                long id = calls.add(NOBODY, round);
                assertThat(id == PendingCalls.FULL).as(at(round)).isEqualTo(waiting.size() == 64);
                if (id != PendingCalls.FULL) {
                    assertThat(given.add(id)).as(at(round)).isTrue();
                    waiting.put(id, (long) round);
                }
            } else if (!waiting.isEmpty()) {
                List<Long> ids = new ArrayList<>(waiting.keySet());
                long id = ids.get(random.nextInt(ids.size()));
                PendingCalls.Pending call = calls.take(id);
                assertThat(call).as(at(round)).isEqualTo(new PendingCalls.Pending(NOBODY, waiting.remove(id)));
            }
        }
        int left = 0;
        while (calls.takeAny() != null) {
            left++;
        }
        assertThat(left).isEqualTo(waiting.size());
    }

    @Test
    @Tag("W6")
    void two_threads_that_take_the_same_calls_get_each_of_them_once() throws Exception {
        for (int round = 0; round < 200; round++) {
            PendingCalls calls = new PendingCalls(1024);
            AtomicIntegerArray taken = new AtomicIntegerArray(1024);
            for (int k = 0; k < 1024; k++) {
                calls.add(NOBODY, k);
            }
            both(() -> takeAll(calls, taken), () -> takeAll(calls, taken));
            assertEachOnce(taken, round);
        }
    }

    @Test
    @Tag("W6")
    void a_result_and_the_end_of_the_connection_get_each_call_once() throws Exception {
        for (int round = 0; round < 200; round++) {
            PendingCalls calls = new PendingCalls(1024);
            AtomicIntegerArray taken = new AtomicIntegerArray(1024);
            for (int k = 0; k < 1024; k++) {
                calls.add(NOBODY, k);
            }
            both(() -> takeAll(calls, taken), () -> {
                PendingCalls.Pending call = calls.takeAny();
                while (call != null) {
                    taken.incrementAndGet((int) call.context());
                    call = calls.takeAny();
                }
            });
            assertEachOnce(taken, round);
        }
    }

    private static void takeAll(PendingCalls calls, AtomicIntegerArray taken) {
        for (int id = 0; id < taken.length(); id++) {
            PendingCalls.Pending call = calls.take(id);
            if (call != null) {
                taken.incrementAndGet((int) call.context());
            }
        }
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

    private static void assertEachOnce(AtomicIntegerArray taken, int round) {
        for (int k = 0; k < taken.length(); k++) {
            if (taken.get(k) != 1) {
                throw new AssertionError("round %d: call %d was taken %d times".formatted(round, k, taken.get(k)));
            }
        }
    }

    private static String at(int round) {
        return "seed " + SEED + ", round " + round;
    }
}
