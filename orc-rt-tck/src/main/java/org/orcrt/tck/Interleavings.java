// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.tck.Patience.Running;

/// Lets two threads dispatch while a third ends the dispatcher, many times, each time with other delays,
/// and counts what became of each task. The delays come from a seed; what the machine makes of them does
/// not.
final class Interleavings {

    private static final int PRODUCERS = 2;
    private static final int MAX_TASKS = 4;
    private static final int MAX_SPINS = 400;

    private int ran;
    private int discarded;
    private int refused;

    private final long seed;
    private final int rounds;
    private final CyclicBarrier barrier = new CyclicBarrier(PRODUCERS + 1);

    /// Written before the barrier opens, read after it.
    private @Nullable TaskDispatcher dispatcher;

    private TaskLedger ledger = new TaskLedger(0);

    Interleavings(long seed, int rounds) {
        this.seed = seed;
        this.rounds = rounds;
    }

    void play(Supplier<TaskDispatcher> maker) throws Exception {
        boolean[] accepted = new boolean[PRODUCERS * MAX_TASKS];
        List<Running<Boolean>> producers = new ArrayList<>();
        for (int producer = 0; producer < PRODUCERS; producer++) {
            int first = producer * MAX_TASKS;
            producers.add(Patience.start(() -> {
                SplittableRandom random = new SplittableRandom(seed + first + 1);
                for (int round = 0; round < rounds; round++) {
                    meet();
                    int count = random.nextInt(MAX_TASKS + 1);
                    for (int k = first; k < first + count; k++) {
                        spin(random);
                        accepted[k] = current().dispatch(ledger.task(k, () -> {}));
                    }
                    refuse(accepted, first + count, first + MAX_TASKS);
                    meet();
                }
                return true;
            }));
        }
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < rounds; round++) {
            dispatcher = maker.get();
            ledger = new TaskLedger(accepted.length);
            meet();
            spin(random);
            assertEquals(List.of(), current().shutdown(Patience.bound()));
            meet();
            count(round, accepted);
        }
        for (Running<Boolean> one : producers) {
            one.get();
        }
    }

    private TaskDispatcher current() {
        return Objects.requireNonNull(dispatcher);
    }

    int ran() {
        return ran;
    }

    int discarded() {
        return discarded;
    }

    int refused() {
        return refused;
    }

    private void count(int round, boolean[] accepted) {
        for (int k = 0; k < accepted.length; k++) {
            int runs = ledger.runs(k);
            int discards = ledger.discards(k);
            if (runs + discards != (accepted[k] ? 1 : 0)) {
                throw new AssertionError("seed %d, round %d, task %d: %s, %d runs, %d discards"
                        .formatted(seed, round, k, accepted[k] ? "accepted" : "refused", runs, discards));
            }
            ran += runs;
            discarded += discards;
            refused += accepted[k] ? 0 : 1;
        }
    }

    private void meet() throws Exception {
        barrier.await(Patience.bound().toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void refuse(boolean[] accepted, int from, int to) {
        for (int k = from; k < to; k++) {
            accepted[k] = false;
        }
    }

    private static void spin(SplittableRandom random) {
        int spins = random.nextInt(MAX_SPINS);
        for (int k = 0; k < spins; k++) {
            Thread.onSpinWait();
        }
    }
}
