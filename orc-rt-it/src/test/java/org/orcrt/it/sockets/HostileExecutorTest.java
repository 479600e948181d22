// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orcrt.api.ExecutorProcessControl;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.OrcException;
import org.orcrt.api.TransportException;
import org.orcrt.api.WrapperFunction;
import org.orcrt.controller.Controller;
import org.orcrt.spi.MessageChannelListener;

/// What an executor can do to its controller.
class HostileExecutorTest {

    private static final long SEED = 20_261_122;
    private static final int REQUESTS = 1_000_000;
    private static final int HANDLERS = 10;
    private static final int MAX_IN_FLIGHT = 1024;
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final long HEAP_SLACK_BYTES = 32L << 20;

    @TempDir
    private Path directory;

    @Test
    @Tag("C1")
    void a_million_random_tags_run_nothing_and_each_is_counted() throws Exception {
        AtomicLong runs = new AtomicLong();
        Controller.Builder builder = Controller.builder();
        for (int k = 0; k < HANDLERS; k++) {
            builder.handler(new HandlerTag(0x5eed_0000L + k), (args, offset, length, reply) -> {
                runs.incrementAndGet();
                reply.result(args, offset, 0);
            });
        }
        try (MessageChannelListener listener = builder.listen(Sockets.UNIX.listen(directory))) {
            FutureTask<RawExecutor> coming = start(() -> new RawExecutor(listener.spec()));
            try (Controller controller = builder.accept(listener);
                    RawExecutor executor = coming.get(60, TimeUnit.SECONDS)) {
                Random random = new Random(SEED);
                ByteBuffer batch = ByteBuffer.allocate(32 * 1000);
                for (int k = 0; k < REQUESTS; k += 1000) {
                    batch.clear();
                    for (int call = 0; call < 1000; call++) {
                        // never one of the ten: those have no bit above these
                        batch.put(RawExecutor.frame(RawExecutor.CALL, k + call, random.nextLong() | 1L << 62));
                    }
                    executor.write(batch.flip());
                }
                for (int k = 0; k < HANDLERS; k++) {
                    executor.write(RawExecutor.frame(RawExecutor.CALL, k, 0x5eed_0000L + k));
                }
                awaitAnswers(executor, REQUESTS + HANDLERS);
                assertThat(runs).hasValue(HANDLERS);
                assertThat(controller.control().refusedCalls()).isEqualTo(REQUESTS);
            }
        }
    }

    @Test
    @Tag("C2")
    void a_handler_that_is_taken_back_is_not_inside_afterwards() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        HandlerTag tag = new HandlerTag(7);
        WrapperFunction handler = (args, offset, length, reply) -> {
            inside.incrementAndGet();
            Thread.yield();
            inside.decrementAndGet();
            reply.result(args, offset, 0);
        };
        Controller.Builder builder = Controller.builder();
        try (MessageChannelListener listener = builder.listen(Sockets.UNIX.listen(directory))) {
            FutureTask<RawExecutor> coming = start(() -> new RawExecutor(listener.spec()));
            try (Controller controller = builder.accept(listener);
                    RawExecutor executor = coming.get(60, TimeUnit.SECONDS)) {
                ExecutorProcessControl control = controller.control();
                int calls = 100_000;
                FutureTask<Void> calling = start(() -> {
                    for (int k = 0; k < calls; k++) {
                        executor.write(RawExecutor.frame(RawExecutor.CALL, k, 7));
                    }
                    return null;
                });
                int rounds = 0;
                while (!calling.isDone() || rounds < 100) {
                    control.registerHandler(tag, handler);
                    control.unregisterHandler(tag);
                    assertThat(inside).as("round " + rounds).hasValue(0);
                    rounds++;
                }
                calling.get(60, TimeUnit.SECONDS);
                awaitAnswers(executor, calls);
            }
        }
    }

    @Test
    @Tag("C10")
    void requests_that_nobody_answers_end_the_connection_and_cost_little() throws Exception {
        AtomicLong runs = new AtomicLong();
        Controller.Builder builder = Controller.builder()
                .maxInFlight(MAX_IN_FLIGHT)
                .errorReporter(failure -> {})
                .handler(new HandlerTag(7), (args, offset, length, reply) -> runs.incrementAndGet());
        try (MessageChannelListener listener = builder.listen(Sockets.UNIX.listen(directory))) {
            FutureTask<RawExecutor> coming = start(() -> new RawExecutor(listener.spec()));
            try (Controller controller = builder.accept(listener);
                    RawExecutor executor = coming.get(60, TimeUnit.SECONDS)) {
                long before = heapBytes();
                FutureTask<Integer> flood = start(() -> flood(executor));
                Optional<OrcException> why = controller.control().awaitDisconnected(BOUND);
                assertThat(why.orElseThrow().isA(TransportException.PROTOCOL_VIOLATION))
                        .isTrue();
                assertThat(why.orElseThrow()).hasMessageContaining("more than 1024 calls are unanswered");
                assertThat(runs).hasValue(MAX_IN_FLIGHT);
                assertThat(executor.endsWithin(60)).isTrue();
                assertThat(flood.get(60, TimeUnit.SECONDS)).isLessThan(REQUESTS);
                assertThat(heapBytes() - before).isLessThan(HEAP_SLACK_BYTES);
            }
        }
    }

    /// Calls with 1 KiB each until the controller has enough.
    ///
    /// @return how many went out
    private static int flood(RawExecutor executor) {
        byte[] payload = new byte[1024];
        for (int k = 0; k < REQUESTS; k++) {
            try {
                executor.write(RawExecutor.frame(RawExecutor.CALL, k, 7, payload));
            } catch (IOException ended) {
                return k;
            }
        }
        return REQUESTS;
    }

    private static void awaitAnswers(RawExecutor executor, long wanted) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long deadlineNs = System.nanoTime() + BOUND.toNanos();
        while (executor.answers() < wanted) {
            assertThat(System.nanoTime())
                    .as("%d of %d answers", executor.answers(), wanted)
                    .isLessThan(deadlineNs);
            assertThat(never.await(5, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(executor.answers()).isEqualTo(wanted);
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().name("executor").start(task);
        return task;
    }
}
