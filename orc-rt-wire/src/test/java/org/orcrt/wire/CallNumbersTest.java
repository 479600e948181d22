// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.CallStatus;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.wire.Outcomes.Outcome;

/// The 64 bits of a call's number, whoever chose it.
@Tag("C8")
class CallNumbersTest {

    private static final long SEED = 20_261_122;
    private static final int ROUNDS = 1000;
    private static final int PER_ROUND = 16;
    private static final HandlerTag TAG = new HandlerTag(1);

    private final QueueChannel channel = new QueueChannel(4096);
    private final RecordingPort port = new RecordingPort();
    private final Random random = new Random(SEED);

    @ParameterizedTest
    @ValueSource(longs = {-2, Long.MAX_VALUE - 5, 0, 0xffff_fff0L})
    void our_numbers_may_begin_anywhere_and_each_answer_finds_its_call(long first) throws Exception {
        PendingCalls pending = new PendingCalls(32, first, failure -> {}, DeadlineTimer.SHARED);
        Connection connection = new Connection(channel, Llvm22.DIALECT, pending, failure -> {}, Link.READERS);
        connection.attach(port, ConnectionTest.INFO);
        channel.nextSent();
        Outcomes outcomes = new Outcomes();
        Set<Long> given = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            List<byte[]> calls = new ArrayList<>();
            for (int k = 0; k < PER_ROUND; k++) {
                byte[] args = number(random.nextLong());
                SendStatus status = connection.callController(
                        TAG, MemorySegment.ofArray(args), 0, 8, outcomes, round * PER_ROUND + k, Session.NO_TIMEOUT);
                assertThat(status).isEqualTo(SendStatus.SENT);
                calls.add(channel.nextSent());
            }
            for (int k = PER_ROUND - 1; k >= 0; k--) { // answered in another order than asked
                byte[] call = calls.get(k);
                long id = longAt(call, 16);
                assertThat(given.add(id)).as("seed %d, number %d", SEED, id).isTrue();
                channel.receive(Frames.result(id, Frames.ascii(Long.toHexString(longAt(call, 32)))));
                assertThat(outcomes.next())
                        .isEqualTo(new Outcome(
                                CallStatus.RESULT, Long.toHexString(longAt(call, 32)), round * PER_ROUND + k));
            }
        }
        assertThat(given).hasSize(ROUNDS * PER_ROUND).doesNotContain(PendingCalls.FULL, PendingCalls.CLOSED);
        if (first == -2) {
            assertThat(given).as("over the end of the range").contains(-2L, -1L, 0L, 1L);
        }
        connection.disconnect();
        assertThat(port.awaitEnd()).isNull();
    }

    @Test
    void the_controllers_numbers_come_back_as_they_are() throws Exception {
        Connection connection = new Connection(channel, Llvm22.DIALECT, 4, failure -> {});
        connection.attach(port, ConnectionTest.INFO);
        channel.nextSent();
        long[] special = {0, 1, -1, -2, Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE, PendingCalls.FULL};
        for (int k = 0; k < 10_000; k++) {
            long id = k < special.length ? special[k] : random.nextLong();
            byte[] args = number(random.nextLong());
            channel.receive(Frames.frame(Frames.CALL, id, 0x1000, args));
            RecordingPort.Call call = port.next();
            assertThat(call.callId()).isEqualTo(id);
            connection.sendWrapperResult(MemorySegment.ofArray(call.args()), 0, 8, call.callId());
            assertThat(channel.nextSent()).as("seed %d, call %d", SEED, k).isEqualTo(Frames.result(id, args));
        }
        connection.disconnect();
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    private static long longAt(byte[] bytes, int offset) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(offset);
    }
}
