// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.orcrt.memory.MapFixture.PAGE;
import static org.orcrt.memory.MapFixture.RW;
import static org.orcrt.memory.MapFixture.RX;
import static org.orcrt.memory.MapFixture.bytes;
import static org.orcrt.memory.MapFixture.failureOf;
import static org.orcrt.memory.MapFixture.kindOf;
import static org.orcrt.memory.MapFixture.segment;
import static org.orcrt.memory.RecordingRunner.pair;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.NativeMemoryMap;
import org.orcrt.api.memory.SegmentRequest;
import org.orcrt.api.type.TypeId;

/// Several threads in one map. A write after an unmap would end the JVM, and so this test.
@Timeout(120)
class MemoryMapRaceTest {

    private static final int WAIT_SECONDS = 30;

    private final MapFixture fixture = new MapFixture();
    private final NativeMemoryMap map = fixture.map;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    @AfterEach
    void nothing_is_left() {
        map.shutdown();
        threads.shutdownNow();
        assertThat(fixture.calls.mapped()).isEmpty();
        assertThat(fixture.reported).isEmpty();
    }

    @Test
    @Tag("M13")
    void initialize_and_release_of_one_slab_race_and_one_wins() throws Exception {
        int rounds = 500; // many more in a process of its own, in MemoryRaceTest
        int pages = 16;
        MemorySegment content = MemorySegment.ofArray(new byte[(int) (pages * PAGE)]);
        int initialized = 0;
        for (int round = 0; round < rounds; round++) {
            ExecutorAddress slab = map.reserve(pages * PAGE);
            InitializeRequest request = new InitializeRequest(
                    List.of(new SegmentRequest(RX, slab, pages * PAGE, content)), List.of(pair("a")));
            AtomicInteger arrived = new AtomicInteger();
            long headStartNs = round % 100 * 2000L; // somewhere in here the release meets the initialize at work
            Future<@Nullable TypeId> initialize = race(arrived, 0, () -> map.initialize(request));
            Future<@Nullable TypeId> release = race(arrived, headStartNs, () -> {
                map.release(slab);
                return slab;
            });
            TypeId refusal = initialize.get(WAIT_SECONDS, TimeUnit.SECONDS);
            assertThat(release.get(WAIT_SECONDS, TimeUnit.SECONDS)).isNull();
            assertThat(refusal).isIn(null, MemoryMapException.OUT_OF_SLAB);
            initialized += refusal == null ? 1 : 0;
        }
        assertThat(initialized).isPositive();
        assertThat(fixture.runner.ran()).hasSize(2 * initialized);
        assertThat(fixture.calls.mapped()).isEmpty();
    }

    @Test
    void of_two_deinitializes_of_one_region_one_finds_it() throws Exception {
        ExecutorAddress slab = map.reserve(PAGE);
        for (int round = 0; round < 500; round++) {
            AtomicInteger arrived = new AtomicInteger();
            ExecutorAddress key = fixture.page(slab, pair("a"));
            List<Future<@Nullable TypeId>> both = new ArrayList<>();
            for (int k = 0; k < 2; k++) {
                both.add(race(arrived, 0, () -> {
                    map.deinitialize(key);
                    return key;
                }));
            }
            List<@Nullable TypeId> outcomes = new ArrayList<>();
            for (Future<@Nullable TypeId> one : both) {
                outcomes.add(one.get(WAIT_SECONDS, TimeUnit.SECONDS));
            }
            assertThat(outcomes).containsExactlyInAnyOrder(null, MemoryMapException.UNKNOWN_BASE);
            assertThat(fixture.runner.ran()).containsExactly("+a", "-a");
            fixture.runner.forget();
        }
    }

    @Test
    void threads_that_work_in_different_pages_do_not_disturb_each_other() throws Exception {
        int pagesEach = 3;
        int rounds = 200;
        ExecutorAddress slab = map.reserve(4 * pagesEach * PAGE);
        List<Future<Integer>> workers = new ArrayList<>();
        for (int worker = 0; worker < 4; worker++) {
            int mark = worker + 1;
            ExecutorAddress own = slab.plus(worker * pagesEach * PAGE);
            workers.add(threads.submit(() -> {
                for (int round = 0; round < rounds; round++) {
                    ExecutorAddress key = map.initialize(MapFixture.request(
                            segment(RX, own, PAGE, mark, round), segment(RW, own.plus(PAGE), 2 * PAGE, mark)));
                    assertThat(bytes(own, 3)).containsExactly(mark, (byte) round, 0);
                    assertThat(bytes(own.plus(PAGE), 2 * PAGE))
                            .startsWith(mark, 0)
                            .endsWith(0);
                    map.deinitialize(key);
                }
                return rounds;
            }));
        }
        for (Future<Integer> worker : workers) {
            assertThat(worker.get(60, TimeUnit.SECONDS)).isEqualTo(rounds);
        }
        assertThat(MapFixture.mapsOf(slab, 4 * pagesEach)).containsExactly("0+c000 ---p");
    }

