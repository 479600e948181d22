// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.spi.FrameSink;
import org.orcrt.spi.MessageChannel;

class FdChannelTest {

    private static final long SEED = 20_260_313;

    /// 1 MiB, or one large page of the kernel.
    private static final long KEPT_BYTES = 2 << 20;

    private static final FrameSink IGNORED = (bytes, offset, frameBytes) -> {};

    private final Random random = new Random(SEED);

    @Test
    void a_frame_of_the_limit_goes_both_ways_and_a_byte_more_is_refused() throws Exception {
        int max = (int) FdLimits.DEFAULT.maxFrameBytes();
        byte[] frame = FrameStream.frame(max, random);
        FrameStream stream = new FrameStream(frame, List.of(max));
        try (Link link = Link.pipes(FdLimits.DEFAULT)) {
            assertThat(link.channel.maxFrameBytes()).isEqualTo(max);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> link.channel.tryClaim(max + 1L))
                    .withMessage("frame of 67108865 bytes; this channel takes 67108864");

            FutureTask<Void> peer = start(() -> link.send(frame));
            FrameStream.Expectation frames = stream.expectation();
            link.pollFor(frames, 1);
            finish(peer);

            peer = start(() -> flush(link, frame));
            assertThat(Arrays.equals(link.receive(max), frame)).isTrue();
            finish(peer);
        }
    }

    @Test
    void memory_of_a_long_frame_is_given_back() throws Exception {
        int max = (int) FdLimits.DEFAULT.maxFrameBytes();
        // the second frame begins where the buffer ends, so it is moved to the start
        byte[] stream = Arrays.copyOf(FrameStream.frame(max - 16, random), max + 24);
        System.arraycopy(FrameStream.header(40), 0, stream, max - 16, 32);
        long[] buffer = new long[1];
        long[] inUse = new long[1];
        FrameSink looking = (bytes, offset, frameBytes) -> {
            buffer[0] = bytes.address();
            inUse[0] = Math.max(inUse[0], ProcessMemory.residentBytes(bytes));
        };
        try (Link link = Link.pipes(FdLimits.DEFAULT)) {
            FutureTask<Void> peer = start(() -> {
                link.send(stream, 0, max);
                link.send(stream, max, stream.length);
            });
            link.pollFor(looking, 2);
            finish(peer);
            assertThat(inUse[0]).isEqualTo(max);
            MemorySegment incoming = NativeMemory.ALL.asSlice(buffer[0], max);
            assertThat(ProcessMemory.residentBytes(incoming)).isBetween(1L, KEPT_BYTES);

            peer = start(() -> flush(link, Arrays.copyOf(stream, max - 16)));
            link.receive(max - 16);
            finish(peer);
            assertThat(ProcessMemory.residentBytes(link.channel.outgoing())).isBetween(1L, KEPT_BYTES);
        }
    }

    @Test
    void committed_frames_leave_in_order_with_one_flush() {
        try (Link link = Link.pipes(Link.SMALL)) {
            byte[] all = new byte[3 * 40];
            for (int k = 0; k < 3; k++) {
                byte[] frame = FrameStream.frame(40, random);
                System.arraycopy(frame, 0, all, 40 * k, 40);
                commit(link, frame);
                assertThat(link.hasBytes()).as("before the flush").isFalse();
            }
            link.channel.flush(MessageChannel.RESULT);
            assertThat(link.receive(all.length)).isEqualTo(all);
        }
    }

    @Test
    void a_claim_without_a_commit_never_happened_and_a_full_buffer_says_so() {
        try (Link link = Link.pipes(Link.SMALL)) {
            byte[] frame = FrameStream.frame(8000, random);
            assertThat(link.channel.tryClaim(8192)).isZero();
            commit(link, frame);
            assertThat(link.channel.tryClaim(193)).isEqualTo(MessageChannel.NO_ROOM);
            assertThat(link.channel.tryClaim(192)).isEqualTo(8000);
            link.channel.flush(MessageChannel.CALL);
            assertThat(link.receive(8000)).isEqualTo(frame);
            assertThat(link.hasBytes()).isFalse();
            assertThat(link.channel.tryClaim(193)).isZero();
        }
    }

    @Test
    void a_small_frame_costs_one_poll_and_one_write() {
        ForwardedCalls calls = new ForwardedCalls();
        try (Link link = Link.pipes(calls, Link.SMALL)) {
            for (int length : new int[] {32, 100, 4096}) {
                calls.takeCounts();
                flush(link, FrameStream.frame(length, random));
                assertThat(calls.takeCounts()).isEqualTo(Map.of("poll", 1, "write", 1));
                link.receive(length);
            }
        }
    }

    @Test
    void a_burst_costs_one_poll_and_one_read_and_looking_again_costs_nothing() {
        ForwardedCalls calls = new ForwardedCalls();
        FrameStream burst = FrameStream.random(random, 50, 200);
        try (Link link = Link.pipes(calls, Link.SMALL)) {
            for (int round = 0; round < 10; round++) {
                link.send(burst.bytes());
                calls.takeCounts();
                FrameStream.Expectation frames = burst.expectation();
                assertThat(link.channel.poll(frames, 64))
                        .as("not told of it yet")
                        .isZero();
                assertThat(calls.takeCounts()).isEmpty();
                link.channel.sleep(MessageChannel.RESULT, Link.BOUND.toNanos());
                assertThat(link.channel.poll(frames, 64)).isEqualTo(50);
                assertThat(calls.takeCounts()).isEqualTo(Map.of("poll", 1, "read", 1));
                assertThat(link.channel.poll(frames, 64)).isZero();
                assertThat(calls.takeCounts()).isEmpty();
            }
        }
    }

    @Test
    void a_poll_gives_at_most_what_was_asked_for_and_the_rest_is_readable() {
        FrameStream burst = FrameStream.random(random, 10, 200);
        try (Link link = Link.pipes(Link.SMALL)) {
            assertThat(link.channel.readable()).isFalse();
            link.send(burst.bytes());
            assertThat(link.channel.readable()).isTrue();
            link.channel.sleep(MessageChannel.RESULT, Link.BOUND.toNanos());
            FrameStream.Expectation frames = burst.expectation();
            for (int k = 1; k <= 10; k++) {
                assertThat(link.channel.poll(frames, 1)).isOne();
                assertThat(frames.frames()).isEqualTo(k);
                assertThat(link.channel.readable()).as("after %d of 10", k).isEqualTo(k < 10);
                long startNs = System.nanoTime();
                link.channel.sleep(MessageChannel.RESULT, k < 10 ? Link.BOUND.toNanos() : 1);
                assertThat(System.nanoTime() - startNs)
                        .as("nobody sleeps over a frame that is there")
                        .isLessThan(Link.BOUND.toNanos() / 2);
            }
        }
    }

    @Test
    void a_sleep_is_ended_by_a_wake_and_by_one_that_came_before_it() throws Exception {
        CountDownLatch asleep = new CountDownLatch(1);
        ForwardedCalls calls = new ForwardedCalls() {
            @Override
            public long poll(long pollfdsAddress, int count, int timeoutMs) {
                asleep.countDown();
                return super.poll(pollfdsAddress, count, timeoutMs);
            }
        };
        try (Link link = Link.pipes(calls, Link.SMALL)) {
            long startNs = System.nanoTime();
            FutureTask<Void> sleeper = start(() -> link.channel.sleep(MessageChannel.RESULT, Link.BOUND.toNanos()));
            assertThat(asleep.await(Link.BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
            link.channel.wakeReader();
            finish(sleeper);

            link.channel.wakeReader();
            link.channel.wakeReader();
            link.channel.sleep(MessageChannel.RESULT, Link.BOUND.toNanos());
            assertThat(System.nanoTime() - startNs).isLessThan(Link.BOUND.toNanos() / 2);

            startNs = System.nanoTime();
            link.channel.sleepAsLeader(Duration.ofMillis(50).toNanos());
            assertThat(System.nanoTime() - startNs)
                    .as("two wakes count as one, and nothing is left of them")
                    .isGreaterThanOrEqualTo(Duration.ofMillis(50).toNanos());
            assertThat(link.channel.poll(IGNORED, 1)).isZero();
        }
    }

    @Test
    void a_wake_does_not_hide_what_came() {
        FrameStream stream = FrameStream.random(random, 5, 100);
        try (Link link = Link.pipes(Link.SMALL)) {
            link.send(stream.bytes());
            link.channel.wakeReader();
            link.channel.sleep(MessageChannel.RESULT, Link.BOUND.toNanos());
            assertThat(link.channel.poll(stream.expectation(), 64)).isEqualTo(5);
        }
    }

    @Test
    void closing_twice_closes_once_and_a_wake_after_it_does_nothing() {
        ForwardedCalls calls = new ForwardedCalls();
        try (Link link = Link.pipes(calls, Link.SMALL)) {
            calls.takeCounts();
            link.channel.close();
            assertThat(calls.takeCounts()).isEqualTo(Map.of("close", 3, "munmap", 2));
            assertThat(Descriptors.isOpen(link.in)).isFalse();
            assertThat(Descriptors.isOpen(link.out)).isFalse();
            assertThat(link.receiveSome()).as("the peer sees the end").isEmpty();
            link.channel.close();
            link.channel.wakeReader();
            assertThat(calls.takeCounts()).isEmpty();
        }
        try (Link link = Link.socket(calls, Link.SMALL)) {
            calls.takeCounts();
            link.channel.close();
            assertThat(calls.takeCounts()).as("one socket is closed once").isEqualTo(Map.of("close", 2, "munmap", 2));
            assertThat(Descriptors.isOpen(link.in)).isFalse();
            assertThat(link.receiveSome()).isEmpty();
        }
    }

    private static void commit(Link link, byte[] frame) {
        long at = link.channel.tryClaim(frame.length);
        assertThat(at).isNotNegative();
        MemorySegment.copy(MemorySegment.ofArray(frame), 0, link.channel.outgoing(), at, frame.length);
        link.channel.commit(at, frame.length);
    }

    static void flush(Link link, byte[] frame) {
        commit(link, frame);
        link.channel.flush(MessageChannel.CALL);
    }

    static FutureTask<Void> start(Runnable work) {
        FutureTask<Void> task = new FutureTask<>(work, null);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    static void finish(FutureTask<Void> task) throws Exception {
        task.get(Link.BOUND.toSeconds(), TimeUnit.SECONDS);
    }
}
