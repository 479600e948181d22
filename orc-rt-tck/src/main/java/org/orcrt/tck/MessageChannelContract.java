// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.orcrt.spi.MessageChannel.CALL;
import static org.orcrt.spi.MessageChannel.GONE;
import static org.orcrt.spi.MessageChannel.MIN_FRAME_BYTES;
import static org.orcrt.spi.MessageChannel.NO_ROOM;
import static org.orcrt.spi.MessageChannel.RESULT;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.api.TransportException;
import org.orcrt.spi.FrameSink;
import org.orcrt.spi.MessageChannel;
import org.orcrt.tck.Patience.Running;
import org.orcrt.tck.TestFrames.Expectation;

/// What every message channel promises: `docs/spec/message-channel.md`. The tests hold both ends in one process.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class MessageChannelContract {

    private static final FrameSink NONE = (bytes, offset, frameBytes) -> {
        throw new AssertionError("a frame that nobody sent");
    };

    private final List<MessageChannel> opened = new ArrayList<>();

    /// Both ends of one connection.
    ///
    /// @param first one end
    /// @param second the other end
    public record Ends(MessageChannel first, MessageChannel second) {}

    /// For subclasses.
    protected MessageChannelContract() {}

    /// Connects two channels. Frames of a few KiB are long enough.
    ///
    /// @param flushBound how long a flush waits for a peer that takes nothing, if the channel can be told
    /// @return both ends; the contract closes them
    /// @throws Exception if that fails
    protected abstract Ends connect(Duration flushBound) throws Exception;

    private Ends connected() throws Exception {
        return connected(Patience.bound());
    }

    private Ends connected(Duration flushBound) throws Exception {
        Ends ends = connect(flushBound);
        opened.add(ends.first());
        opened.add(ends.second());
        return ends;
    }

    @AfterEach
    final void close_both_ends() {
        opened.forEach(MessageChannel::close);
    }

    @Test
    @Tag("MC-1")
    @Tag("MC-2")
    void frames_of_all_lengths_arrive_whole_once_and_in_order_both_ways_at_once() throws Exception {
        Ends ends = connected();
        int[] there = lengths(ends.first(), 1);
        int[] back = lengths(ends.second(), 2);
        List<Running<Boolean>> four = List.of(
                sending(ends.first(), 1000, there),
                sending(ends.second(), 5000, back),
                receiving(ends.second(), 1000, there),
                receiving(ends.first(), 5000, back));
        for (Running<Boolean> one : four) {
            one.get();
        }
        assertEquals(0, ends.first().poll(NONE, 1));
        assertEquals(0, ends.second().poll(NONE, 1));
    }

    /// 300 lengths, the shortest, an odd one and the longest among them.
    private static int[] lengths(MessageChannel channel, long seed) {
        int longest = (int) Math.min(channel.maxFrameBytes(), 1 << 20);
        Random random = new Random(seed);
        int[] lengths =
                random.ints(300, MIN_FRAME_BYTES, Math.min(longest, 4096)).toArray();
        lengths[0] = MIN_FRAME_BYTES;
        lengths[1] = MIN_FRAME_BYTES + 1;
        lengths[2] = longest;
        return lengths;
    }

    private static Running<Boolean> sending(MessageChannel channel, int first, int[] lengths) {
        return Patience.start(() -> {
            for (int k = 0; k < lengths.length; k++) {
                TestFrames.send(channel, TestFrames.frame(first + k, lengths[k]), k % 2 == 0 ? CALL : RESULT);
            }
            return true;
        });
    }

    private static Running<Boolean> receiving(MessageChannel channel, int first, int[] lengths) {
        return Patience.start(() -> {
            TestFrames.receive(channel, new Expectation(first, lengths), lengths.length);
            return true;
        });
    }

    @Test
    @Tag("MC-3")
    void a_frame_of_the_limit_passes_and_one_byte_more_is_refused_as_a_mistake() throws Exception {
        Ends ends = connected();
        int longest = Math.toIntExact(ends.first().maxFrameBytes());
        assertThrows(IllegalArgumentException.class, () -> ends.first().tryClaim(longest + 1L));
        Running<Boolean> sender = sending(ends.first(), 7, new int[] {longest});
        TestFrames.receive(ends.second(), new Expectation(7, longest), 1);
        sender.get();
    }

    @Test
    @Tag("MC-4")
    void a_claim_that_is_not_committed_never_happened() throws Exception {
        Ends ends = connected();
        assertTrue(ends.first().tryClaim(200) >= 0, "room");
        TestFrames.commit(ends.first(), TestFrames.frame(1, 64));
        assertTrue(ends.first().tryClaim(300) >= 0, "room");
        ends.first().flush(CALL);
        Expectation one = new Expectation(1, 64);
        TestFrames.receive(ends.second(), one, 1);
        assertEquals(0, ends.second().poll(NONE, 1));
    }

    @Test
    @Tag("MC-5")
    void what_is_committed_is_seen_after_the_flush_all_of_it_and_not_before() throws Exception {
        Ends ends = connected();
        int[] lengths = {40, 50, 60};
        for (int k = 0; k < 3; k++) {
            TestFrames.commit(ends.first(), TestFrames.frame(k, lengths[k]));
        }
        assertFalse(ends.second().readable(), "readable before the flush");
        assertEquals(0, ends.second().poll(NONE, 1));
        ends.first().flush(RESULT);
        TestFrames.receive(ends.second(), new Expectation(0, lengths), 3);
    }

    @Test
    @Tag("MC-6")
    void a_channel_that_is_full_says_so_changes_nothing_and_has_room_after_the_flush() throws Exception {
        Ends ends = connected();
        int length = (int) Math.min(ends.first().maxFrameBytes() / 2, 1 << 20);
        int count = 0;
        while (ends.first().tryClaim(length) != NO_ROOM) {
            TestFrames.commit(ends.first(), TestFrames.frame(count++, length));
            assertTrue(count < 10_000, "never full");
        }
        assertEquals(NO_ROOM, ends.first().tryClaim(length), "still none");
        int sent = count;
        Running<Boolean> flush = Patience.start(() -> {
            ends.first().flush(CALL);
            return true;
        });
        int[] lengths = new int[sent];
        Arrays.fill(lengths, length);
        TestFrames.receive(ends.second(), new Expectation(0, lengths), sent);
        flush.get();
        Patience.until("there is room again", () -> ends.first().tryClaim(length) >= 0);
        assertTrue(sent >= 1, "a frame fits");
    }

    @Test
    @Tag("MC-7")
    void a_peer_that_takes_nothing_holds_no_flush_for_ever_and_after_a_failed_one_nothing_is_taken() throws Exception {
        Ends ends = connected(Duration.ofMillis(100));
        byte[] frame = TestFrames.frame(1, (int) Math.min(ends.first().maxFrameBytes(), 4096));
        Running<Boolean> sender = Patience.start(() -> {
            while (ends.first().tryClaim(frame.length) != NO_ROOM) {
                if (flushFails(ends.first(), frame)) {
                    return true;
                }
            }
            return false;
        });
        if (sender.get()) {
            assertEquals(GONE, ends.first().tryClaim(MIN_FRAME_BYTES), "a claim after the failure");
        }
    }

    /// Sends one frame.
    private static boolean flushFails(MessageChannel channel, byte[] frame) {
        try {
            TestFrames.send(channel, frame, CALL);
            return false;
        } catch (TransportException failure) {
            return true;
        }
    }

    @Test
    @Tag("MC-8")
    void a_peer_that_closes_is_gone_for_good_once_all_that_it_sent_was_delivered() throws Exception {
        Ends ends = connected();
        for (int k = 0; k < 3; k++) {
            TestFrames.send(ends.first(), TestFrames.frame(k, 64), CALL);
        }
        ends.first().close();
        Expectation three = new Expectation(0, 64, 64, 64);
        TestFrames.receiveToTheEnd(ends.second(), three);
        assertEquals(3, three.seen());
        for (int k = 0; k < 3; k++) {
            assertEquals((int) GONE, ends.second().poll(NONE, 1));
        }
    }

    @Test
    @Tag("MC-8")
    void sending_to_a_peer_that_is_gone_ends_with_an_error_or_a_status() throws Exception {
        Ends ends = connected();
        ends.second().close();
        Patience.until("the sender notices", () -> {
            long at = ends.first().tryClaim(64);
            if (at == GONE) {
                return true;
            }
            assertNotEquals(NO_ROOM, at, "room is not what is missing");
            return flushFails(ends.first(), TestFrames.frame(1, 64));
        });
    }

    @Test
    @Tag("MC-9")
    void a_poll_gives_no_more_than_was_asked_for_and_zero_where_there_is_nothing() throws Exception {
        Ends ends = connected();
        assertEquals(0, ends.second().poll(NONE, 10));
        for (int k = 0; k < 5; k++) {
            TestFrames.commit(ends.first(), TestFrames.frame(k, 64));
        }
        ends.first().flush(CALL);
        Expectation five = new Expectation(0, 64, 64, 64, 64, 64);
        for (int k = 1; k <= 5; k++) {
            TestFrames.receive(ends.second(), five, k);
            assertEquals(k, five.seen());
        }
        assertEquals(0, ends.second().poll(NONE, 10));
    }

    @Test
    @Tag("MC-10")
    void a_frame_that_waits_can_be_seen_without_taking_it() throws Exception {
        Ends ends = connected();
        assertFalse(ends.second().readable(), "nothing was sent");
        for (int k = 0; k < 2; k++) {
            TestFrames.send(ends.first(), TestFrames.frame(k, 64), CALL);
        }
        Expectation two = new Expectation(0, 64, 64);
        for (int k = 1; k <= 2; k++) {
            Patience.until("it can be seen", ends.second()::readable);
            TestFrames.receive(ends.second(), two, k);
        }
        assertFalse(ends.second().readable(), "all was taken");
    }

    @Test
    @Tag("MC-11")
    void no_frame_is_slept_over_however_the_flush_and_the_sleep_meet() throws Exception {
        Ends ends = connected();
        int rounds = 2000;
        long beganNs = System.nanoTime();
        Running<Boolean> echo = Patience.start(() -> {
            for (int k = 0; k < rounds; k++) {
                TestFrames.receive(ends.second(), new Expectation(k, 48), 1);
                TestFrames.send(ends.second(), TestFrames.frame(k, 48), RESULT);
            }
            return true;
        });
        for (int k = 0; k < rounds; k++) {
            TestFrames.send(ends.first(), TestFrames.frame(k, 48), CALL);
            TestFrames.receive(ends.first(), new Expectation(k, 48), 1);
        }
        echo.get();
        // a lost wake costs a whole bound
        assertTrue(System.nanoTime() - beganNs < Patience.bound().toNanos(), "somebody slept over a frame");
    }

    @Test
    @Tag("MC-12")
    void a_standby_is_rung_for_a_call_at_both_levels_and_for_a_result_at_the_first() throws Exception {
        Ends ends = connected();
        int number = 0;
        for (int[] levelAndUrgency : new int[][] {{1, RESULT}, {1, CALL}, {2, CALL}}) {
            int level = levelAndUrgency[0];
            Running<Boolean> standby = Patience.start(() -> {
                ends.second().arm(level);
                if (!ends.second().readable()) {
                    ends.second().sleep(level, Duration.ofMinutes(2).toNanos());
                }
                ends.second().disarm();
                return true;
            });
            Patience.letItWait(standby.thread());
            TestFrames.send(ends.first(), TestFrames.frame(number, 64), levelAndUrgency[1]);
            assertTrue(standby.get(), "rung at level " + level);
            TestFrames.receive(ends.second(), new Expectation(number++, 64), 1);
        }
    }

    @Test
    @Tag("MC-13")
    void a_sleep_ends_by_a_wake_also_by_one_that_came_before_it() throws Exception {
        Ends ends = connected();
        long longNs = Duration.ofMinutes(2).toNanos();
        Running<Boolean> sleeper = Patience.start(() -> {
            ends.second().sleep(RESULT, longNs);
            ends.second().sleepAsLeader(longNs);
            return true;
        });
        Patience.until("both sleeps end", () -> {
            ends.second().wakeReader();
            return sleeper.task().isDone();
        });
        assertTrue(sleeper.get());
        ends.second().wakeReader();
        Running<Boolean> late = Patience.start(() -> {
            ends.second().sleep(RESULT, longNs);
            return true;
        });
        assertTrue(late.get());
        assertEquals(0, ends.second().poll(NONE, 1));
    }

    @Test
    @Tag("MC-14")
    void a_sleep_ends_when_its_time_is_over() throws Exception {
        Ends ends = connected();
        Running<Boolean> sleeper = Patience.start(() -> {
            ends.second().sleep(RESULT, 1_000_000);
            ends.second().sleepAsLeader(1_000_000);
            return true;
        });
        assertTrue(sleeper.get());
    }

    @Test
    @Tag("MC-15")
    void closing_twice_closes_once_and_a_wake_after_it_does_nothing() throws Exception {
        Ends ends = connected();
        ends.first().close();
        ends.first().close();
        ends.first().wakeReader();
        TestFrames.receiveToTheEnd(ends.second(), NONE);
        ends.second().close();
        ends.second().wakeReader();
    }

    @Test
    @Tag("MC-16")
    void a_flush_of_nothing_sends_nothing() throws Exception {
        Ends ends = connected();
        ends.first().flush(CALL);
        ends.first().flush(RESULT);
        assertEquals(0, ends.second().poll(NONE, 1));
        TestFrames.send(ends.first(), TestFrames.frame(1, 64), CALL);
        TestFrames.receive(ends.second(), new Expectation(1, 64), 1);
    }
}
