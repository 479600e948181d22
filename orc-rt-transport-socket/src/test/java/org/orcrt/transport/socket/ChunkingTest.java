// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.spi.FrameSink;
import org.orcrt.spi.MessageChannel;

/// However a stream is chopped, the same frames come out.
@Tag("W10")
class ChunkingTest {

    private static final long SEED = 20_260_312;
    private static final int ROUNDS = 100_000;
    private static final int FRAMES = 200;
    private static final int BATCHES = 50;

    @Test
    void two_hundred_frames_in_a_hundred_thousand_chunkings_are_the_same_frames() {
        for (int batch = 0; batch < BATCHES; batch++) {
            // the frames change, and the channel is the same for many streams: the buffer's end comes anywhere
            FrameStream stream = FrameStream.random(new Random(SEED + batch), FRAMES, 160);
            try (Link link = Link.pipes(new FdLimits(160, Duration.ofSeconds(20)))) {
                for (int round = 0; round < ROUNDS / BATCHES; round++) {
                    long seed = SEED + batch * (long) ROUNDS + round;
                    chunked(link, stream, new Random(seed), 1 << 6, seed);
                }
            }
        }
    }

    @Test
    void byte_by_byte_they_are_the_same_frames() {
        FrameStream stream = FrameStream.random(new Random(SEED), FRAMES, 160);
        try (Link link = Link.pipes(new FdLimits(160, Duration.ofSeconds(20)))) {
            FrameStream.Expectation frames = stream.expectation();
            for (int at = 0; at < stream.bytes().length; at++) {
                link.send(stream.bytes(), at, at + 1);
                link.channel.sleep(MessageChannel.RESULT, Link.BOUND.toNanos());
                int expected = stream.framesIn(at + 1) - stream.framesIn(at);
                assertThat(link.channel.poll(frames, 64)).as("byte %d", at).isEqualTo(expected);
            }
            assertThat(frames.frames()).isEqualTo(FRAMES);
        }
    }

    @Test
    void frames_up_to_the_limit_pass_around_the_end_of_the_buffer() {
        for (int round = 0; round < 2_000; round++) {
            long seed = SEED - round;
            Random random = new Random(seed);
            FrameStream stream = FrameStream.random(random, 20, 8192);
            try (Link link = Link.pipes(Link.SMALL)) {
                chunked(link, stream, random, 1 << 8, seed);
            }
        }
    }

    @Test
    void longest_frames_back_to_back_pass_too() {
        Random random = new Random(SEED);
        for (int first = 32; first < 80; first++) {
            FrameStream stream = longest(first, random);
            try (Link link = Link.socket(Link.SMALL)) {
                chunked(link, stream, random, 1 << 5, SEED);
            }
        }
    }

    private static FrameStream longest(int firstBytes, Random random) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Integer> ends = new ArrayList<>();
        for (int length : new int[] {firstBytes, 8192, 32, 8192, 8191, 8160, 8192, 33, 8192}) {
            bytes.writeBytes(FrameStream.frame(length, random));
            ends.add(bytes.size());
        }
        return new FrameStream(bytes.toByteArray(), ends);
    }

    /// Sends the stream in pieces of random length and polls as random dictates.
    private static void chunked(Link link, FrameStream stream, Random random, int maxPieces, long seed) {
        byte[] bytes = stream.bytes();
        FrameStream.Expectation frames = stream.expectation();
        int pieces = 1 + random.nextInt(1 + random.nextInt(maxPieces));
        int typical = Math.max(1, 2 * bytes.length / pieces);
        try {
            for (int at = 0; at < bytes.length; ) {
                int next = Math.min(bytes.length, at + 1 + random.nextInt(Math.min(typical, 32_768)));
                link.send(bytes, at, next);
                at = next;
                if (random.nextInt(4) > 0 || at == bytes.length || typical > 8192) {
                    drain(link, frames, 1 + random.nextInt(64), stream.framesIn(at));
                }
            }
        } catch (AssertionError wrong) {
            throw new AssertionError("seed " + seed + ": " + wrong.getMessage(), wrong);
        }
    }

    private static void drain(Link link, FrameStream.Expectation frames, int limit, int wanted) {
        long deadlineNs = System.nanoTime() + Link.BOUND.toNanos();
        FrameSink sink = frames;
        while (frames.frames() < wanted) {
            assertThat(System.nanoTime()).isLessThan(deadlineNs);
            int delivered = link.channel.poll(sink, limit);
            if (delivered < 0 || delivered > limit) {
                throw new AssertionError("poll of " + limit + " gave " + delivered);
            }
            if (delivered == 0) {
                link.channel.sleep(MessageChannel.RESULT, Link.BOUND.toNanos());
            }
        }
    }
}
