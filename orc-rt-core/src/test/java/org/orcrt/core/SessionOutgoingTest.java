// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.api.CallStatus;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.testing.Bounded;

/// Calls to the controller: a status or a handler, never both.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionOutgoingTest {

    static final HandlerTag TAG = new HandlerTag(0x7777);

    private record Told(CallStatus status, long length, long context) {}

    private final Queue<Told> told = new ConcurrentLinkedQueue<>();
    private final ResultHandler handler =
            (status, bytes, offset, length, context) -> told.add(new Told(status, length, context));
    private final SessionHarness harness = new SessionHarness();

    @AfterEach
    void end() {
        harness.close();
    }

    private SendStatus call(long context) {
        return harness.session.callController(
                TAG, MemorySegment.ofArray(new byte[] {1, 2, 3}), 1, 2, handler, context, Session.NO_TIMEOUT);
    }

    @Test
    @Tag("X6")
    void before_attach_there_is_no_controller_and_the_handler_is_not_told() {
        assertThat(call(1)).isEqualTo(SendStatus.DISCONNECTED);
        harness.complete();
        assertThat(call(2)).isEqualTo(SendStatus.DISCONNECTED);
        assertThat(told).isEmpty();
    }

    @Test
    @Tag("X6")
    void after_detach_there_is_no_controller_and_the_handler_is_not_told() {
        harness.attach();
        harness.session.detach();
        assertThat(call(1)).isEqualTo(SendStatus.DISCONNECTED);
        assertThat(told).isEmpty();
        assertThat(harness.controller.outgoing).isEmpty();
    }

    @Test
    @Tag("X6")
    void after_the_controller_hung_up_there_is_no_controller() throws Exception {
        harness.attach();
        harness.controller.hangUp(null);
        harness.session.awaitDetached(SessionHarness.LONG);
        assertThat(call(1)).isEqualTo(SendStatus.DISCONNECTED);
        assertThat(told).isEmpty();
    }

    @Test
    void a_call_reaches_the_controller_and_its_answer_the_handler() throws Exception {
        harness.attach();
        assertThat(call(-5)).isEqualTo(SendStatus.SENT);
        InMemoryController.Outgoing call = Bounded.take(harness.controller.outgoing);
        assertThat(call.tag()).isEqualTo(TAG);
        assertThat(call.args()).containsExactly(2, 3);
        assertThat(told).isEmpty();
        harness.controller.answer(call, new byte[7]);
        harness.controller.awaitRead();
        assertThat(told).containsExactly(new Told(CallStatus.RESULT, 7, -5));
    }

    @Test
    @Tag("SE-9")
    void a_handler_that_waits_for_another_call_is_told_that_it_would_wait_for_itself() throws Exception {
        harness.attach();
        List<Throwable> refused = new CopyOnWriteArrayList<>();
        MemorySegment bytes = MemorySegment.ofArray(new byte[8]);
        harness.session.callController(
                TAG,
                bytes,
                0,
                1,
                (status, result, offset, length, context) -> {
                    refused.add(catchThrowable(() ->
                            harness.session.callControllerAndWait(TAG, bytes, 0, 1, bytes, 0, 8, Session.NO_TIMEOUT)));
                    refused.add(catchThrowable(() -> harness.session.callControllerAndWait(
                            TAG, bytes, 0, 1, (s, b, o, l, c) -> {}, Session.NO_TIMEOUT)));
                },
                0,
                Session.NO_TIMEOUT);
        harness.controller.answer(Bounded.take(harness.controller.outgoing), new byte[1]);
        harness.controller.awaitRead();
        assertThat(refused).hasSize(2).allSatisfy(one -> assertThat(one).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void back_pressure_is_the_callers_to_handle() {
        harness.attach();
        harness.controller.nextStatus = SendStatus.BACK_PRESSURED;
        assertThat(call(1)).isEqualTo(SendStatus.BACK_PRESSURED);
        assertThat(told).isEmpty();
    }

    @Test
    @Tag("X1")
    void pending_calls_fail_once_each_before_managers_hear_of_the_end() {
        harness.manager("m", () -> harness.events.add("told " + told.size()), () -> {});
        harness.attach();
        int count = 10_000;
        for (int k = 0; k < count; k++) {
            assertThat(call(k)).isEqualTo(SendStatus.SENT);
        }
        harness.session.detach();
        assertThat(harness.events).containsExactly("detach m", "told " + count);
        assertThat(told)
                .hasSize(count)
                .doesNotHaveDuplicates()
                .allSatisfy(one -> assertThat(one.status).isEqualTo(CallStatus.DISCONNECTED));
    }

    @Test
    void after_a_failed_attach_there_is_no_controller() {
        harness.complete();
        harness.controller.attachFailure = new IllegalStateException("no route");
        try {
            harness.session.attach(harness.controller);
        } catch (IllegalStateException expected) {
            assertThat(expected).hasMessage("no route");
        }
        assertThat(call(1)).isEqualTo(SendStatus.DISCONNECTED);
        harness.assertCleanShutdown();
        assertThat(told).isEmpty();
    }
}
