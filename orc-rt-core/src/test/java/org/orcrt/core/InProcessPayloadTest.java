// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.orcrt.api.CallStatus;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.testing.CallLedger;

/// Bytes of any length pass between two ends in one process as they are, both ways.
class InProcessPayloadTest {

    private static final long SEED = 20_261_122;
    private static final int PAYLOADS = 100_000;
    private static final HandlerTag TAG = new HandlerTag(7);

    private final InProcessHarness harness = new InProcessHarness();

    /// Where a payload lies in a larger segment.
    private static final int MARGIN = 5;

    private byte[] expected = {};
    private final MemorySegment buffer = MemorySegment.ofArray(new byte[MARGIN + Payloads.MAX_BYTES + MARGIN]);
    private int seen;

    @AfterEach
    void end() {
        harness.close();
    }

    private void answer(MemorySegment args, long offset, long length, WrapperReturn reply) {
        requireEqual(args, offset, length, expected);
        seen++;
        byte[] answer = Payloads.answerTo(expected);
        reply.result(MemorySegment.ofArray(answer), 0, answer.length);
    }

    /// As the handler's form of a call hears it.
    private final class Expecting implements ResultHandler {
        private int told;

        @Override
        public void onResult(CallStatus status, MemorySegment bytes, long offset, long length, long context) {
            if (status != CallStatus.RESULT) {
                throw new AssertionError("payload " + context + " ended with " + status);
            }
            requireEqual(bytes, offset, length, Payloads.answerTo(expected));
            told++;
        }
    }

    private static void requireEqual(MemorySegment bytes, long offset, long length, byte[] wanted) {
        byte[] got = bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
        if (!Arrays.equals(got, wanted)) {
            throw new AssertionError("got %d bytes, wanted %d of seed %d".formatted(length, wanted.length, SEED));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Execution.class,
            names = {"LEAF", "DISPATCHED"})
    void a_hundred_thousand_payloads_reach_the_executor_and_their_answers_the_controller(Execution execution) {
        ExecutorAddress function = harness.function(execution, this::answer);
        harness.attach();
        Expecting told = new Expecting();
        Payloads payloads = new Payloads(SEED);
        // a task that nobody waits for runs elsewhere: only a leaf has the form with a handler here
        boolean both = execution == Execution.LEAF;
        for (int k = 0; k < PAYLOADS; k++) {
            expected = payloads.next();
            MemorySegment args = staged();
            if (both && k % 2 == 0) {
                assertThat(harness.pair
                                .control()
                                .callWrapper(function, args, MARGIN, expected.length, told, k, Session.NO_TIMEOUT))
                        .isEqualTo(SendStatus.SENT);
            } else {
                long length = harness.pair
                        .control()
                        .callWrapperAndWait(
                                function,
                                args,
                                MARGIN,
                                expected.length,
                                buffer,
                                MARGIN,
                                Payloads.MAX_BYTES,
                                Session.NO_TIMEOUT);
                requireEqual(buffer, MARGIN, length, Payloads.answerTo(expected));
            }
        }
        assertThat(seen).isEqualTo(PAYLOADS);
        assertThat(told.told).isEqualTo(both ? PAYLOADS / 2 : 0);
        assertThat(harness.reports).isEmpty();
    }

    @Test
    void a_hundred_thousand_payloads_reach_the_controller_and_their_answers_the_executor() {
        harness.pair.control().registerHandler(TAG, WrapperFunction.on(Execution.LEAF, this::answer));
        harness.attach();
        Expecting told = new Expecting();
        Payloads payloads = new Payloads(SEED);
        for (int k = 0; k < PAYLOADS; k++) {
            expected = payloads.next();
            MemorySegment args = staged();
            if (k % 2 == 0) {
                assertThat(harness.session.callController(
                                TAG, args, MARGIN, expected.length, told, k, Session.NO_TIMEOUT))
                        .isEqualTo(SendStatus.SENT);
            } else {
                long length = harness.session.callControllerAndWait(
                        TAG, args, MARGIN, expected.length, buffer, MARGIN, Payloads.MAX_BYTES, Session.NO_TIMEOUT);
                requireEqual(buffer, MARGIN, length, Payloads.answerTo(expected));
            }
        }
        assertThat(seen).isEqualTo(PAYLOADS);
        assertThat(told.told).isEqualTo(PAYLOADS / 2);
        assertThat(harness.reports).isEmpty();
    }

    @Test
    @Tag("C6")
    void arguments_that_cannot_be_read_are_their_callers_error_and_take_no_place() {
        ExecutorAddress function = harness.function(Execution.DISPATCHED, (args, offset, length, reply) -> {});
        harness.attach();
        MemorySegment gone;
        try (Arena arena = Arena.ofConfined()) {
            gone = arena.allocate(8);
        }
        CallLedger ledger = new CallLedger(1000);
        for (int k = 0; k < 10 * InProcessHarness.MAX_IN_FLIGHT; k++) {
            int number = ledger.issue();
            assertThatIllegalStateException()
                    .isThrownBy(() -> harness.pair
                            .control()
                            .callWrapper(function, gone, 0, 8, ledger, number, Session.NO_TIMEOUT));
            ledger.refuse(number);
            assertThatIllegalStateException()
                    .isThrownBy(() -> harness.pair
                            .control()
                            .callWrapperAndWait(function, gone, 0, 8, buffer, 0, 8, Session.NO_TIMEOUT));
        }
        harness.session.detach();
        ledger.assertConserved("unreadable arguments");
    }

    private MemorySegment staged() {
        byte[] staged = new byte[MARGIN + expected.length + MARGIN];
        System.arraycopy(expected, 0, staged, MARGIN, expected.length);
        return MemorySegment.ofArray(staged);
    }
}
