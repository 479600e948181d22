// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.CallStatus;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.ProcessInfo;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.spi.ControllerAccess;
import org.orcrt.tck.Outcomes.Outcome;
import org.orcrt.tck.Patience.Running;

/// What every way to a controller promises: `docs/spec/controller-access.md`.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ControllerAccessContract {

    private static final HandlerTag TAG = new HandlerTag(0x7a9);
    private static final BootstrapInfo INFO =
            new BootstrapInfo(new ProcessInfo("x86_64-pc-linux-gnu", 4096), Map.of(), Map.of());
    private static final WrapperFunction ECHO = (args, offset, length, reply) -> reply.result(args, offset, length);

    private final List<Peer> peers = new ArrayList<>();
    private final ScriptedPort port = new ScriptedPort();
    private final Outcomes outcomes = new Outcomes();

    /// Answers that a handler of the controller still owes.
    private final BlockingQueue<WrapperReturn> owed = new LinkedBlockingQueue<>();

    /// A controller, as the contract drives it, and the way to it.
    public interface Peer {

        /// The way to the controller.
        ///
        /// @return always the same; not attached at first
        ControllerAccess access();

        /// Has the controller answer calls with a tag.
        ///
        /// @param tag which calls
        /// @param handler answers them, now or later
        void serve(HandlerTag tag, WrapperFunction handler);

        /// Has the controller call a function.
        ///
        /// @param target its address
        /// @param args the argument bytes
        /// @return completed with the result; or, after an out-of-band error or the connection's end, with any
        ///     exception
        CompletionStage<byte[]> call(long target, byte[] args);

        /// Has the controller end the connection in order. Returns when it has said so.
        void hangUp();
    }

    /// For subclasses.
    protected ControllerAccessContract() {}

    /// Makes a controller and an access to it that takes at least 16 calls at once.
    ///
    /// @return both; the contract ends the connection
    /// @throws Exception if that fails
    protected abstract Peer connect() throws Exception;

    @AfterEach
    final void end_all() {
        peers.forEach(peer -> assertTrue(peer.access().disconnect(Patience.bound()), "over"));
        assertEquals(0, port.late.get(), "calls after the end");
    }

    private Peer connected() throws Exception {
        Peer peer = connect();
        peers.add(peer);
        return peer;
    }

    private Peer attached() throws Exception {
        Peer peer = connected();
        peer.access().attach(port, INFO);
        return peer;
    }

    private SendStatus send(Peer peer, String text, ResultHandler handler, long context) {
        return send(peer, text, handler, context, Session.NO_TIMEOUT);
    }

    private static SendStatus send(Peer peer, String text, ResultHandler handler, long context, long timeoutNs) {
        byte[] bytes = ("(" + text + ")").getBytes(UTF_8);
        MemorySegment args = MemorySegment.ofArray(bytes);
        SendStatus status = peer.access().callController(TAG, args, 1, bytes.length - 2L, handler, context, timeoutNs);
        args.fill((byte) '!'); // it was copied
        return status;
    }

    /// A call that stays without an answer.
    private void sendUnanswered(Peer peer, long context, long timeoutNs) throws InterruptedException {
        peer.serve(TAG, (args, offset, length, reply) -> owed.add(reply));
        assertEquals(SendStatus.SENT, send(peer, "wait", outcomes, context, timeoutNs));
        Patience.take(owed, "the call arrives");
    }

    private void nothingMore() {
        assertEquals(List.of(), List.copyOf(outcomes.all), "outcomes that nobody waits for");
    }

    @Test
    @Tag("CA-1")
    void a_connection_is_attached_once_and_not_after_its_end() throws Exception {
        Peer peer = attached();
        assertThrows(IllegalStateException.class, () -> peer.access().attach(port, INFO));
        Peer early = connected();
        assertTrue(early.access().disconnect(Patience.bound()));
        assertThrows(IllegalStateException.class, () -> early.access().attach(port, INFO));
        assertEquals(0, port.ends.get());
    }

    @Test
    @Tag("CA-2")
    @Tag("CA-3")
    void a_call_reaches_its_handler_and_the_answer_comes_back_with_the_context() throws Exception {
        Peer peer = attached();
        peer.serve(TAG, ECHO);
        for (long context : new long[] {0, 1, -1, Long.MIN_VALUE}) {
            assertEquals(SendStatus.SENT, send(peer, "call " + context, outcomes, context));
            assertEquals(new Outcome(CallStatus.RESULT, "call " + context, context), outcomes.next());
        }
        assertEquals(4, outcomes.pending.size(), "each was pending first");
        nothingMore();
    }

    @Test
    @Tag("CA-4")
    void an_error_text_of_the_handler_arrives_as_such() throws Exception {
        Peer peer = attached();
        peer.serve(TAG, (args, offset, length, reply) -> reply.outOfBandError("no such thing"));
        assertEquals(SendStatus.SENT, send(peer, "", outcomes, 3));
        Outcome outcome = outcomes.next();
        assertEquals(CallStatus.OUT_OF_BAND_ERROR, outcome.status());
        assertTrue(outcome.text().contains("no such thing"), outcome.text());
        nothingMore();
    }

    @Test
    @Tag("CA-5")
    void of_many_threads_calls_each_sent_one_is_told_once_and_no_other() throws Exception {
        Peer peer = attached();
        peer.serve(TAG, ECHO);
        int threads = 4;
        int calls = 500;
        AtomicIntegerArray told = new AtomicIntegerArray(threads * calls);
        ResultHandler counts = (status, bytes, offset, length, context) -> told.incrementAndGet((int) context);
        AtomicIntegerArray sent = new AtomicIntegerArray(threads * calls);
        List<Running<Boolean>> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int first = t * calls;
            all.add(Patience.start(() -> {
                for (int k = first; k < first + calls; k++) {
                    sent.set(k, send(peer, "x", counts, k) == SendStatus.SENT ? 1 : 0);
                }
                return true;
            }));
        }
        for (Running<Boolean> one : all) {
            one.get();
        }
        assertTrue(peer.access().disconnect(Patience.bound()));
        assertEquals(sent.toString(), told.toString(), "sent, told");
        assertTrue(sent.toString().contains("1"), "some were sent");
    }

    @Test
    @Tag("CA-6")
    void before_the_attach_and_after_the_end_calls_are_refused_and_nobody_is_told() throws Exception {
        Peer peer = connected();
        assertEquals(SendStatus.DISCONNECTED, send(peer, "early", outcomes, 1));
        peer.access().attach(port, INFO);
        peer.access().disconnect();
        assertEquals(SendStatus.DISCONNECTED, send(peer, "late", outcomes, 2));
        nothingMore();
    }

    @Test
    @Tag("CA-7")
    @Tag("CA-8")
    void all_threads_that_disconnect_return_after_the_port_was_told_once() throws Exception {
        Peer peer = attached();
        CountDownLatch telling = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        port.onEnd(() -> {
            telling.countDown();
            Patience.await(go, "the test goes on");
        });
        AtomicInteger returned = new AtomicInteger();
        List<Running<Boolean>> all = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
            all.add(Patience.start(() -> {
                boolean over = peer.access().disconnect(Patience.bound());
                returned.incrementAndGet();
                return over && port.ends.get() == 1;
            }));
        }
        Patience.await(telling, "the port is told");
        all.forEach(one -> Patience.untilWaiting(one.thread()));
        assertEquals(0, returned.get(), "returned while the port is being told");
        go.countDown();
        for (Running<Boolean> one : all) {
            assertTrue(one.get(), "over, and the port told once");
        }
        assertEquals(1, port.ends.get());
    }

    @Test
    @Tag("CA-9")
    void the_end_fails_every_pending_call_once_before_disconnect_returns() throws Exception {
        Peer peer = attached();
        for (int k = 0; k < 8; k++) {
            sendUnanswered(peer, k, Session.NO_TIMEOUT);
        }
        peer.access().disconnect();
        for (int k = 0; k < 8; k++) {
            Outcome outcome = outcomes.all.poll();
            assertTrue(outcome != null && outcome.status() == CallStatus.DISCONNECTED, "outcome " + outcome);
        }
        nothingMore();
    }

    @Test
    @Tag("CA-8")
    @Tag("CA-9")
    void a_controller_that_hangs_up_ends_the_connection_once_and_fails_what_is_pending() throws Exception {
        Peer peer = attached();
        sendUnanswered(peer, 4, Session.NO_TIMEOUT);
        peer.hangUp();
        Patience.await(port.ended, "the port is told");
        assertEquals(CallStatus.DISCONNECTED, outcomes.next().status());
        peer.access().disconnect();
        assertEquals(1, port.ends.get());
        assertEquals(SendStatus.DISCONNECTED, send(peer, "late", outcomes, 5));
        nothingMore();
    }

    @Test
    @Tag("CA-10")
    void a_handler_that_disconnects_is_told_that_it_would_wait_for_itself() throws Exception {
        Peer peer = attached();
        peer.serve(TAG, ECHO);
        BlockingQueue<Class<?>> thrown = new LinkedBlockingQueue<>();
        ResultHandler handler = (status, bytes, offset, length, context) -> {
            try {
                peer.access().disconnect(Duration.ofMinutes(2));
            } catch (IllegalStateException refused) {
                thrown.add(IllegalStateException.class);
            }
        };
        assertEquals(SendStatus.SENT, send(peer, "", handler, 0));
        assertEquals(IllegalStateException.class, Patience.take(thrown, "a refusal"));
        assertEquals(0, port.ends.get(), "nothing has begun");
    }

    @Test
    @Tag("CA-20")
    void a_thread_that_has_nothing_to_do_with_the_connection_may_wait() throws Exception {
        Peer peer = connected();
        assertFalse(peer.access().deliversOn(Thread.currentThread()), "before the attach");
        peer.access().attach(port, INFO);
        assertFalse(peer.access().deliversOn(Thread.currentThread()), "after the attach");
    }

    @Test
    @Tag("CA-11")
    void a_call_of_the_controller_reaches_the_port_and_its_answer_the_controller() throws Exception {
        Peer peer = attached();
        port.onCall(call -> {
            MemorySegment bytes = MemorySegment.ofArray(call.args());
            peer.access().sendWrapperResult(bytes, 1, call.args().length - 1L, call.callId());
            return null;
        });
        for (long target : new long[] {0x1000, -1, 1}) {
            byte[] args = ("[to " + target).getBytes(UTF_8);
            byte[] result = answer(peer.call(target, args));
            assertArrayEquals(("to " + target).getBytes(UTF_8), result);
            ScriptedPort.Call call = Patience.take(port.calls, "the call");
            assertEquals(target, call.target());
            assertArrayEquals(args, call.args());
        }
    }

    private static byte[] answer(CompletionStage<byte[]> call) throws Exception {
        return call.toCompletableFuture().get(Patience.bound().toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    @Tag("CA-11")
    void answers_find_their_calls_in_whatever_order_they_come() throws Exception {
        Peer peer = attached();
        List<CompletionStage<byte[]>> answers = new ArrayList<>();
        List<ScriptedPort.Call> calls = new ArrayList<>();
        for (int k = 0; k < 8; k++) {
            answers.add(peer.call(k + 1, new byte[] {(byte) k}));
            calls.add(Patience.take(port.calls, "call " + k));
        }
        for (ScriptedPort.Call call : calls.reversed()) {
            peer.access().sendWrapperResult(MemorySegment.ofArray(call.args()), 0, 1, call.callId());
        }
        for (int k = 0; k < 8; k++) {
            assertArrayEquals(new byte[] {(byte) k}, answer(answers.get(k)));
        }
    }

    @Test
    @Tag("CA-12")
    void an_error_text_ends_the_call_with_an_error() throws Exception {
        Peer peer = attached();
        port.onCall(call -> {
            peer.access().sendOutOfBandError("not today", call.callId());
            return null;
        });
        CompletionStage<byte[]> failed = peer.call(1, new byte[0]);
        ExecutionException failure = assertThrows(ExecutionException.class, () -> answer(failed));
        assertTrue(String.valueOf(failure.getCause()).contains("not today"), String.valueOf(failure.getCause()));
    }

    @Test
    @Tag("CA-13")
    void what_a_call_leaves_to_do_is_run_or_dispatched_once() throws Exception {
        Peer peer = attached();
        List<ScriptedTask> tasks = new ArrayList<>();
        port.onCall(call -> {
            ScriptedTask task = ScriptedTask.of(
                    () -> peer.access().sendWrapperResult(MemorySegment.ofArray(call.args()), 0, 1, call.callId()));
            tasks.add(task);
            return task;
        });
        for (int k = 0; k < 8; k++) {
            assertArrayEquals(new byte[] {(byte) k}, answer(peer.call(1, new byte[] {(byte) k})));
        }
        assertEquals(8, tasks.size());
        for (ScriptedTask task : tasks) {
            Patience.await(task.ended, "the run ends");
            assertEquals(1, task.runs.get(), "runs");
            assertEquals(0, task.discards.get(), "discards");
        }
    }

    @Test
    @Tag("CA-14")
    void an_answer_after_the_end_is_dropped() throws Exception {
        Peer peer = attached();
        peer.call(1, new byte[0]);
        ScriptedPort.Call call = Patience.take(port.calls, "the call");
        peer.access().disconnect();
        peer.access().sendWrapperResult(MemorySegment.ofArray(new byte[1]), 0, 1, call.callId());
        peer.access().sendOutOfBandError("too late", call.callId());
    }

    @Test
    @Tag("CA-15")
    void a_call_that_is_withdrawn_is_told_so_on_this_thread_and_its_late_answer_is_dropped() throws Exception {
        Peer peer = attached();
        peer.serve(TAG, (args, offset, length, reply) -> owed.add(reply));
        assertEquals(SendStatus.SENT, send(peer, "", outcomes, 6));
        WrapperReturn reply = Patience.take(owed, "the call arrives");
        long id = Patience.take(outcomes.pending, "its number");
        assertTrue(peer.access().cancelCall(id, CallStatus.CANCELLED), "it was pending");
        assertEquals(new Outcome(CallStatus.CANCELLED, "", 6), outcomes.all.poll());
        assertFalse(peer.access().cancelCall(id, CallStatus.CANCELLED), "it is pending no more");
        reply.result(MemorySegment.ofArray(new byte[1]), 0, 1);
        peer.serve(new HandlerTag(0x7aa), ECHO);
        MemorySegment next = MemorySegment.ofArray(new byte[] {'n'});
        peer.access().callController(new HandlerTag(0x7aa), next, 0, 1, outcomes, 7, Session.NO_TIMEOUT);
        assertEquals(new Outcome(CallStatus.RESULT, "n", 7), outcomes.next());
        nothingMore();
    }

    @Test
    @Tag("CA-16")
    void a_call_without_an_answer_in_its_time_ends_once() throws Exception {
        Peer peer = attached();
        sendUnanswered(peer, 8, Duration.ofMillis(20).toNanos());
        assertEquals(new Outcome(CallStatus.DEADLINE_EXCEEDED, "", 8), outcomes.next());
        peer.access().disconnect();
        nothingMore();
    }

    @Test
    @Tag("CA-17")
    void a_disconnect_says_so_if_something_still_runs_and_may_be_asked_again() throws Exception {
        Peer peer = attached();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        port.onCall(call -> {
            inside.countDown();
            Patience.await(go, "the test goes on");
            return null;
        });
        Patience.start(() -> peer.call(1, new byte[0]));
        Patience.await(inside, "the call begins");
        assertFalse(peer.access().disconnect(Duration.ofMillis(30)), "over, while a call is being received");
        assertEquals(SendStatus.DISCONNECTED, send(peer, "", outcomes, 9), "nothing new is accepted");
        assertEquals(0, port.ends.get(), "the port is told after the last call");
        go.countDown();
        assertTrue(peer.access().disconnect(Patience.bound()));
        assertEquals(1, port.ends.get());
    }
}
