// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orcrt.api.SendStatus;
import org.orcrt.api.TransportException;

/// What a recording says of a channel that takes nothing for a time.
class SendEventsTest {

    private static final String STALL = "org.orcrt.TransportStall";
    private static final byte[] SEVEN = new byte[7];
    private static final int FRAME_BYTES = FrameLayout.HEADER_BYTES + 7;

    @TempDir
    private Path scratch;

    private final QueueChannel channel = new QueueChannel(256);
    private final FrameSender sender = new FrameSender(channel);

    @Test
    void a_stall_without_room_lasts_from_the_first_refusal_to_the_first_frame_that_is_taken() throws Exception {
        List<RecordedEvent> stalls = recorded(Duration.ZERO, () -> {
            channel.full(true);
            assertThat(send()).isEqualTo(SendStatus.BACK_PRESSURED);
            assertThat(send()).isEqualTo(SendStatus.BACK_PRESSURED);
            channel.full(false);
            assertThat(send()).isEqualTo(SendStatus.SENT);
        });
        assertThat(stalls).extracting(SendEventsTest::describe).containsExactly("no room, 2 refused, 39 bytes, sent");
        assertThat(stalls.getFirst().getEventType().getCategoryNames()).containsExactly("ORC runtime");
    }

    @Test
    void a_frame_that_is_taken_at_once_is_no_stall() throws Exception {
        assertThat(recorded(null, this::send)).isEmpty();
    }

    @Test
    void a_flush_that_the_peer_holds_up_is_a_stall() throws Exception {
        List<RecordedEvent> stalls = recorded(null, () -> {
            channel.slowFlushes(Duration.ofMillis(11));
            assertThat(send()).isEqualTo(SendStatus.SENT);
        });
        assertThat(stalls).extracting(SendEventsTest::describe).containsExactly("flush, 0 refused, 39 bytes, sent");
        assertThat(stalls.getFirst().getDuration()).isGreaterThanOrEqualTo(Duration.ofMillis(11));
    }

    @Test
    void a_stall_that_never_ends_is_told_when_the_channel_is_gone() throws Exception {
        List<RecordedEvent> stalls = recorded(Duration.ZERO, () -> {
            channel.full(true);
            assertThat(send()).isEqualTo(SendStatus.BACK_PRESSURED);
            sender.close();
        });
        assertThat(stalls).extracting(SendEventsTest::describe).containsExactly("no room, 1 refused, 39 bytes, gone");
    }

    @Test
    void a_flush_that_fails_ends_its_stall() throws Exception {
        List<RecordedEvent> stalls = recorded(Duration.ZERO, () -> {
            channel.failFlushes(new TransportException(TransportException.PEER_HUNG, "planted", null));
            assertThat(send()).isEqualTo(SendStatus.DISCONNECTED);
        });
        assertThat(stalls).extracting(SendEventsTest::describe).containsExactly("flush, 0 refused, 39 bytes, gone");
    }

    @Test
    void a_frame_that_is_given_up_does_not_lengthen_the_next_one() throws Exception {
        List<RecordedEvent> stalls = recorded(Duration.ZERO, () -> {
            assertThatThrownBy(() -> sender.send(Opcode.RESULT, 1, 0, MemorySegment.ofArray(SEVEN), 0, 8))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(send()).isEqualTo(SendStatus.SENT);
        });
        assertThat(stalls).extracting(SendEventsTest::describe).containsExactly("flush, 0 refused, 39 bytes, sent");
    }

    @Test
    void sending_allocates_nothing_that_nobody_records() throws Exception {
        recorded(Duration.ZERO, this::send);
        SendEvents events = new SendEvents();
        Runnable frames = () -> {
            for (int k = 0; k < 1000; k++) {
                events.begin(FRAME_BYTES);
                events.refused();
                events.sent();
            }
        };
        frames.run();
        assertThat(Allocations.bytesOf(frames)).as("bytes of 1000 frames").isLessThan(1000);
    }

    private SendStatus send() {
        return sender.send(Opcode.RESULT, 1, 0, MemorySegment.ofArray(SEVEN), 0, SEVEN.length);
    }

    private static String describe(RecordedEvent stall) {
        return "%s, %d refused, %d bytes, %s"
                .formatted(
                        stall.getString("cause"),
                        stall.getInt("refusedFrames"),
                        stall.getLong("frameBytes"),
                        stall.getString("outcome"));
    }

    /// @param threshold the shortest stall, or `null` for the event's own
    private List<RecordedEvent> recorded(@Nullable Duration threshold, Runnable work) throws IOException {
        try (Recording recording = new Recording()) {
            if (threshold != null) {
                recording.enable(STALL).withThreshold(threshold);
            }
            recording.start();
            work.run();
            recording.stop();
            Path file = scratch.resolve("recording.jfr");
            recording.dump(file);
            List<RecordedEvent> events = new ArrayList<>(RecordingFile.readAllEvents(file));
            events.removeIf(event -> !event.getEventType().getName().equals(STALL));
            return events;
        }
    }
}
