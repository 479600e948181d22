// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.orcrt.api.TransportException;
import org.orcrt.spi.MessageChannel;

/// A peer that dies at any byte.
@Tag("W8")
class CutStreamTest {

    private static final long SEED = 20_260_311;
    private static final FrameStream STREAM = FrameStream.random(new Random(SEED), 60, 200);

    enum Medium {
        PIPES {
            @Override
            Link open() {
                return Link.pipes(Link.SMALL);
            }
        },
        SOCKET {
            @Override
            Link open() {
                return Link.socket(Link.SMALL);
            }
        };

        abstract Link open();
    }

    @ParameterizedTest
    @Tag("MC-18")
    @EnumSource
    void a_stream_cut_at_every_byte_gives_the_whole_frames_and_says_how_it_ended(Medium medium) {
        for (int cut = 0; cut <= STREAM.bytes().length; cut++) {
            try (Link link = medium.open()) {
                link.send(STREAM.bytes(), 0, cut);
                link.endOfStream();
                FrameStream.Expectation frames = STREAM.expectation();
                String end = endOf(link, frames);
                if (frames.frames() != STREAM.framesIn(cut) || !end.equals(expectedEnd(cut))) {
                    throw new AssertionError("seed %d, cut at %d: %d frames, then '%s'; expected %d, then '%s'"
                            .formatted(SEED, cut, frames.frames(), end, STREAM.framesIn(cut), expectedEnd(cut)));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_end_stays_the_end(Medium medium) {
        try (Link link = medium.open()) {
            link.send(STREAM.bytes(), 0, STREAM.ends().getFirst());
            link.endOfStream();
            link.pollToTheEnd(STREAM.expectation());
            for (int k = 0; k < 3; k++) {
                link.channel.sleep(MessageChannel.RESULT, Link.BOUND.toNanos());
                assertThat(link.channel.poll(STREAM.expectation(), 64)).isEqualTo((int) MessageChannel.GONE);
                assertThat(link.channel.readable()).isTrue();
            }
        }
    }

    @Test
    void a_peer_that_resets_its_socket_is_gone() {
        try (Link link = Link.socket(Link.SMALL)) {
            // bytes that the peer never read make its close a reset
            long at = link.channel.tryClaim(32);
            link.channel.commit(at, 32);
            link.channel.flush(MessageChannel.CALL);
            link.stopReading();
            assertThat(endOf(link, STREAM.expectation()))
                    .isEqualTo("read from descriptor %d failed: ECONNRESET (errno 104)".formatted(link.in));
            assertThat(link.channel.poll(STREAM.expectation(), 1)).isEqualTo((int) MessageChannel.GONE);
        }
    }

    private static String endOf(Link link, FrameStream.Expectation frames) {
        try {
            link.pollToTheEnd(frames);
            return "";
        } catch (TransportException failure) {
            assertThat(failure.isA(TransportException.PEER_GONE)).isTrue();
            return String.valueOf(failure.getMessage());
        }
    }

    private static String expectedEnd(int cut) {
        if (STREAM.isBoundary(cut)) {
            return "";
        }
        int whole = STREAM.framesIn(cut);
        int start = whole == 0 ? 0 : STREAM.ends().get(whole - 1);
        int got = cut - start;
        String length = got < 8 ? "unknown length" : STREAM.ends().get(whole) - start + " bytes";
        return "the stream ended inside a frame: got %d bytes of a frame of %s".formatted(got, length);
    }
}
