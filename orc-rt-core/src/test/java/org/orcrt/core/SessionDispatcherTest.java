// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ResourceManager;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.ShutdownReport;
import org.orcrt.api.Task;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.api.WrapperReturn;
import org.orcrt.spi.DispatcherLimits;

/// What a session gives to its dispatcher, seen by one that runs nothing by itself.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionDispatcherTest {

    private final List<Throwable> reports = new CopyOnWriteArrayList<>();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final QueueingTaskDispatcher queue =
            new QueueingTaskDispatcher(new DispatcherLimits(1, 16, 0), reports::add);

    private DefaultSession session(TaskDispatcher dispatcher) {
        return new DefaultSession(
                SessionHarness.LIMITS, new SessionHooks(reports::add, null, dispatcher), new JavaOnlyLinker());
    }

    private ExecutorAddress published(DefaultSession session) {
        ExecutorAddress address = new PluginSetup(session, "test", SessionHarness.PROCESS, false, Map.of())
                .function("one more", this::oneMore);
        session.parts().complete(SessionHarness.PROCESS);
        return address;
    }

    private void oneMore(MemorySegment args, long offset, long length, WrapperReturn reply) {
        events.add("ran");
        byte[] result = {(byte) (args.get(ValueLayout.JAVA_BYTE, offset) + 1)};
        reply.result(MemorySegment.ofArray(result), 0, length);
    }

    @Test
    void a_call_waits_in_the_queue_until_somebody_runs_it() throws Exception {
        InMemoryController controller = new InMemoryController();
        DefaultSession session = session(queue);
        ExecutorAddress function = published(session);
        session.attach(controller);

        controller.call(function.value(), new byte[] {41}, 7);
        controller.awaitRead();
        assertThat(events).isEmpty();
        assertThat(controller.replies).isEmpty();

        Task task = queue.takeFirst(SessionHarness.LONG);
        assertThat(task).isNotNull();
        assertThat(queue.takeFirst(Duration.ZERO)).as("one call is one task").isNull();
        task.run();
        assertThat(controller.awaitReply().bytes()).containsExactly(42);
        assertThat(session.shutdown(SessionHarness.LONG).isClean()).isTrue();
        assertThat(events).containsExactly("ran");
        assertThat(reports).isEmpty();
    }

    @Test
    void a_call_within_one_process_waits_in_the_queue_too() {
        InProcessPair pair = InProcessPair.create(8, reports::add);
        DefaultSession session = session(queue);
        ExecutorAddress function = published(session);
        session.attach(pair.access());

        SendStatus status = pair.control()
                .callWrapper(
                        function,
                        MemorySegment.ofArray(new byte[] {41}),
                        0,
                        1,
                        (how, bytes, offset, length, context) ->
                                events.add(how + " " + bytes.get(ValueLayout.JAVA_BYTE, offset) + " " + context),
                        -3,
                        Session.NO_TIMEOUT);
        assertThat(status).isEqualTo(SendStatus.SENT);
        assertThat(events).isEmpty();

        assertThat(queue.runFifoUntilEmpty()).isOne();
        assertThat(events).containsExactly("ran", "RESULT 42 -3");
        assertThat(session.shutdown(SessionHarness.LONG).isClean()).isTrue();
        assertThat(reports).isEmpty();
    }

    @Test
    void managers_end_before_the_dispatcher_and_who_waits_hears_last() throws Exception {
        DefaultSession session = session(new Noting());
        session.addResource(new ResourceManager() {
            @Override
            public void detach() {
                events.add("detach");
            }

            @Override
            public void shutdown() {
                events.add("shutdown");
            }
        });
        session.parts().complete(SessionHarness.PROCESS);
        ShutdownReport report = session.shutdownAsync(SessionHarness.LONG)
                .whenComplete((ended, failure) -> events.add("told"))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        assertThat(report.isClean()).isTrue();
        assertThat(events).containsExactly("detach", "shutdown", "dispatcher", "told");
    }

    /// A dispatcher of the program's own, which says when it ends.
    private final class Noting implements TaskDispatcher {
        @Override
        public boolean dispatch(Task task) {
            return queue.dispatch(task);
        }

        @Override
        public boolean runsOn(Thread thread) {
            return queue.runsOn(thread);
        }

        @Override
        public List<String> shutdown(Duration bound) {
            events.add("dispatcher");
            return queue.shutdown(bound);
        }
    }
}
