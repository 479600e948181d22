// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.TransportException;
import org.orcrt.spi.BlockingMessageChannel;
import org.orcrt.spi.FrameSink;

/// The contract of channels notices what it is for: each channel here breaks one rule.
class PlantedChannelsTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void the_channel_that_the_broken_ones_extend_keeps_the_rule(int rule) {
        Planted.passes(Sound.class, "MC-" + rule);
    }

    @Test
    void a_channel_that_swaps_the_frames_of_a_flush_is_caught() {
        Planted.isCaught(Swaps.class, "MC-5");
    }

    @Test
    void a_channel_that_loses_every_hundredth_frame_is_caught() {
        Planted.isCaught(Loses.class, "MC-1");
    }

    @Test
    void a_channel_that_has_no_room_for_what_can_never_fit_is_caught() {
        Planted.isCaught(NeverFits.class, "MC-3");
    }

    @Test
    void a_channel_that_shows_frames_before_the_flush_is_caught() {
        Planted.isCaught(ShowsEarly.class, "MC-5");
    }

    @Test
    void a_channel_that_goes_on_after_a_failed_flush_is_caught() {
        Planted.isCaught(GoesOn.class, "MC-7");
    }

    @Test
    void a_channel_that_forgets_the_last_frames_of_a_peer_that_closes_is_caught() {
        Planted.isCaught(ForgetsTheLast.class, "MC-8");
    }

    @Test
    void a_channel_that_gives_all_it_has_is_caught() {
        Planted.isCaught(IgnoresTheLimit.class, "MC-9");
    }

    @Test
    void a_channel_that_never_wakes_its_reader_is_caught() {
        Planted.isCaught(Silent.class, "MC-11");
        Planted.isCaught(Silent.class, "MC-12");
    }

    @Test
    void a_channel_that_forgets_a_wake_before_the_sleep_is_caught() {
        Planted.isCaught(ForgetsWakes.class, "MC-13");
    }

    @Test
    void a_channel_that_sleeps_on_when_the_time_is_over_is_caught() {
        Planted.isCaught(SleepsOn.class, "MC-14");
    }

    /// One end of a channel in memory: right as far as the rules above go, with a place for each mistake.
    static class Small extends BlockingMessageChannel {

        static final int MAX_FRAME = 4096;
        static final int MAX_QUEUED = 64;

        private final byte[] buffer = new byte[MAX_FRAME];
        final List<byte[]> committed = new ArrayList<>();
        private int used;
        private boolean poisoned;
        private final long flushNs;
        private Small peer;

        /// Guarded by this object, like all below.
        final Deque<byte[]> incoming = new ArrayDeque<>();

        boolean peerGone;
        boolean woken;
        private boolean closed;

        Small(Duration flushBound) {
            flushNs = flushBound.toNanos();
        }

        @Override
        public MemorySegment outgoing() {
            return MemorySegment.ofArray(buffer);
        }

        @Override
        public long tryClaim(long frameBytes) {
            if (frameBytes > MAX_FRAME) {
                return tooLong(frameBytes);
            }
            synchronized (this) {
                if (poisoned || peerGone) {
                    return GONE;
                }
            }
            return used + frameBytes <= MAX_FRAME ? used : NO_ROOM;
        }

        long tooLong(long frameBytes) {
            throw new IllegalArgumentException("too long: " + frameBytes);
        }

        @Override
        public void commit(long offset, long frameBytes) {
            committed.add(Arrays.copyOfRange(buffer, (int) offset, (int) (offset + frameBytes)));
            used = (int) (offset + frameBytes);
        }

        @Override
        public void flush(int urgency) {
            for (byte[] frame : committed) {
                peer.receive(frame, System.nanoTime() + flushNs, this);
            }
            committed.clear();
            used = 0;
        }

        void poison() {
            poisoned = true;
        }

        private synchronized void receive(byte[] frame, long deadlineNs, Small sender) {
            while (incoming.size() >= MAX_QUEUED && !closed) {
                if (!waitUntil(deadlineNs)) {
                    sender.poison();
                    throw new TransportException(TransportException.PEER_HUNG, "the peer takes nothing");
                }
            }
            if (closed) {
                throw new TransportException(TransportException.PEER_GONE, "the peer is gone");
            }
            arrived(frame);
        }

        void arrived(byte[] frame) {
            incoming.add(frame);
            notifyAll();
        }

        final boolean waitUntil(long deadlineNs) {
            long leftNs = deadlineNs - System.nanoTime();
            if (leftNs <= 0) {
                return false;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, leftNs);
            } catch (InterruptedException stop) {
                throw new AssertionError(stop);
            }
            return true;
        }

        @Override
        public long maxFrameBytes() {
            return MAX_FRAME;
        }

        @Override
        public int poll(FrameSink sink, int limit) {
            int delivered = 0;
            for (byte[] frame = next(); frame != null; frame = ++delivered < limit ? next() : null) {
                sink.onFrame(MemorySegment.ofArray(frame), 0, frame.length);
            }
            synchronized (this) {
                return delivered == 0 && incoming.isEmpty() && peerGone ? (int) GONE : delivered;
            }
        }

        synchronized byte[] next() {
            notifyAll();
            return incoming.poll();
        }

        @Override
        public synchronized boolean readable() {
            return !incoming.isEmpty() || peerGone;
        }

        @Override
        protected synchronized void awaitReadable(long timeoutNs) {
            long deadlineNs = System.nanoTime() + timeoutNs;
            while (!readable() && !woken && waitUntil(deadlineNs)) {
                // woken by a frame, by somebody, or the time is over
            }
            woken = false;
        }

        @Override
        protected synchronized void interruptWait() {
            woken = true;
            notifyAll();
        }

        @Override
        public void close() {
            synchronized (this) {
                closed = true;
                notifyAll();
            }
            peer.goes();
        }

        synchronized void goes() {
            peerGone = true;
            notifyAll();
        }
    }

    static class Sound extends MessageChannelContract {
        @Override
        protected Ends connect(Duration flushBound) {
            Small first = end(flushBound);
            Small second = end(flushBound);
            first.peer = second;
            second.peer = first;
            return new Ends(first, second);
        }

        Small end(Duration flushBound) {
            return new Small(flushBound);
        }
    }

    static class Swaps extends Sound {
        @Override
        Small end(Duration flushBound) {
            return new Small(flushBound) {
                @Override
                public void flush(int urgency) {
                    Collections.reverse(committed);
                    super.flush(urgency);
                }
            };
        }
    }

    static class Loses extends Sound {
        @Override
        Small end(Duration flushBound) {
            return new Small(flushBound) {
                private int count;

                @Override
                void arrived(byte[] frame) {
                    if (++count % 100 != 0) {
                        super.arrived(frame);
                    }
                }
            };
        }
    }

    static class NeverFits extends Sound {
        @Override
        Small end(Duration flushBound) {
            return new Small(flushBound) {
                @Override
                long tooLong(long frameBytes) {
                    return NO_ROOM;
                }
            };
        }
    }

    static class ShowsEarly extends Sound {
        @Override
        Small end(Duration flushBound) {
            return new Small(flushBound) {
                @Override
                public void commit(long offset, long frameBytes) {
                    super.commit(offset, frameBytes);
                    flush(CALL);
                }
            };
        }
    }

    static class GoesOn extends Sound {
        @Override
        Small end(Duration flushBound) {
            return new Small(flushBound) {
                @Override
                void poison() {}
            };
        }
    }

    static class ForgetsTheLast extends Sound {
        @Override
        Small end(Duration flushBound) {
            return new Small(flushBound) {
                @Override
                synchronized void goes() {
                    incoming.clear();
                    super.goes();
                }
            };
        }
    }

    static class IgnoresTheLimit extends Sound {
        @Override
        Small end(Duration flushBound) {
            return new Small(flushBound) {
                @Override
                public int poll(FrameSink sink, int limit) {
                    return super.poll(sink, Integer.MAX_VALUE);
                }
            };
        }
    }

    static class Silent extends Sound {
        @Override
        Small end(Duration flushBound) {
            return new Small(flushBound) {
                @Override
                void arrived(byte[] frame) {
                    incoming.add(frame);
                }
            };
        }
    }

    static class ForgetsWakes extends Sound {
        @Override
        Small end(Duration flushBound) {
            return new Small(flushBound) {
                @Override
                protected synchronized void awaitReadable(long timeoutNs) {
                    woken = false;
                    super.awaitReadable(timeoutNs);
                }
            };
        }
    }

    static class SleepsOn extends Sound {
        @Override
        Small end(Duration flushBound) {
            return new Small(flushBound) {
                @Override
                protected void awaitReadable(long timeoutNs) {
                    super.awaitReadable(Duration.ofMinutes(1).toNanos());
                }
            };
        }
    }
}
