// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.TransportException;
import org.orcrt.ffm.Errno;
import org.orcrt.spi.MessageChannel;

/// Peers that take their time, stop taking, or go; and a kernel that interrupts.
class SlowPeerTest {

    private static final int FRAME_BYTES = 1 << 20;
    private static final FdLimits ROOMY = new FdLimits(FRAME_BYTES, Duration.ofSeconds(20));

    private final byte[] frame = FrameStream.frame(FRAME_BYTES, new Random(20_260_314));

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_flush_waits_for_a_slow_reader_and_goes_on(boolean socket) throws Exception {
        try (Link link = socket ? Link.socket(ROOMY) : Link.pipes(ROOMY)) {
            FutureTask<Void> sender = FdChannelTest.start(() -> FdChannelTest.flush(link, frame));
            awaitFull(link);
            assertThat(sender.isDone()).as("a pipe holds no megabyte").isFalse();
            assertThat(Arrays.equals(link.receive(FRAME_BYTES), frame)).isTrue();
            FdChannelTest.finish(sender);
        }
    }

    @Test
    void a_peer_that_takes_nothing_for_the_bound_is_hung() throws Exception {
        Duration bound = Duration.ofMillis(150);
        try (Link link = Link.pipes(new FdLimits(FRAME_BYTES, bound))) {
            long startNs = System.nanoTime();
            FutureTask<Void> sender = FdChannelTest.start(() -> assertThatExceptionOfType(TransportException.class)
                    .isThrownBy(() -> FdChannelTest.flush(link, frame))
                    .withMessage("the peer took nothing from descriptor %d for PT0.15S", link.out)
                    .satisfies(failure -> assertThat(failure.isA(TransportException.PEER_HUNG))
                            .isTrue()));
            FdChannelTest.finish(sender);
            assertThat(System.nanoTime() - startNs).isBetween(bound.toNanos(), Link.BOUND.toNanos());
        }
    }

    @Test
    void a_peer_that_takes_a_little_now_and_then_is_not_hung() throws Exception {
        Duration bound = Duration.ofMillis(600);
        try (Link link = Link.pipes(new FdLimits(FRAME_BYTES, bound))) {
            long startNs = System.nanoTime();
            FutureTask<Void> sender = FdChannelTest.start(() -> FdChannelTest.flush(link, frame));
            awaitFull(link);
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            for (int k = 0; k < 12; k++) {
                got.writeBytes(link.receive(8192));
                // a bounded wait for what does not come: nobody sends to us
                assertThat(Descriptors.isReadable(link.in, 100)).isFalse();
            }
            assertThat(System.nanoTime() - startNs)
                    .as("longer in all than the bound")
                    .isGreaterThan(2 * bound.toNanos() - Duration.ofMillis(50).toNanos());
            assertThat(sender.isDone()).isFalse();
            got.writeBytes(link.receive(FRAME_BYTES - got.size()));
            FdChannelTest.finish(sender);
            assertThat(Arrays.equals(got.toByteArray(), frame)).isTrue();
        }
    }

    @Test
    @Tag("N5")
    void a_write_that_fails_at_any_byte_is_the_last_one() {
        int frameBytes = 4096;
        byte[] whole = FrameStream.frame(frameBytes, new Random(5));
        for (int cut = 0; cut < frameBytes; cut++) {
            int left = cut;
            ForwardedCalls failing = new ForwardedCalls() {
                private int room = left;

                @Override
                public long write(int fd, long address, long lengthBytes) {
                    if (room == 0) {
                        return -Errno.EPIPE;
                    }
                    long written = super.write(fd, address, Math.min(room, lengthBytes));
                    room -= (int) written;
                    return written;
                }
            };
            try (Link link = Link.socket(failing, Link.SMALL)) {
                assertGone(() -> FdChannelTest.flush(link, whole), link);
                assertThat(link.channel.tryClaim(32)).isEqualTo(MessageChannel.GONE);
                assertThatExceptionOfType(TransportException.class)
                        .isThrownBy(() -> link.channel.flush(MessageChannel.CALL));
                assertThat(cut == 0 ? 0 : link.receive(cut).length).isEqualTo(cut);
                assertThat(link.hasBytes()).as("cut at " + cut).isFalse();
            }
        }
    }

