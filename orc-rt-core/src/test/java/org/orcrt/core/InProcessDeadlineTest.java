// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.orcrt.api.CallException;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddress;

/// A deadline where the caller runs the function itself, and so cannot leave it.
class InProcessDeadlineTest {

    private static final Duration SOON = Duration.ofMillis(20);

    private final InProcessHarness harness = new InProcessHarness();

    @AfterEach
    void end() {
        harness.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Execution.class,
            names = {"LEAF", "DISPATCHED"})
    @Tag("C7")
    void a_function_that_its_waiting_caller_runs_itself_too_long_ends_with_the_deadline(Execution execution) {
        ExecutorAddress slow = harness.function(execution, (args, offset, length, reply) -> {
            long untilNs = System.nanoTime() + 2 * SOON.toNanos();
            while (System.nanoTime() < untilNs) {
                LockSupport.parkNanos(SOON.toNanos());
            }
            reply.result(args, offset, length);
        });
        harness.attach();
        byte[] result = new byte[4];
        assertThatExceptionOfType(CallException.class)
                .isThrownBy(() -> harness.pair
                        .control()
                        .callWrapperAndWait(
                                slow,
                                MemorySegment.ofArray(new byte[1]),
                                0,
                                1,
                                MemorySegment.ofArray(result),
                                0,
                                4,
                                SOON.toNanos()))
                .satisfies(error -> assertThat(error.typeId()).isEqualTo(CallException.DEADLINE_EXCEEDED));
    }
}
