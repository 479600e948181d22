// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.orcrt.api.CallException;
import org.orcrt.api.CallStatus;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;

/// How calls within one process end: with nothing, with an error, with the connection.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InProcessEndTest {

    private static final HandlerTag TAG = new HandlerTag(-2);
    private static final WrapperFunction FAILS =
            (args, offset, length, reply) -> reply.outOfBandError("simulated failure");

    private final List<CallStatus> told = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final ResultHandler handler = (status, bytes, offset, length, context) -> {
        told.add(status);
        texts.add(new String(bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8));
    };

    @Test
    void a_pair_that_was_never_attached_ends_and_tells_nobody() {
        List<Throwable> reports = new ArrayList<>();
        InProcessPair pair = InProcessPair.create(8, reports::add);
        SendStatus status = pair.control()
                .callWrapper(new ExecutorAddress(8), MemorySegment.NULL, 0, 0, handler, 0, Session.NO_TIMEOUT);
        assertThat(status).isEqualTo(SendStatus.DISCONNECTED);
        pair.control().disconnect();
        pair.access().disconnect();
        assertThat(pair.access().callController(TAG, MemorySegment.NULL, 0, 0, handler, 0, Session.NO_TIMEOUT))
                .isEqualTo(SendStatus.DISCONNECTED);
        assertThat(told).isEmpty();
        assertThat(reports).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Execution.class,
            names = {"LEAF", "DISPATCHED"})
    void an_out_of_band_error_keeps_its_text_both_ways(Execution execution) {
        try (InProcessHarness harness = new InProcessHarness()) {
            harness.pair.control().registerHandler(TAG, WrapperFunction.on(execution, FAILS));
            ExecutorAddress function = harness.function(execution, FAILS);
            harness.attach();
            assertThatExceptionOfType(CallException.class)
                    .isThrownBy(() -> harness.callController(TAG, new byte[1]))
                    .withMessage("simulated failure");
            assertThatExceptionOfType(CallException.class)
                    .isThrownBy(() -> harness.callAndWait(function, new byte[1]))
                    .withMessage("simulated failure");
            harness.session.callControllerAndWait(
                    TAG, MemorySegment.NULL, 0, 0, handler, SessionHarness.LONG.toNanos());
            assertThat(told).containsExactly(CallStatus.OUT_OF_BAND_ERROR);
            assertThat(texts).containsExactly("simulated failure");
            assertThat(harness.reports).isEmpty();
        }
    }

    @Test
    void an_answer_without_bytes_is_an_answer() {
        try (InProcessHarness harness = new InProcessHarness()) {
            harness.pair
                    .control()
                    .registerHandler(TAG, (args, offset, length, reply) -> reply.result(MemorySegment.NULL, 0, 0));
            harness.attach();
            assertThat(harness.callController(TAG, new byte[3])).isEmpty();
            assertThat(harness.callController(TAG, new byte[0])).isEmpty();
        }
    }

    @Test
    void a_call_that_nobody_answers_stays_open_until_the_end_and_hears_of_it_once() {
        AtomicReference<WrapperReturn> later = new AtomicReference<>();
        try (InProcessHarness harness = new InProcessHarness()) {
            harness.pair.control().registerHandler(TAG, (args, offset, length, reply) -> later.set(reply));
            harness.attach();
            assertThat(harness.session.callController(TAG, MemorySegment.NULL, 0, 0, handler, 0, Session.NO_TIMEOUT))
                    .isEqualTo(SendStatus.SENT);
            assertThat(later.get()).as("the call arrived").isNotNull();
            assertThat(told).isEmpty();
            harness.pair.control().disconnect();
            assertThat(told).containsExactly(CallStatus.DISCONNECTED);
            later.get().result(MemorySegment.NULL, 0, 0);
            assertThat(told).hasSize(1);
        }
    }
}
