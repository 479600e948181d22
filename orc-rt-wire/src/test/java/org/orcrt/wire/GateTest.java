// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.testing.Bounded;
import org.orcrt.testing.Bounded.Running;

/// Upstream's `TaskGroupTest`, as far as a counter without tokens has it.
@Tag("X7")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GateTest {

    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(20);

    private final Gate gate = new Gate();

    @Test
    void an_open_gate_lets_everybody_in() {
        assertThat(gate.isClosed()).isFalse();
        assertThat(gate.tryEnter()).isTrue();
        assertThat(gate.tryEnter()).isTrue();
        assertThat(gate.isClosed()).isFalse();
    }

    @Test
    void a_closed_gate_lets_nobody_in() {
        gate.close();
        assertThat(gate.isClosed()).isTrue();
        assertThat(gate.tryEnter()).isFalse();
    }

    @Test
    void a_gate_closes_once_and_for_all() throws Exception {
        assertThat(gate.tryEnter()).isTrue();
        gate.close();
        gate.close();
        assertThat(gate.awaitEmpty(0)).isFalse();
        gate.leave();
        gate.close();
        assertThat(gate.awaitEmpty(0)).isTrue();
        assertThat(gate.tryEnter()).isFalse();
    }

    @Test
    void a_closed_gate_nobody_is_inside_of_is_empty_at_once() throws Exception {
        gate.close();
        assertThat(gate.awaitEmpty(0)).isTrue();
    }

    @Test
    void an_open_gate_is_never_empty_because_somebody_may_still_come() throws Exception {
        assertThat(gate.awaitEmpty(1)).isFalse();
    }

    @Test
    void who_waits_for_an_empty_gate_waits_for_the_last_one_to_leave() throws Exception {
        assertThat(gate.tryEnter()).isTrue();
        assertThat(gate.tryEnter()).isTrue();
        gate.close();
        Running<Boolean> waiter = Bounded.start(() -> gate.awaitEmpty(LONG_NS));
        Bounded.untilWaiting(waiter.thread());
        gate.leave();
        assertThat(gate.awaitEmpty(1)).isFalse();
        assertThat(waiter.task().isDone()).isFalse();
        gate.leave();
        assertThat(waiter.get()).isTrue();
    }

    @Test
    void everybody_who_waits_hears_of_the_last_one() throws Exception {
        assertThat(gate.tryEnter()).isTrue();
        gate.close();
        Running<Boolean> one = Bounded.start(() -> gate.awaitEmpty(LONG_NS));
        Running<Boolean> two = Bounded.start(() -> gate.awaitEmpty(LONG_NS));
        Bounded.untilWaiting(one.thread());
        Bounded.untilWaiting(two.thread());
        gate.leave();
        assertThat(one.get()).isTrue();
        assertThat(two.get()).isTrue();
    }

    @Test
    void a_wait_may_begin_before_the_gate_closes() throws Exception {
        assertThat(gate.tryEnter()).isTrue();
        Running<Boolean> waiter = Bounded.start(() -> gate.awaitEmpty(LONG_NS));
        Bounded.untilWaiting(waiter.thread());
        gate.close();
        gate.leave();
        assertThat(waiter.get()).isTrue();
    }

    @Test
    void an_empty_gate_that_closes_ends_a_wait_that_began_before() throws Exception {
        Running<Boolean> waiter = Bounded.start(() -> gate.awaitEmpty(LONG_NS));
        Bounded.untilWaiting(waiter.thread());
        gate.close();
        assertThat(waiter.get()).isTrue();
    }

    @Test
    void a_wait_without_end_is_a_wait_of_centuries_and_not_of_no_time() throws Exception {
        assertThat(gate.tryEnter()).isTrue();
        gate.close();
        Running<Boolean> waiter = Bounded.start(() -> gate.awaitEmpty(Long.MAX_VALUE));
        Bounded.untilWaiting(waiter.thread());
        gate.leave();
        assertThat(waiter.get()).isTrue();
    }

    @Test
    void who_leaves_without_having_entered_is_told_and_the_gate_is_as_before() throws Exception {
        assertThatIllegalStateException().isThrownBy(gate::leave);
        assertThat(gate.isClosed()).isFalse();
        assertThat(gate.tryEnter()).isTrue();
        gate.leave();
        assertThatIllegalStateException().isThrownBy(gate::leave);
        gate.close();
        assertThatIllegalStateException().isThrownBy(gate::leave);
        assertThat(gate.isClosed()).isTrue();
        assertThat(gate.tryEnter()).isFalse();
        assertThat(gate.awaitEmpty(0)).isTrue();
    }

    @Test
    @Tag("D7")
    void an_interrupt_ends_the_wait_and_changes_nothing() throws Exception {
        assertThat(gate.tryEnter()).isTrue();
        gate.close();
        Running<Boolean> waiter = Bounded.start(() -> gate.awaitEmpty(LONG_NS));
        Bounded.untilWaiting(waiter.thread());
        waiter.thread().interrupt();
        assertThatThrownBy(waiter::get).hasCauseInstanceOf(InterruptedException.class);
        gate.leave();
        assertThat(gate.awaitEmpty(0)).isTrue();
    }

    @Test
    void everyone_who_entered_is_waited_for_however_entering_and_closing_race() throws Exception {
        int lateComers = 0;
        for (int round = 0; round < 100; round++) {
            lateComers += race(new Gate(), round);
        }
        assertThat(lateComers).as("rounds in which the race was one").isPositive();
    }

    /// @return how many found the gate closed
    private static int race(Gate gate, int round) throws Exception {
        AtomicBoolean freed = new AtomicBoolean();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger touchedAfterFree = new AtomicInteger();
        Callable<Boolean> visitor = () -> {
            boolean refused = false;
            for (int k = 0; !refused && k < 10_000; k++) {
                refused = !gate.tryEnter();
                if (!refused) {
                    inside.incrementAndGet();
                    if (freed.get()) {
                        touchedAfterFree.incrementAndGet();
                    }
                    inside.decrementAndGet();
                    gate.leave();
                }
            }
            return refused;
        };
        Callable<Boolean> closer = () -> {
            for (int spin = 0; spin < round * 20; spin++) {
                Thread.onSpinWait();
            }
            gate.close();
            assertThat(gate.awaitEmpty(LONG_NS)).isTrue();
            assertThat(inside).hasValue(0);
            freed.set(true);
            return false;
        };
        List<Boolean> refused = Bounded.together(9, k -> k == 0 ? closer : visitor);
        assertThat(touchedAfterFree).hasValue(0);
        return (int) refused.stream().filter(r -> r).count();
    }
}
