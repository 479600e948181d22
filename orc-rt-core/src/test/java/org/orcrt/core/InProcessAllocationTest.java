// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.orcrt.api.CallStatus;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorProcessControl;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.WrapperFunction;

/// A call within one process takes no memory, in either direction, whichever of the two forms without objects it has.
class InProcessAllocationTest {

    private static final int CALLS = 100_000;

    /// What the JVM itself may take while it measures.
    private static final long CONSTANT_BYTES = 4096;

    private static final HandlerTag TAG = new HandlerTag(7);
    private static final WrapperFunction ECHO =
            WrapperFunction.on(Execution.LEAF, (args, offset, length, reply) -> reply.result(args, offset, length));

    private final InProcessHarness harness = new InProcessHarness();
    private final ExecutorProcessControl control = harness.pair.control();
    private final MemorySegment args = MemorySegment.ofArray(new byte[64]);
    private final MemorySegment result = MemorySegment.ofArray(new byte[64]);
    private final ExecutorAddress leaf = harness.setup.function("leaf", ECHO);
    private long answered;

    private final ResultHandler handler = this::onResult;

    private void onResult(CallStatus status, MemorySegment bytes, long offset, long length, long context) {
        answered += length;
    }

    @BeforeEach
    void attach() {
        control.registerHandler(TAG, ECHO);
        harness.attach();
    }

    @AfterEach
    void end() {
        harness.close();
    }

    @Test
    void a_call_of_a_leaf_with_a_handler_allocates_nothing() {
        assertAllocatesNothing(k -> sent(control.callWrapper(leaf, args, 0, 64, handler, k, Session.NO_TIMEOUT)));
    }

    @Test
    void a_call_of_a_leaf_that_waits_allocates_nothing() {
        assertAllocatesNothing(
                k -> answered += control.callWrapperAndWait(leaf, args, 0, 64, result, 0, 64, Session.NO_TIMEOUT));
    }

    @Test
    void a_call_of_the_controller_with_a_handler_allocates_nothing() {
        assertAllocatesNothing(
                k -> sent(harness.session.callController(TAG, args, 0, 64, handler, k, Session.NO_TIMEOUT)));
    }

    @Test
    void a_call_of_the_controller_that_waits_allocates_nothing() {
        assertAllocatesNothing(k ->
                answered += harness.session.callControllerAndWait(TAG, args, 0, 64, result, 0, 64, Session.NO_TIMEOUT));
    }

    private static void sent(SendStatus status) {
        if (status != SendStatus.SENT) {
            throw new AssertionError(status);
        }
    }

    private void assertAllocatesNothing(IntConsumer call) {
        long least = Long.MAX_VALUE;
        int rounds = 0;
        for (; rounds < 10 && least > CONSTANT_BYTES; rounds++) { // the first ones warm up
            least = Math.min(least, Allocations.bytesOf(() -> {
                for (int k = 0; k < CALLS; k++) {
                    call.accept(k);
                }
            }));
        }
        assertThat(answered).isEqualTo(64L * rounds * CALLS);
        assertThat(least).as("bytes of %d calls", CALLS).isLessThanOrEqualTo(CONSTANT_BYTES);
    }
}
