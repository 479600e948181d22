// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.api.CallStatus;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.OrcException;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.TransportException;
import org.orcrt.wire.Outcomes.Outcome;

/// Every way in which a connection ends, and that it ends once.
class ConnectionEndTest {

    private static final HandlerTag TAG = new HandlerTag(1);
    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);
    private static final TransportException BROKEN = new TransportException(TransportException.PEER_GONE, "EPIPE");

    private final QueueChannel channel = new QueueChannel(4096);
    private final Queue<Throwable> reported = new ConcurrentLinkedQueue<>();
    private final RecordingPort port = new RecordingPort();
    private final Outcomes outcomes = new Outcomes();

    @Test
    void eight_threads_may_disconnect_at_once_and_all_return_after_the_session_was_told() throws Exception {
        Connection connection = attach(Llvm22.DIALECT);
        call(connection, 1);
        CountDownLatch telling = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        port.beforeEnd(() -> {
            telling.countDown();
            awaitUnchecked(go);
        });
        Queue<Integer> endsSeen = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int k = 0; k < 8; k++) {
            threads.add(Thread.ofPlatform().name("disconnect-" + k).start(() -> {
                connection.disconnect();
                endsSeen.add(port.ends());
            }));
        }
        Bounds.await(telling);
        for (Thread thread : threads) {
            awaitTimedWaiting(thread);
        }
        assertThat(endsSeen).as("nobody returned yet").isEmpty();
        assertThat(outcomes.soFar())
                .as("pending calls fail before the session is told")
                .containsExactly(new Outcome(CallStatus.DISCONNECTED, "", 1));
        go.countDown();
        for (Thread thread : threads) {
            Bounds.join(thread);
        }
        assertThat(endsSeen).hasSize(8).containsOnly(1);
        assertThat(port.awaitEnd()).isNull();
        assertThat(port.ends()).isOne();
        assertThat(channel.isClosed()).isTrue();
        assertThat(outcomes.soFar()).hasSize(1);
    }

    @Test
    void after_a_disconnect_calls_are_refused_and_their_handlers_hear_nothing() throws Exception {
        Connection connection = attach(Llvm22.DIALECT);
        connection.disconnect();
        assertThat(call(connection, 1)).isEqualTo(SendStatus.DISCONNECTED);
        connection.sendWrapperResult(NOTHING, 0, 0, 1);
        connection.sendOutOfBandError("late", 1);
        connection.disconnect();
        assertThat(outcomes.soFar()).isEmpty();
        assertThat(channel.sentFrames()).isZero();
        assertThat(port.ends()).isOne();
    }

    @Test
    void every_call_is_told_once_if_and_only_if_it_was_sent() throws Exception {
        for (int round = 0; round < 150; round++) {
            oneRoundOfCallsAgainstADisconnect(round);
        }
    }

    private void oneRoundOfCallsAgainstADisconnect(int round) throws InterruptedException {
        int threadCount = 3;
        int perThread = 4000;
        QueueChannel own = new QueueChannel(4096);
        RecordingPort ownPort = new RecordingPort();
        Connection connection = new Connection(own, Llvm22.DIALECT, 64, reported::add);
        connection.attach(ownPort, ConnectionTest.INFO);
        AtomicIntegerArray sent = new AtomicIntegerArray(threadCount * perThread);
        AtomicIntegerArray told = new AtomicIntegerArray(threadCount * perThread);
        ResultHandler handler = (status, bytes, offset, length, context) -> told.incrementAndGet((int) context);
        CountDownLatch some = new CountDownLatch(20 + round);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < threadCount; t++) {
            int first = t * perThread;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int k = first; k < first + perThread; k++) {
                    SendStatus status = connection.callController(TAG, NOTHING, 0, 0, handler, k, Session.NO_TIMEOUT);
                    if (status == SendStatus.DISCONNECTED) {
                        return;
                    }
                    sent.addAndGet(k, status == SendStatus.SENT ? 1 : 0);
                    some.countDown();
                }
            }));
        }
        answerEverySecondCall(own, 15);
        Bounds.await(some);
        connection.disconnect();
        for (Thread thread : threads) {
            Bounds.join(thread);
        }
        for (int k = 0; k < sent.length(); k++) {
            if (sent.get(k) != told.get(k)) {
                throw new AssertionError("round %d, call %d: sent %d times, told %d times"
                        .formatted(round, k, sent.get(k), told.get(k)));
            }
        }
        assertThat(ownPort.ends()).isOne();
    }

    private static void answerEverySecondCall(QueueChannel channel, int calls) throws InterruptedException {
        channel.nextSent(); // Setup
        for (int k = 0; k < calls; k++) {
            byte[] call = channel.nextSent();
            if (k % 2 == 0) {
                channel.receive(Frames.result(FrameLayout.callId(MemorySegment.ofArray(call), 0)));
            }
        }
    }

    @Test
    void a_failed_write_is_told_to_its_caller_at_once_and_ends_the_connection() throws Exception {
        Connection connection = attach(Llvm22.DIALECT);
        assertThat(call(connection, 1)).isEqualTo(SendStatus.SENT);
        channel.failFlushes(BROKEN);
        int wakes = channel.wakes();
        long startNs = System.nanoTime();
        assertThat(call(connection, 2)).isEqualTo(SendStatus.DISCONNECTED);
        assertThat(System.nanoTime() - startNs)
                .as("the caller does not wait for the verdict")
                .isLessThan(Duration.ofSeconds(2).toNanos());
        assertThat(channel.wakes()).as("the reader is told").isEqualTo(wakes + 1);
        assertThat(port.awaitEnd()).isSameAs(BROKEN);
        assertThat(outcomes.soFar()).containsExactly(new Outcome(CallStatus.DISCONNECTED, "", 1));
        assertThat(call(connection, 3)).isEqualTo(SendStatus.DISCONNECTED);
        connection.disconnect();
        assertThat(outcomes.soFar()).hasSize(1);
        assertThat(channel.isClosed()).isTrue();
    }

    @Test
    void a_failed_answer_ends_the_connection_too() throws Exception {
        Connection connection = attach(Llvm22.DIALECT);
        channel.failFlushes(BROKEN);
        connection.sendWrapperResult(NOTHING, 0, 0, 1);
        assertThat(port.awaitEnd()).isSameAs(BROKEN);
    }

    @Test
    void how_the_controller_went_counts_more_than_the_write_that_noticed_it() throws Exception {
        OrcException failure = BROKEN;
        // the reader waits 200 ms for the verdict, which a busy machine may let pass: so it is asked again
        for (int attempt = 0; attempt < 5 && failure == BROKEN; attempt++) {
            QueueChannel own = new QueueChannel(4096);
            RecordingPort ownPort = new RecordingPort();
            Connection connection = new Connection(own, Llvm22.DIALECT, 4, reported::add);
            connection.attach(ownPort, ConnectionTest.INFO);
            own.failFlushes(BROKEN);
            own.lastWord(Frames.hangup(Frames.ascii("tired")));
            call(connection, 1);
            failure = ownPort.awaitEnd();
        }
        assertThat(failure).hasMessage("the controller hung up: tired");
        assertThat(failure.isA(TransportException.PEER_GONE)).isTrue();
    }

    @Test
    void a_clean_hang_up_is_an_orderly_end() throws Exception {
        attach(Frames.STRICT);
        channel.receive(Frames.hangup());
        assertThat(port.awaitEnd()).isNull();
    }

    @Test
    @Tag("WI-7")
    @Tag("W9")
    void the_end_of_the_stream_between_two_frames_is_orderly_for_llvm_22_alone() throws Exception {
        attach(Llvm22.DIALECT);
        channel.receive(Frames.frame(Frames.CALL, 3, 8));
        channel.endOfStream();
        assertThat(port.awaitEnd()).isNull();
        assertThat(port.next().callId()).isEqualTo(3);

        QueueChannel strict = new QueueChannel(4096);
        RecordingPort strictPort = new RecordingPort();
        new Connection(strict, Frames.STRICT, 4, reported::add).attach(strictPort, ConnectionTest.INFO);
        strict.endOfStream();
        OrcException failure = strictPort.awaitEnd();
        assertThat(failure).hasMessage("the controller closed the connection without a hang-up");
        assertThat(failure.isA(TransportException.PEER_GONE)).isTrue();
    }

    @Test
    @Tag("W3")
    @Tag("W5")
    void a_violation_ends_the_connection_and_fails_every_pending_call_once() throws Exception {
        byte[][] violations = {Frames.frame(17, 0, 0), Frames.result(99), Frames.frame(Frames.RESULT, 0, 3)};
        for (byte[] violation : violations) {
            QueueChannel own = new QueueChannel(4096);
            RecordingPort ownPort = new RecordingPort();
            Outcomes told = new Outcomes();
            Connection connection = new Connection(own, Llvm22.DIALECT, 8, reported::add);
            connection.attach(ownPort, ConnectionTest.INFO);
            for (int k = 0; k < 8; k++) {
                connection.callController(TAG, NOTHING, 0, 0, told, k, Session.NO_TIMEOUT);
            }
            own.receive(violation);
            own.receive(Frames.frame(Frames.CALL, 0, 8));
            OrcException failure = ownPort.awaitEnd();
            assertThat(failure.isA(TransportException.PROTOCOL_VIOLATION)).isTrue();
            assertThat(told.soFar()).hasSize(8).doesNotHaveDuplicates();
            assertThat(told.soFar()).allSatisfy(one -> assertThat(one.status()).isEqualTo(CallStatus.DISCONNECTED));
            assertThat(ownPort.waitingCalls()).as("nothing after the violation").isZero();
        }
    }

    @Test
    void broken_framing_ends_the_connection_after_what_came_before_it() throws Exception {
        attach(Llvm22.DIALECT);
        channel.receive(Frames.frame(Frames.CALL, 4, 8));
        channel.failPolls(BROKEN);
        assertThat(port.awaitEnd()).isSameAs(BROKEN);
        assertThat(port.next().callId()).isEqualTo(4);
    }

    @Test
    void a_handler_that_throws_at_the_end_keeps_nobody_from_hearing_of_it() throws Exception {
        Connection connection = attach(Llvm22.DIALECT);
        connection.callController(
                TAG, NOTHING, 0, 0, throwing(new IllegalStateException("one")), 0, Session.NO_TIMEOUT);
        call(connection, 1);
        connection.callController(TAG, NOTHING, 0, 0, throwing(new AssertionError("two")), 0, Session.NO_TIMEOUT);
        call(connection, 2);
        connection.disconnect();
        assertThat(outcomes.soFar())
                .containsExactlyInAnyOrder(
                        new Outcome(CallStatus.DISCONNECTED, "", 1), new Outcome(CallStatus.DISCONNECTED, "", 2));
        assertThat(reported).extracting(Throwable::getMessage).containsExactlyInAnyOrder("one", "two");
        assertThat(port.ends()).isOne();
    }

    private Connection attach(Dialect dialect) throws InterruptedException {
        Connection connection = new Connection(channel, dialect, 4, reported::add);
        connection.attach(port, ConnectionTest.INFO);
        channel.nextSent();
        return connection;
    }

    private SendStatus call(Connection connection, long context) {
        return connection.callController(TAG, NOTHING, 0, 0, outcomes, context, Session.NO_TIMEOUT);
    }

    private static ResultHandler throwing(Throwable failure) {
        return (status, bytes, offset, length, context) -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        };
    }

    private static void awaitTimedWaiting(Thread thread) {
        long deadlineNs = System.nanoTime() + Duration.ofSeconds(Bounds.SECONDS).toNanos();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            assertThat(System.nanoTime())
                    .as("%s is %s", thread.getName(), thread.getState())
                    .isLessThan(deadlineNs);
            Thread.onSpinWait();
        }
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            Bounds.await(latch);
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }
}
