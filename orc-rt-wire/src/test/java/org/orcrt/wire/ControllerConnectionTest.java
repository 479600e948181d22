// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.Execution;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.ProcessInfo;
import org.orcrt.api.Task;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.api.TransportException;
import org.orcrt.api.WrapperFunction;
import org.orcrt.testing.Bounded;

/// The controller's end, with an executor that a test plays.
@Timeout(60)
class ControllerConnectionTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final HandlerTag TAG = new HandlerTag(7);
    private static final int MAX_IN_FLIGHT = 4;

    private final QueueChannel channel = new QueueChannel(4096);
    private final Queue<Throwable> reported = new ConcurrentLinkedQueue<>();
    private final List<Task> queued = new ArrayList<>();
    private final ControllerConnection connection =
            new ControllerConnection(channel, Ours.DIALECT, MAX_IN_FLIGHT, new Queueing(), reported::add);

    @AfterEach
    void end() {
        connection.disconnect();
        assertThat(channel.isClosed()).isTrue();
    }

    private static byte[] setup(int valueBytes) {
        BootstrapInfo info = new BootstrapInfo(
                new ProcessInfo("x86_64-pc-linux-gnu", 4096), Map.of(), Map.of("value", new byte[valueBytes]));
        return Frames.frame(Frames.SETUP, 0, 0, SetupMessage.write(info).toByteArray());
    }

    private void attach() throws IOException {
        channel.receive(setup(3));
        assertThat(connection.attach(LONG).values()).containsOnlyKeys("value");
    }

    private void endsWith(String text) throws Exception {
        assertThat(connection.awaitDisconnected(LONG))
                .hasValueSatisfying(why ->
                        assertThat(why).isInstanceOf(TransportException.class).hasMessageContaining(text));
    }

    @Test
    @Tag("W4")
    void the_first_frame_must_be_setup() {
        channel.receive(Frames.frame(Frames.CALL, 1, TAG.value()));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> connection.attach(LONG))
                .havingCause()
                .withMessageContaining("the first frame is not Setup but has opcode 3");
    }

    @Test
    @Tag("W4")
    void a_second_setup_ends_the_connection_and_the_executor_is_told_why() throws Exception {
        attach();
        channel.receive(setup(3));
        endsWith("a second Setup");
        assertThat(new String(channel.nextSent(), StandardCharsets.ISO_8859_1)).contains("a second Setup");
    }

    @Test
    @Tag("W4")
    void a_setup_with_a_call_number_or_of_more_than_a_mebibyte_is_refused() {
        channel.receive(setup(1 << 20));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> connection.attach(LONG))
                .havingCause()
                .withMessageContaining("at most 1048576 are taken");
    }

    @Test
    void an_executor_that_says_nothing_is_given_up_in_time() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> connection.attach(Duration.ofMillis(50)))
                .withMessage("the executor did not say who it is within 50 ms");
    }

    @Test
    void a_disconnect_says_goodbye() throws Exception {
        attach();
        connection.disconnect();
        assertThat(channel.nextSent()).isEqualTo(Frames.hangup());
        assertThat(connection.awaitDisconnected(LONG)).isEmpty();
    }

    @Test
    @Tag("X2")
    void what_waits_for_a_thread_never_starts_after_the_disconnect() throws Exception {
        AtomicInteger starts = new AtomicInteger();
        connection.registerHandler(TAG, handler((args, offset, length, reply) -> starts.incrementAndGet()));
        attach();
        channel.receive(Frames.frame(Frames.CALL, 1, TAG.value()));
        channel.receive(Frames.frame(Frames.CALL, 2, TAG.value()));
        Bounded.until("both wait", () -> size() == 2);
        take().run();
        connection.disconnect();
        take().run();
        assertThat(starts).hasValue(1);
    }

    @Test
    @Tag("C10")
    void an_answer_that_cannot_be_read_counts_its_call_once() throws Exception {
        connection.registerHandler(
                TAG,
                WrapperFunction.on(
                        Execution.LEAF,
                        (args, offset, length, reply) -> reply.result(MemorySegment.ofArray(new byte[1]), 0, 2)));
        HandlerTag silent = new HandlerTag(8);
        connection.registerHandler(silent, handler((args, offset, length, reply) -> {}));
        attach();
        for (int k = 0; k < 10 * MAX_IN_FLIGHT; k++) {
            channel.receive(Frames.frame(Frames.CALL, k, TAG.value()));
            channel.nextSent();
        }
        for (int k = 0; k <= MAX_IN_FLIGHT; k++) {
            channel.receive(Frames.frame(Frames.CALL, 1000 + k, silent.value()));
        }
        endsWith("more than 4 calls are unanswered");
    }

    @Test
    @Tag("W9")
    void an_end_without_a_goodbye_is_an_error() throws Exception {
        attach();
        channel.endOfStream();
        endsWith("the executor closed the connection without a hang-up");
    }

    private static WrapperFunction handler(WrapperFunction body) {
        return WrapperFunction.on(Execution.DISPATCHED, body);
    }

    private int size() {
        synchronized (queued) {
            return queued.size();
        }
    }

    private Task take() {
        synchronized (queued) {
            return queued.removeFirst();
        }
    }

    /// Keeps tasks until a test runs them.
    private final class Queueing implements TaskDispatcher {

        @Override
        public boolean dispatch(Task task) {
            synchronized (queued) {
                return queued.add(task);
            }
        }

        @Override
        public boolean runsOn(Thread thread) {
            return false;
        }

        @Override
        public List<String> shutdown(Duration bound) {
            return List.of();
        }
    }
}
