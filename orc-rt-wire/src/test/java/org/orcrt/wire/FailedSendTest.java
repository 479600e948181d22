// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.orcrt.api.CallException;
import org.orcrt.api.CallStatus;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.testing.Bounded;
import org.orcrt.testing.CallLedger;

/// A call is in the table before it is sent. If it cannot be sent, its caller hears that itself, at once and once; the
/// others hear of the end.
@Tag("C6")
class FailedSendTest {

    private static final long SEED = 20_261_122;
    private static final int LAST = 1000;
    private static final long BOUND_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final HandlerTag TAG = new HandlerTag(1);
    private static final MemorySegment ARGS = MemorySegment.ofArray(new byte[8]);

    @ParameterizedTest
    @EnumSource(names = {"NO_CLAIM", "FAILED_FLUSH"})
    void whichever_call_breaks_its_caller_hears_it_at_once_and_nothing_is_lost(EchoChannel.Fault fault)
            throws Exception {
        for (int k = 1; k <= LAST; k++) {
            long tookNs = failingCall(fault, k);
            for (int again = 0; again < 4 && tookNs > BOUND_NS; again++) { // the machine may do something else
                tookNs = Math.min(tookNs, failingCall(fault, k));
            }
            assertThat(tookNs).as("call %d", k).isLessThanOrEqualTo(BOUND_NS);
        }
    }

    /// @return how long the call took that broke
    private static long failingCall(EchoChannel.Fault fault, int k) throws Exception {
        Connection connection = attach(new EchoChannel(fault, k), 1024);
        CallLedger ledger = new CallLedger(k);
        for (int before = 1; before < k; before++) {
            assertThat(call(connection, ledger)).isEqualTo(SendStatus.SENT);
        }
        long startNs = System.nanoTime();
        if (k % 2 == 0) {
            assertThat(call(connection, ledger)).isEqualTo(SendStatus.DISCONNECTED);
        } else {
            callAndWait(connection, ledger);
        }
        long tookNs = System.nanoTime() - startNs;
        assertThat(ledger.refused()).isOne();
        assertThat(ledger.issued()).isEqualTo(k);
        connection.disconnect();
        ledger.assertConserved("call %d".formatted(k));
        assertThat(ledger.ended(CallStatus.RESULT) + ledger.ended(CallStatus.DISCONNECTED))
                .isEqualTo(k - 1);
        return tookNs;
    }

    private static final BlockingCall.Waiting NOTHING_TO_DO = new BlockingCall.Waiting() {
        @Override
        public boolean cancelCall(long callId, CallStatus why) {
            return false;
        }

        @Override
        public boolean runMeanwhile() {
            return false;
        }
    };

    /// The blocking form, whose caller hears it as an exception.
    private static void callAndWait(Connection connection, CallLedger ledger) {
        int number = ledger.issue();
        BlockingCall call = BlockingCall.begin(MemorySegment.NULL, 0, 0, TimeUnit.SECONDS.toNanos(20));
        try {
            assertThatExceptionOfType(CallException.class)
                    .isThrownBy(() -> call.isToRepeat(
                            connection.callController(TAG, ARGS, 0, 8, call, number, Session.NO_TIMEOUT),
                            NOTHING_TO_DO))
                    .satisfies(failure -> assertThat(failure.typeId()).isEqualTo(CallException.DETACHED));
            ledger.refuse(number);
        } finally {
            call.end(NOTHING_TO_DO);
        }
    }

    @Test
    void callers_on_many_threads_lose_nothing_when_one_of_them_breaks_the_connection() throws Exception {
        Random random = new Random(SEED);
        for (int round = 0; round < 100; round++) {
            int k = 1 + random.nextInt(LAST);
            EchoChannel.Fault fault = round % 2 == 0 ? EchoChannel.Fault.NO_CLAIM : EchoChannel.Fault.FAILED_FLUSH;
            Connection connection = attach(new EchoChannel(fault, k), 4096);
            CallLedger ledger = new CallLedger(4 * LAST);
            Bounded.together(4, thread -> () -> {
                int sent = 0;
                while (sent < LAST && call(connection, ledger) == SendStatus.SENT) {
                    sent++;
                }
                return sent;
            });
            connection.disconnect();
            ledger.assertConserved("seed %d, round %d, call %d".formatted(SEED, round, k));
            assertThat(ledger.refused()).as("once by each thread").isEqualTo(4);
            assertThat(ledger.ended(CallStatus.RESULT) + ledger.ended(CallStatus.DISCONNECTED))
                    .as("calls that went out before call %d broke; it may have heard of the end instead", k)
                    .isBetween(k - 1, k);
        }
    }

