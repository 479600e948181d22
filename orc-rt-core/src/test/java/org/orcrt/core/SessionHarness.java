// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.Execution;
import org.orcrt.api.OrcException;
import org.orcrt.api.ProcessInfo;
import org.orcrt.api.ResourceManager;
import org.orcrt.api.ShutdownReport;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.spi.DispatcherLimits;
import org.orcrt.spi.ExecutorSetup;
import org.orcrt.testing.Bounded;

/// A session with a controller of its own, and what happened to it in order.
final class SessionHarness implements AutoCloseable {

    static final ProcessInfo PROCESS = new ProcessInfo("x86_64-pc-linux-gnu", 4096);
    static final Duration LONG = Duration.ofSeconds(20);
    static final Duration SHORT = Duration.ofMillis(30);
    static final byte[] NO_ARGS = {};
    static final SessionLimits LIMITS = new SessionLimits(8, 8, 1 << 20, 64, 64, LONG);

    final List<Throwable> reports = new CopyOnWriteArrayList<>();

    /// What managers and functions were told, in order.
    final List<String> events = new CopyOnWriteArrayList<>();

    final InMemoryController controller = new InMemoryController();
    final JavaOnlyLinker linker = new JavaOnlyLinker();
    final DefaultSession session;
    final ExecutorSetup setup;

    private final AtomicInteger functions = new AtomicInteger();
    private final List<CountDownLatch> doors = new CopyOnWriteArrayList<>();

    SessionHarness() {
        this(LIMITS);
    }

    SessionHarness(SessionLimits limits) {
        this(limits, null);
    }

    /// @param onDisconnected the session's owner, or `null`
    SessionHarness(SessionLimits limits, @Nullable Consumer<Optional<OrcException>> onDisconnected) {
        session = new DefaultSession(
                limits,
                new SessionHooks(
                        reports::add,
                        onDisconnected,
                        new ThreadPerCallTaskDispatcher(
                                limits.maxNativeCalls(), limits.maxQueuedCalls(), limits.callStackBytes())),
                linker);
        setup = setup("test");
    }

    /// A session that is never attached, for those who make very many.
    static DefaultSession bareSession() {
        ErrorReporter fails = failure -> {
            throw new AssertionError(failure);
        };
        return new DefaultSession(
                LIMITS,
                new SessionHooks(fails, null, new InlineTaskDispatcher(new DispatcherLimits(1, 0, 0), fails)),
                new JavaOnlyLinker());
    }

    ExecutorSetup setup(String plugin) {
        return new PluginSetup(session, plugin, PROCESS, true, Map.of("test.option", "on"));
    }

    /// Publishes a function and returns its address.
    long function(Execution execution, WrapperFunction function) {
        return setup.function("f" + functions.incrementAndGet(), WrapperFunction.on(execution, function))
                .value();
    }

    /// A function that stays inside until it is let go, or the test ends; then it answers with its arguments.
    record Stuck(long address, CountDownLatch started, CountDownLatch door, AtomicReference<Thread> thread) {

        /// Returns once a call of it runs.
        Thread awaitStarted() {
            Bounded.await(started);
            return thread.get();
        }

        void letGo() {
            door.countDown();
        }
    }

    Stuck stuckFunction() {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch door = new CountDownLatch(1);
        AtomicReference<Thread> thread = new AtomicReference<>();
        doors.add(door);
        long address = function(Execution.OWN_THREAD, (args, offset, length, reply) -> {
            thread.set(Thread.currentThread());
            started.countDown();
            standInThisFunction(door);
            reply.result(args, offset, length);
        });
        return new Stuck(address, started, door, thread);
    }

    static void standInThisFunction(CountDownLatch door) {
        try {
            // longer than any test waits for it, so that none mistakes this bound for its own success
            assertThat(door.await(2, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }

    /// Adds a manager that records what it hears as `detach NAME` and `shutdown NAME`.
    void manager(String name) {
        manager(name, () -> {}, () -> {});
    }

    void manager(String name, Runnable onDetach, Runnable onShutdown) {
        setup.resource(new ResourceManager() {
            @Override
            public void detach() {
                events.add("detach " + name);
                onDetach.run();
            }

            @Override
            public void shutdown() {
                events.add("shutdown " + name);
                onShutdown.run();
            }
        });
    }

    SessionHarness complete() {
        session.parts().complete(PROCESS);
        return this;
    }

    SessionHarness attach() {
        complete();
        session.attach(controller);
        return this;
    }

    /// The session still serves: a round trip through a leaf and through a thread of its own.
    void assertServes(long leaf, long own) throws Exception {
        for (long target : new long[] {leaf, own}) {
            byte[] args = InMemoryController.utf8("still here");
            assertThat(controller.callAndWait(target, args, 99).bytes()).isEqualTo(args);
        }
    }

    long echo(Execution execution) {
        return function(execution, SessionHarness::echo);
    }

    static void echo(MemorySegment args, long offset, long length, WrapperReturn reply) {
        reply.result(args, offset, length);
    }

    void assertCleanShutdown() {
        ShutdownReport report = session.shutdown(LONG);
        assertThat(report.failures()).isEmpty();
        assertThat(report.stillRunning()).isEmpty();
        assertThat(report.isClean()).isTrue();
    }

    /// Lets every stuck function go and ends the reader.
    @Override
    public void close() {
        doors.forEach(CountDownLatch::countDown);
        if (controller.reader().isAlive()) {
            controller.hangUp(null);
            Bounded.await(controller.ended);
        }
    }
}