    /// So that a peer that takes a little every now and then cannot keep an end from ending.
    @Test
    void a_flush_gives_up_soon_once_the_connection_is_to_end() throws Exception {
        try (Link link = Link.pipes(ROOMY)) {
            FutureTask<Void> sender = FdChannelTest.start(() -> assertThatExceptionOfType(TransportException.class)
                    .isThrownBy(() -> FdChannelTest.flush(link, frame))
                    .withMessageStartingWith("the connection is to end, and the peer did not take everything"));
            awaitFull(link);
            long startNs = System.nanoTime();
            link.channel.wakeReader();
            while (!sender.isDone()) {
                link.receive(4096); // progress all the time
                assertThat(Descriptors.isReadable(link.in, 50)).isFalse();
                assertThat(System.nanoTime() - startNs).isLessThan(Link.BOUND.toNanos());
            }
            FdChannelTest.finish(sender);
            assertThat(System.nanoTime() - startNs).isLessThan(2 * FdChannel.END_BOUND.toNanos() + 1_000_000_000L);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_write_to_a_peer_that_went_says_that_it_is_gone(boolean socket) {
        try (Link link = socket ? Link.socket(Link.SMALL) : Link.pipes(Link.SMALL)) {
            link.stopReading();
            assertGone(() -> FdChannelTest.flush(link, Arrays.copyOf(frame, 32)), link);
        }
    }

    @Test
    void a_peer_that_goes_while_a_flush_waits_ends_it() throws Exception {
        try (Link link = Link.pipes(ROOMY)) {
            FutureTask<Void> sender =
                    FdChannelTest.start(() -> assertGone(() -> FdChannelTest.flush(link, frame), link));
            awaitFull(link);
            link.stopReading();
            FdChannelTest.finish(sender);
        }
    }

    @Test
    void interrupted_calls_are_made_again_and_short_writes_go_on() throws Exception {
        ForwardedCalls moody = new ForwardedCalls() {
            private final Random random = new Random(7);

            private synchronized boolean isInterrupted() {
                return random.nextInt(3) == 0;
            }

            @Override
            public long read(int fd, long address, long lengthBytes) {
                return isInterrupted() ? -Errno.EINTR : super.read(fd, address, Math.min(lengthBytes, 1000));
            }

            @Override
            public long write(int fd, long address, long lengthBytes) {
                return isInterrupted() ? -Errno.EINTR : super.write(fd, address, Math.min(lengthBytes, 1000));
            }

            @Override
            public long poll(long pollfdsAddress, int count, int timeoutMs) {
                return isInterrupted() ? -Errno.EINTR : super.poll(pollfdsAddress, count, timeoutMs);
            }
        };
        FrameStream stream = FrameStream.random(new Random(8), 300, 8192);
        try (Link link = Link.pipes(moody, Link.SMALL)) {
            FutureTask<Void> peer = FdChannelTest.start(() -> link.send(stream.bytes()));
            link.pollFor(stream.expectation(), 300);
            FdChannelTest.finish(peer);
            for (int k = 0; k < 100; k++) {
                byte[] small = FrameStream.frame(32 + 80 * k, new Random(k));
                FdChannelTest.flush(link, small);
                assertThat(link.receive(small.length)).isEqualTo(small);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void frames_go_both_ways_at_once(boolean socket) throws Exception {
        FrameStream stream = FrameStream.random(new Random(9), 20_000, 1000);
        try (Link link = socket ? Link.socket(Link.SMALL) : Link.pipes(Link.SMALL)) {
            CountDownLatch started = new CountDownLatch(2);
            FutureTask<Void> sender = FdChannelTest.start(() -> {
                started.countDown();
                int from = 0;
                for (int to : stream.ends()) {
                    FdChannelTest.flush(link, Arrays.copyOfRange(stream.bytes(), from, to));
                    from = to;
                }
            });
            FutureTask<Void> echo = FdChannelTest.start(() -> {
                started.countDown();
                for (int left = stream.bytes().length; left > 0; ) {
                    byte[] some = link.receiveSome();
                    left -= some.length;
                    link.send(some);
                }
            });
            assertThat(started.await(Link.BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
            FrameStream.Expectation frames = stream.expectation();
            link.pollFor(frames, 20_000);
            FdChannelTest.finish(sender);
            FdChannelTest.finish(echo);
            assertThat(frames.frames()).isEqualTo(20_000);
        }
    }

    /// Waits until the channel's way out takes no more.
    private static void awaitFull(Link link) {
        long deadlineNs = System.nanoTime() + Link.BOUND.toNanos();
        while (!link.hasBytes() || Descriptors.isWritable(link.out)) {
            assertThat(System.nanoTime()).isLessThan(deadlineNs);
            Thread.onSpinWait();
        }
    }

    private static void assertGone(Runnable flush, Link link) {
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(flush::run)
                .withMessage("write to descriptor %d failed: EPIPE (errno 32)", link.out)
                .satisfies(failure ->
                        assertThat(failure.isA(TransportException.PEER_GONE)).isTrue());
    }
}
