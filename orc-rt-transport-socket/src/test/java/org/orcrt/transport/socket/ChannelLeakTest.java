// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.orcrt.api.TransportException;
import org.orcrt.ffm.Errno;

/// What a channel takes it gives back.
class ChannelLeakTest {

    private static final int CYCLES = 1_000;
    private static final int PERIODS = 5;
    private static final int SLACK = 2;

    /// Leaked neighbours look like one mapping: one buffer in 50 channels would show here.
    private static final long ADDRESS_SLACK_BYTES = CYCLES / 50 * FdLimits.DEFAULT.maxFrameBytes();

    @Test
    void a_thousand_channels_leave_no_descriptor_and_no_mapping() {
        cycles(100);
        // the JVM itself maps memory until it is warm; a leak shows in every period
        String grown = "";
        for (int period = 0; period < PERIODS; period++) {
            ProcessMemory before = ProcessMemory.now();
            cycles(CYCLES);
            ProcessMemory after = ProcessMemory.now();
            if (after.descriptors() - before.descriptors() <= SLACK
                    && after.mappings() - before.mappings() <= SLACK
                    && after.addressBytes() - before.addressBytes() < ADDRESS_SLACK_BYTES) {
                return;
            }
            grown += "\n" + before + "\n -> " + after;
        }
        throw new AssertionError("each %d channels leave something behind:%s".formatted(CYCLES, grown));
    }

    @Test
    void a_channel_that_cannot_be_made_gives_back_what_it_had() {
        ForwardedCalls noEvents = new ForwardedCalls() {
            @Override
            public long eventfd(int initial, int flags) {
                return -24;
            }
        };
        assertOutOfSpace(noEvents, "eventfd failed: EMFILE (errno 24)");
        assertThat(noEvents.takeCounts()).isEmpty();

        String text = "mmap of 8192 bytes for frames failed: ENOMEM (errno 12)";
        ForwardedCalls noBuffer = mappingsUpTo(0);
        assertOutOfSpace(noBuffer, text);
        assertThat(noBuffer.takeCounts()).isEqualTo(Map.of("eventfd", 1, "close", 1));

        ForwardedCalls oneBuffer = mappingsUpTo(1);
        assertOutOfSpace(oneBuffer, text);
        assertThat(oneBuffer.takeCounts()).isEqualTo(Map.of("eventfd", 1, "mmap", 1, "munmap", 1, "close", 1));
    }

    private static ForwardedCalls mappingsUpTo(int limit) {
        return new ForwardedCalls() {
            private int left = limit;

            @Override
            public long mmap(long address, long lengthBytes, int protection, int flags, int fd) {
                left--;
                return left < 0 ? -Errno.ENOMEM : super.mmap(address, lengthBytes, protection, flags, fd);
            }
        };
    }

    private static void cycles(int count) {
        for (int k = 0; k < count; k++) {
            try (Link link = k % 2 == 0 ? Link.pipes(FdLimits.DEFAULT) : Link.socket(FdLimits.DEFAULT)) {
                FdChannelTest.flush(link, FrameStream.header(32));
                assertThat(link.receive(32)).hasSize(32);
            }
        }
    }

    private static void assertOutOfSpace(ForwardedCalls calls, String text) {
        int[] pipe = Descriptors.pipe();
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> new FdChannel(calls, pipe[0], pipe[1], Link.SMALL))
                .withMessage(text)
                .satisfies(failure ->
                        assertThat(failure.isA(TransportException.OUT_OF_SPACE)).isTrue());
        assertThat(Descriptors.isOpen(pipe[0]) && Descriptors.isOpen(pipe[1]))
                .as("descriptors of a channel that was not made still belong to the caller")
                .isTrue();
        Descriptors.close(pipe[0]);
        Descriptors.close(pipe[1]);
    }
}