    @Test
    @Tag("M13")
    void a_release_waits_for_an_initialize_that_has_begun_and_refuses_later_ones() throws Exception {
        ExecutorAddress slab = map.reserve(2 * PAGE);
        CountDownLatch inAction = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        fixture.runner.when("+slow", () -> {
            inAction.countDown();
            await(goOn);
        });
        Future<ExecutorAddress> slow = threads.submit(() -> fixture.page(slab, pair("slow")));
        await(inAction);
        Thread releaser = Thread.ofPlatform().start(() -> map.release(slab));
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (releaser.getState() != Thread.State.TIMED_WAITING && System.nanoTime() - deadlineNs < 0) {
            Thread.onSpinWait();
        }
        assertThat(failureOf(() -> fixture.page(slab.plus(PAGE)))).hasMessageContaining("is being released");
        assertThat(kindOf(() -> map.release(slab))).isEqualTo(MemoryMapException.ALREADY_RELEASED);
        assertThat(fixture.runner.ran()).containsExactly("+slow");

        goOn.countDown();
        assertThat(slow.get(WAIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(slab);
        assertThat(releaser.join(Duration.ofSeconds(WAIT_SECONDS))).isTrue();
        assertThat(fixture.runner.ran()).containsExactly("+slow", "-slow");
        assertThat(fixture.calls.mapped()).isEmpty();
    }

    @Test
    void a_release_that_waits_too_long_gives_up_and_leaves_the_slab_in_use() throws Exception {
        MapFixture impatient = new MapFixture(MapFixture.OPTIONS.withReleaseTimeout(Duration.ofMillis(5)));
        ExecutorAddress slab = impatient.map.reserve(2 * PAGE);
        ExecutorAddress other = impatient.map.reserve(PAGE);
        impatient.page(other, pair("other"));
        CountDownLatch inAction = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        impatient.runner.when("+slow", () -> {
            inAction.countDown();
            await(goOn);
        });
        Future<ExecutorAddress> slow = threads.submit(() -> impatient.page(slab, pair("slow")));
        await(inAction);
        assertThat(failureOf(() -> impatient.map.release(slab)))
                .hasMessageContaining(slab.toString())
                .hasMessageContaining("gave up waiting");
        impatient.map.deinitialize(impatient.page(slab.plus(PAGE)));

        assertThat(failureOf(impatient.map::shutdown)).hasMessageContaining("gave up waiting");
        assertThat(impatient.runner.ran()).containsExactly("+other", "+slow", "-other");
        assertThat(impatient.calls.mapped()).containsOnlyKeys(slab.value());

        goOn.countDown();
        assertThat(slow)
                .failsWithin(Duration.ofSeconds(WAIT_SECONDS))
                .withThrowableThat()
                .withMessageContaining("the session ended meanwhile");
        assertThat(impatient.runner.ran()).endsWith("-slow");
        impatient.map.release(slab);
        assertThat(impatient.calls.mapped()).isEmpty();
    }

    @Test
    void a_release_that_waits_can_be_interrupted() throws Exception {
        ExecutorAddress slab = map.reserve(PAGE);
        CountDownLatch inAction = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        fixture.runner.when("+slow", () -> {
            inAction.countDown();
            await(goOn);
        });
        Future<ExecutorAddress> slow = threads.submit(() -> fixture.page(slab, pair("slow")));
        await(inAction);
        Thread.currentThread().interrupt();
        MemoryMapException failure = failureOf(() -> map.release(slab));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure).hasMessageContaining("interrupted");
        goOn.countDown();
        slow.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void abandoning_the_memory_ends_a_release_that_waits() throws Exception {
        MapFixture exiting = new MapFixture();
        ExecutorAddress slab = exiting.map.reserve(PAGE);
        CountDownLatch inAction = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        exiting.runner.when("+slow", () -> {
            inAction.countDown();
            await(goOn);
        });
        Future<ExecutorAddress> slow = threads.submit(() -> exiting.page(slab, pair("slow")));
        await(inAction);
        Future<?> release = threads.submit(() -> exiting.map.release(slab));
        exiting.map.abandon();
        release.get(WAIT_SECONDS, TimeUnit.SECONDS);
        assertThat(exiting.calls.mapped()).containsOnlyKeys(slab.value());
        goOn.countDown();
        slow.get(WAIT_SECONDS, TimeUnit.SECONDS);
        assertThat(exiting.runner.ran()).containsExactly("+slow");
        exiting.calls.mapped().forEach(exiting.calls::munmap);
    }

    /// Starts an operation together with another, and a little later.
    ///
    /// @return the kind of its failure, or null
    private Future<@Nullable TypeId> race(AtomicInteger arrived, long delayNs, Callable<ExecutorAddress> operation) {
        return threads.submit(() -> {
            arrived.incrementAndGet();
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
            while (arrived.get() < 2 && System.nanoTime() - deadlineNs < 0) {
                Thread.onSpinWait();
            }
            long startNs = System.nanoTime();
            while (System.nanoTime() - startNs < delayNs) {
                Thread.onSpinWait();
            }
            try {
                operation.call();
                return null;
            } catch (MemoryMapException failure) {
                return failure.typeId();
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
