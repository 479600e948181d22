// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockingMessageChannelTest {

    private static final class Recorder extends BlockingMessageChannel {

        private final List<String> seen = new ArrayList<>();

        @Override
        protected void awaitReadable(long timeoutNs) {
            seen.add("wait " + timeoutNs);
        }

        @Override
        protected void interruptWait() {
            seen.add("interrupt");
        }

        @Override
        public MemorySegment outgoing() {
            return MemorySegment.NULL;
        }

        @Override
        public long tryClaim(long frameBytes) {
            return NO_ROOM;
        }

        @Override
        public void commit(long offset, long frameBytes) {}

        @Override
        public void flush(int urgency) {}

        @Override
        public long maxFrameBytes() {
            return MIN_FRAME_BYTES;
        }

        @Override
        public int poll(FrameSink sink, int limit) {
            return 0;
        }

        @Override
        public boolean readable() {
            return false;
        }

        @Override
        public void close() {}
    }

    @Test
    void both_sleeps_wait_in_the_kernel_and_a_wake_ends_the_wait() {
        Recorder channel = new Recorder();
        channel.sleep(MessageChannel.CALL, 5);
        channel.sleepAsLeader(7);
        channel.wakeReader();
        assertThat(channel.seen).containsExactly("wait 5", "wait 7", "interrupt");
    }

    @Test
    void there_is_no_doorbell_to_arm() {
        Recorder channel = new Recorder();
        channel.arm(MessageChannel.CALL);
        channel.raise();
        channel.disarm();
        assertThat(channel.seen).isEmpty();
    }
}
