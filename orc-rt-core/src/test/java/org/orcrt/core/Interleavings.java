// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.testing.Bounded;

/// Lets two threads dispatch while a third ends the dispatcher, many times, each time with other delays,
/// and counts what became of each task. The delays come from a seed; what the machine makes of them does
/// not.
final class Interleavings {

    private static final int PRODUCERS = 2;
    private static final int MAX_TASKS = 4;
    private static final int MAX_SPINS = 400;

    int ran;
    int discarded;
    int refused;

    private final long seed;
    private final int rounds;
    private final CyclicBarrier barrier = new CyclicBarrier(PRODUCERS + 1);

    /// Written before the barrier opens, read after it.
    private TaskDispatcher dispatcher;

    private Ledger ledger;

    Interleavings(long seed, int rounds) {
        this.seed = seed;
        this.rounds = rounds;
    }

    void play(Supplier<TaskDispatcher> maker) throws Exception {
        boolean[] accepted = new boolean[PRODUCERS * MAX_TASKS];
        List<Bounded.Running<Void>> producers = new ArrayList<>();
        for (int producer = 0; producer < PRODUCERS; producer++) {
            int first = producer * MAX_TASKS;
            producers.add(Bounded.start(() -> {
                SplittableRandom random = new SplittableRandom(seed + first + 1);
                for (int round = 0; round < rounds; round++) {
                    meet();
                    int count = random.nextInt(MAX_TASKS + 1);
                    for (int k = first; k < first + count; k++) {
                        spin(random);
                        accepted[k] = dispatcher.dispatch(ledger.task(k, () -> {}));
                    }
                    refuse(accepted, first + count, first + MAX_TASKS);
                    meet();
                }
                return null;
            }));
        }
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < rounds; round++) {
            dispatcher = maker.get();
            ledger = new Ledger(accepted.length);
            meet();
            spin(random);
            assertThat(dispatcher.shutdown(Duration.ofSeconds(20))).isEmpty();
            meet();
            count(round, accepted);
        }
        for (Bounded.Running<Void> one : producers) {
            one.get();
        }
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
        barrier.await(20, TimeUnit.SECONDS);
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
