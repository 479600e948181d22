// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.CallException;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorProcessControl;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.ProcessInfo;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.SessionException;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.type.TypeId;
import org.orcrt.spi.ControllerAccess;
import org.orcrt.tck.Outcomes.Outcome;

/// What every controller's end of a connection promises: `docs/spec/process-control.md`.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ExecutorProcessControlContract {

    private static final HandlerTag TAG = new HandlerTag(0x7a9);
    private static final ExecutorAddress FUNCTION = new ExecutorAddress(0x1000);
    private static final BootstrapInfo INFO = new BootstrapInfo(
            new ProcessInfo("x86_64-pc-linux-gnu", 4096),
            Map.of("name", new ExecutorAddress(77)),
            Map.of("value", new byte[] {1, 2}));
    private static final WrapperFunction ECHO = (args, offset, length, reply) -> reply.result(args, offset, length);

    private final List<ExecutorProcessControl> controls = new ArrayList<>();
    private final ScriptedPort port = new ScriptedPort();
    private final Outcomes outcomes = new Outcomes();

    /// Both ends of one connection.
    ///
    /// @param control the controller's end, which is tested
    /// @param access the executor's end, which the contract attaches and drives
    public record Ends(ExecutorProcessControl control, ControllerAccess access) {}

    /// For subclasses.
    protected ExecutorProcessControlContract() {}

    /// Connects two ends.
    ///
    /// @return both; the contract attaches the executor's, and ends the connection
    /// @throws Exception if that fails
    protected abstract Ends connect() throws Exception;

    @AfterEach
    final void end_all() {
        controls.forEach(ExecutorProcessControl::close);
    }

    private Ends attached() throws Exception {
        Ends ends = connect();
        controls.add(ends.control());
        ends.access().attach(port, INFO);
        return ends;
    }

    /// The executor's functions answer with their arguments.
    private Ends echoing() throws Exception {
        Ends ends = attached();
        port.onCall(call -> {
            MemorySegment args = MemorySegment.ofArray(call.args());
            ends.access().sendWrapperResult(args, 0, call.args().length, call.callId());
            return null;
        });
        return ends;
    }

    private SendStatus send(Ends ends, String text, long context, long timeoutNs) {
        byte[] bytes = text.getBytes(UTF_8);
        MemorySegment args = MemorySegment.ofArray(bytes);
        SendStatus status = ends.control().callWrapper(FUNCTION, args, 0, bytes.length, outcomes, context, timeoutNs);
        args.fill((byte) '!'); // it was copied
        return status;
    }

    private static void fails(TypeId kind, CompletableFuture<byte[]> call) {
        ExecutionException failure = assertThrows(
                ExecutionException.class, () -> call.get(Patience.bound().toMillis(), TimeUnit.MILLISECONDS));
        assertEquals(
                kind, assertInstanceOf(CallException.class, failure.getCause()).typeId());
    }

    @Test
    @Tag("PC-1")
    void what_the_executor_told_first_is_known() throws Exception {
        BootstrapInfo info = attached().control().bootstrapInfo();
        assertEquals(INFO.processInfo(), info.processInfo());
        assertEquals(INFO.symbols(), info.symbols());
        assertArrayEquals(new byte[] {1, 2}, info.values().get("value"));
    }

    @Test
    @Tag("PC-2")
    void a_call_in_each_form_reaches_the_function_and_brings_its_answer() throws Exception {
        Ends ends = echoing();
        assertEquals(SendStatus.SENT, send(ends, "first", 5, Session.NO_TIMEOUT));
        assertEquals(new Outcome(CallStatus.RESULT, "first", 5), outcomes.next());
        CompletableFuture<byte[]> stage = ends.control()
                .callWrapperAsync(FUNCTION, "second".getBytes(UTF_8), Patience.bound())
                .toCompletableFuture();
        assertArrayEquals("second".getBytes(UTF_8), stage.get(Patience.bound().toMillis(), TimeUnit.MILLISECONDS));
        for (int k = 0; k < 2; k++) {
            assertEquals(FUNCTION.value(), Patience.take(port.calls, "a call").target());
        }
        assertEquals(List.of(), List.copyOf(outcomes.all), "nobody is told twice");
    }

    @Test
    @Tag("PC-3")
    void a_caller_that_waits_gets_as_much_of_the_answer_as_it_has_room_for_and_its_length() throws Exception {
        Ends ends = echoing();
        MemorySegment args = MemorySegment.ofArray(new byte[] {1, 2, 3, 4, 5});
        byte[] into = new byte[6];
        MemorySegment result = MemorySegment.ofArray(into);
        assertEquals(5, ends.control().callWrapperAndWait(FUNCTION, args, 0, 5, result, 2, 3, Session.NO_TIMEOUT));
        assertArrayEquals(new byte[] {0, 0, 1, 2, 3, 0}, into);
        assertEquals(2, ends.control().callWrapperAndWait(FUNCTION, args, 3, 2, result, 0, 6, Session.NO_TIMEOUT));
        assertArrayEquals(new byte[] {4, 5, 1, 2, 3, 0}, into);
    }

    @Test
    @Tag("PC-4")
    void an_error_text_is_a_failed_call_in_each_form() throws Exception {
        Ends ends = attached();
        port.onCall(call -> {
            ends.access().sendOutOfBandError("not today", call.callId());
            return null;
        });
        MemorySegment none = MemorySegment.ofArray(new byte[0]);
        CallException waiting = assertThrows(
                CallException.class,
                () -> ends.control().callWrapperAndWait(FUNCTION, none, 0, 0, none, 0, 0, Session.NO_TIMEOUT));
        assertEquals(CallException.HANDLER_FAILED, waiting.typeId());
        fails(
                CallException.HANDLER_FAILED,
                ends.control()
                        .callWrapperAsync(FUNCTION, new byte[0], Patience.bound())
                        .toCompletableFuture());
        assertEquals(SendStatus.SENT, send(ends, "", 1, Session.NO_TIMEOUT));
        assertEquals(CallStatus.OUT_OF_BAND_ERROR, outcomes.next().status());
    }

    @Test
    @Tag("PC-5")
    void a_call_without_an_answer_ends_in_its_time_and_the_late_answer_is_counted() throws Exception {
        Ends ends = attached();
        assertEquals(SendStatus.SENT, send(ends, "", 2, Duration.ofMillis(20).toNanos()));
        assertEquals(new Outcome(CallStatus.DEADLINE_EXCEEDED, "", 2), outcomes.next());
        fails(
                CallException.DEADLINE_EXCEEDED,
                ends.control()
                        .callWrapperAsync(FUNCTION, new byte[0], Duration.ofMillis(20))
                        .toCompletableFuture());
        for (int k = 1; k <= 2; k++) {
            long id = Patience.take(port.calls, "a call").callId();
            ends.access().sendWrapperResult(MemorySegment.ofArray(new byte[1]), 0, 1, id);
            int late = k;
            Patience.until("it is counted", () -> ends.control().lateReplies() == late);
        }
        assertEquals(List.of(), List.copyOf(outcomes.all), "nobody is told twice");
    }

    @Test
    @Tag("PC-6")
    void a_call_is_withdrawn_once_by_its_number_and_by_its_future() throws Exception {
        Ends ends = attached();
        assertEquals(SendStatus.SENT, send(ends, "", 3, Session.NO_TIMEOUT));
        long id = Patience.take(outcomes.pending, "its number");
        assertTrue(ends.control().cancelCall(id), "it was pending");
        assertEquals(new Outcome(CallStatus.CANCELLED, "", 3), outcomes.all.poll());
        assertFalse(ends.control().cancelCall(id), "it is pending no more");
        CompletableFuture<byte[]> stage = ends.control()
                .callWrapperAsync(FUNCTION, new byte[0], Patience.bound())
                .toCompletableFuture();
        assertTrue(stage.cancel(true));
        Patience.take(port.calls, "the first call");
        ends.access()
                .sendWrapperResult(
                        MemorySegment.ofArray(new byte[1]),
                        0,
                        1,
                        Patience.take(port.calls, "the second call").callId());
        Patience.until("the late answer is counted", () -> ends.control().lateReplies() == 1);
    }

    @Test
    @Tag("PC-7")
    void a_tag_that_nobody_registered_is_refused_with_an_error_and_counted() throws Exception {
        Ends ends = attached();
        callController(ends);
        assertEquals(CallStatus.OUT_OF_BAND_ERROR, outcomes.next().status());
        assertEquals(1, ends.control().refusedCalls());
        ends.control().registerHandler(TAG, ECHO);
        callController(ends);
        assertEquals(new Outcome(CallStatus.RESULT, "x", 4), outcomes.next());
        assertEquals(1, ends.control().refusedCalls());
    }

    private void callController(Ends ends) {
        MemorySegment args = MemorySegment.ofArray(new byte[] {'x'});
        assertEquals(SendStatus.SENT, ends.access().callController(TAG, args, 0, 1, outcomes, 4, Session.NO_TIMEOUT));
    }

    @Test
    @Tag("PC-8")
    void a_tag_has_one_handler_and_is_free_again_once_that_was_taken_back() throws Exception {
        Ends ends = attached();
        ends.control().registerHandler(TAG, ECHO);
        assertThrows(IllegalArgumentException.class, () -> ends.control().registerHandler(TAG, ECHO));
        ends.control().unregisterHandler(TAG);
        ends.control().unregisterHandler(TAG);
        callController(ends);
        assertEquals(CallStatus.OUT_OF_BAND_ERROR, outcomes.next().status());
        ends.control().registerHandler(TAG, ECHO);
    }

    @Test
    @Tag("PC-9")
    void the_end_fails_pending_calls_and_further_ones_are_refused() throws Exception {
        Ends ends = attached();
        assertEquals(SendStatus.SENT, send(ends, "", 6, Session.NO_TIMEOUT));
        CompletableFuture<byte[]> stage = ends.control()
                .callWrapperAsync(FUNCTION, new byte[0], Patience.bound())
                .toCompletableFuture();
        ends.control().disconnect();
        assertEquals(new Outcome(CallStatus.DISCONNECTED, "", 6), outcomes.all.poll());
        fails(CallException.DETACHED, stage);
        assertEquals(SendStatus.DISCONNECTED, send(ends, "", 7, Session.NO_TIMEOUT));
        ends.control().disconnect();
        assertEquals(List.of(), List.copyOf(outcomes.all), "nobody is told twice");
    }

    @Test
    @Tag("PC-10")
    void whoever_waits_for_the_end_is_told_when_it_came_or_that_it_did_not() throws Exception {
        Ends ends = attached();
        assertThrows(SessionException.class, () -> ends.control().awaitDisconnected(Duration.ofMillis(20)));
        assertTrue(ends.access().disconnect(Patience.bound()));
        assertEquals(Optional.empty(), ends.control().awaitDisconnected(Patience.bound()));
        Patience.await(port.ended, "the port is told");
        assertEquals(1, port.ends.get());
    }
}