    @Test
    void arguments_that_cannot_be_read_are_their_callers_error_and_take_no_place() throws Exception {
        Connection connection = attach(new EchoChannel(EchoChannel.Fault.NONE, 0), 4);
        MemorySegment gone;
        try (Arena arena = Arena.ofConfined()) {
            gone = arena.allocate(8);
        }
        CallLedger ledger = new CallLedger(200);
        for (int k = 0; k < 100; k++) {
            int number = ledger.issue();
            assertThatThrownBy(() -> connection.callController(TAG, gone, 0, 8, ledger, number, Session.NO_TIMEOUT))
                    .isInstanceOf(IllegalStateException.class);
            ledger.refuse(number);
        }
        assertThat(call(connection, ledger)).isEqualTo(SendStatus.SENT);
        connection.disconnect();
        ledger.assertConserved("unreadable arguments");
    }

    @Test
    @Tag("X5")
    void a_reader_that_the_system_does_not_make_leaves_nothing_and_nobody_waits_for_it() {
        QueueChannel channel = new QueueChannel(4096);
        RecordingPort port = new RecordingPort();
        OutOfMemoryError planted = new OutOfMemoryError("planted: unable to create native thread");
        Connection connection = new Connection(
                channel, Llvm22.DIALECT, new PendingCalls(4, failure -> {}), failure -> {}, work -> new Thread(work) {
                    @Override
                    public void start() {
                        throw planted;
                    }
                });
        assertThatThrownBy(() -> connection.attach(port, ConnectionTest.INFO)).isSameAs(planted);
        long startNs = System.nanoTime();
        connection.disconnect();
        assertThat(System.nanoTime() - startNs).isLessThan(TimeUnit.SECONDS.toNanos(10));
        assertThat(channel.isClosed()).isTrue();
        assertThat(port.ends()).isZero();
        assertThat(call(connection, new CallLedger(1))).isEqualTo(SendStatus.DISCONNECTED);
    }

    private static Connection attach(EchoChannel channel, int maxInFlight) {
        Connection connection = new Connection(channel, Llvm22.DIALECT, maxInFlight, failure -> {});
        connection.attach(new RecordingPort(), ConnectionTest.INFO);
        return connection;
    }

    private static SendStatus call(Connection connection, CallLedger ledger) {
        int number = ledger.issue();
        SendStatus status = connection.callController(TAG, ARGS, 0, 8, ledger, number, Session.NO_TIMEOUT);
        if (status != SendStatus.SENT) {
            ledger.refuse(number);
        }
        return status;
    }

    @Test
    @Tag("C7")
    void a_waiting_call_whose_thread_left_it_is_withdrawn_and_its_object_is_never_used_again() {
        BlockingCall left = BlockingCall.begin(MemorySegment.NULL, 0, 0, 1_000_000_000);
        left.onPending(7);
        List<Long> withdrawn = new ArrayList<>();
        left.end(new BlockingCall.Waiting() {
            @Override
            public boolean cancelCall(long callId, CallStatus why) {
                return withdrawn.add(callId);
            }

            @Override
            public boolean runMeanwhile() {
                return false;
            }
        });
        assertThat(withdrawn).containsExactly(7L);
        BlockingCall next = BlockingCall.begin(MemorySegment.NULL, 0, 0, 1_000_000_000);
        assertThat(next).isNotSameAs(left);
        next.end(NOTHING_TO_DO);
        BlockingCall again = BlockingCall.begin(MemorySegment.NULL, 0, 0, 1_000_000_000);
        assertThat(again).as("one that was not left is").isSameAs(next);
        again.end(NOTHING_TO_DO);
    }
}
