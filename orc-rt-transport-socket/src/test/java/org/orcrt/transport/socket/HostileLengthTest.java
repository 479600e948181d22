// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orcrt.api.TransportException;
import org.orcrt.api.type.TypeId;
import org.orcrt.spi.FrameSink;
import org.orcrt.spi.MessageChannel;

/// Frames whose first 8 bytes lie.
class HostileLengthTest {

    private static final long MAX_FRAME_BYTES = FdLimits.DEFAULT.maxFrameBytes();
    private static final long HEAP_BYTES_PER_FRAME = 64 << 10;
    private static final long RESIDENT_BYTES_PER_TABLE = 8 << 20;
    private static final FrameSink NO_FRAMES = (bytes, offset, frameBytes) -> {
        throw new AssertionError("delivered: " + frameBytes + " bytes");
    };

    static LongStream tooLong() {
        LongStream edges = LongStream.of(
                MAX_FRAME_BYTES + 1,
                MAX_FRAME_BYTES + 2,
                MAX_FRAME_BYTES + 31,
                MAX_FRAME_BYTES + 32,
                MAX_FRAME_BYTES + 4095,
                MAX_FRAME_BYTES + 4096,
                0x7fff_ffffL + 32,
                0xffff_ffffL + 32,
                Long.MIN_VALUE + 1,
                Long.MIN_VALUE + 31,
                Long.MIN_VALUE + 32,
                Long.MIN_VALUE + MAX_FRAME_BYTES,
                -MAX_FRAME_BYTES,
                -4096,
                -33,
                -32,
                -31,
                -8,
                -2,
                -1);
        LongStream powers = LongStream.rangeClosed(27, 63).map(k -> 1L << k);
        LongStream belowPowers = LongStream.rangeClosed(28, 63).map(k -> (1L << k) - 1);
        return LongStream.concat(edges, LongStream.concat(powers, belowPowers));
    }

    static LongStream tooShort() {
        return LongStream.range(0, MessageChannel.MIN_FRAME_BYTES);
    }

    @Test
    @Tag("W1")
    void the_table_has_more_than_64_lengths_and_none_twice() {
        assertThat(tooLong().distinct().count()).isEqualTo(tooLong().count()).isGreaterThan(64);
    }

    @ParameterizedTest
    @Tag("MC-17")
    @MethodSource("tooLong")
    @Tag("W1")
    void a_frame_over_the_limit_is_refused_by_its_first_8_bytes(long length) {
        String text = "frame of " + Long.toUnsignedString(length) + " bytes; the limit is 67108864";
        assertRefused(length, TransportException.FRAME_TOO_LARGE, text);
    }

    @ParameterizedTest
    @Tag("MC-17")
    @MethodSource("tooShort")
    @Tag("W2")
    void a_frame_shorter_than_its_header_is_a_violation(long length) {
        String text = "frame of " + length + " bytes; a header alone has 32";
        assertRefused(length, TransportException.PROTOCOL_VIOLATION, text);
    }

    @Test
    @Tag("MC-17")
    @Tag("W1")
    @Tag("W2")
    void no_length_makes_the_process_grow() {
        // the JVM itself grows until it is warm; what a length costs is paid each time
        long least = Long.MAX_VALUE;
        for (int period = 0; period < 5 && least >= RESIDENT_BYTES_PER_TABLE; period++) {
            long before = ProcessMemory.now().residentBytes();
            refuseAll();
            least = Math.min(least, ProcessMemory.now().residentBytes() - before);
        }
        assertThat(least).isLessThan(RESIDENT_BYTES_PER_TABLE);
    }

    @Test
    @Tag("W1")
    void the_longest_frame_takes_memory_only_as_it_comes() {
        try (Link link = Link.pipes(FdLimits.DEFAULT)) {
            MemorySegment[] buffer = new MemorySegment[1];
            link.send(FrameStream.header(32));
            link.pollFor((bytes, offset, frameBytes) -> buffer[0] = bytes, 1);
            link.send(FrameStream.header(MAX_FRAME_BYTES));
            link.channel.sleep(MessageChannel.RESULT, Link.BOUND.toNanos());
            assertThat(link.channel.poll(NO_FRAMES, 1)).isZero();
            assertThat(buffer[0].byteSize()).isEqualTo(MAX_FRAME_BYTES);
            assertThat(ProcessMemory.residentBytes(buffer[0])).isBetween(4096L, 2L << 20); // one page, large or small
        }
    }

    @Test
    @Tag("W1")
    void frames_before_a_hostile_one_are_delivered_and_it_ends_the_channel_for_good() {
        try (Link link = Link.pipes(Link.SMALL)) {
            byte[] good = FrameStream.header(32);
            link.send(good);
            link.send(good);
            link.send(FrameStream.header(8193));
            link.send(good);
            int[] frames = {0};
            FrameSink counting = (bytes, offset, frameBytes) -> frames[0]++;
            for (int attempt = 0; attempt < 3; attempt++) {
                TransportException failure = failureOf(link, counting);
                assertThat(failure).hasMessage("frame of 8193 bytes; the limit is 8192");
            }
            assertThat(frames[0]).isEqualTo(2);
        }
    }

    private static void refuseAll() {
        LongStream.concat(tooLong(), tooShort()).forEach(length -> {
            try (Link link = Link.pipes(FdLimits.DEFAULT)) {
                link.send(FrameStream.header(length));
                failureOf(link, NO_FRAMES);
            }
        });
    }

    private static void assertRefused(long length, TypeId kind, String text) {
        byte[] header = FrameStream.header(length);
        for (byte[] bytes : new byte[][] {header, Arrays.copyOf(header, Long.BYTES), Arrays.copyOf(header, 4096)}) {
            try (Link link = Link.pipes(FdLimits.DEFAULT)) {
                link.send(bytes);
                TransportException failure = failureOf(link, NO_FRAMES);
                assertThat(failure).hasMessage(text);
                assertThat(failure.isA(kind)).as("%s", failure.typeId()).isTrue();
                assertThat(Allocations.bytesOf(() -> failureOf(link, NO_FRAMES)))
                        .as("heap bytes")
                        .isLessThan(HEAP_BYTES_PER_FRAME);
            }
        }
    }

    private static TransportException failureOf(Link link, FrameSink sink) {
        try {
            link.pollToTheEnd(sink);
        } catch (TransportException failure) {
            return failure;
        }
        throw new AssertionError("accepted");
    }
}
