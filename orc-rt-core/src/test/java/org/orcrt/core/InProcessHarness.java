// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.Session;
import org.orcrt.api.WrapperFunction;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.ExecutorSetup;

/// A session and its controller in one process.
final class InProcessHarness implements AutoCloseable {

    static final int MAX_IN_FLIGHT = 16;

    final List<Throwable> reports = new CopyOnWriteArrayList<>();
    final InProcessPair pair;
    final DefaultSession session;
    final ExecutorSetup setup;
    private final AtomicInteger functions = new AtomicInteger();

    InProcessHarness() {
        this(SessionHarness.LIMITS, MAX_IN_FLIGHT);
    }

    InProcessHarness(SessionLimits limits, int maxInFlight) {
        pair = InProcessPair.create(maxInFlight, reports::add);
        session = new DefaultSession(
                limits,
                new SessionHooks(
                        reports::add,
                        null,
                        new ThreadPerCallTaskDispatcher(
                                limits.maxNativeCalls(), limits.maxQueuedCalls(), limits.callStackBytes())),
                new JavaOnlyLinker());
        setup = new PluginSetup(session, "test", SessionHarness.PROCESS, false, Map.of());
    }

    ExecutorAddress function(Execution execution, WrapperFunction function) {
        return setup.function("f" + functions.incrementAndGet(), WrapperFunction.on(execution, function));
    }

    void attach() {
        session.parts().complete(SessionHarness.PROCESS);
        session.attach(pair.access());
    }

    Session connect(String spec) throws IOException {
        return Sessions.builder().errorReporter(reports::add).connect(ConnectionSpec.parse(spec), SessionHarness.LONG);
    }

    byte[] callAndWait(ExecutorAddress function, byte[] args) {
        byte[] result = new byte[1 << 16];
        long length = pair.control()
                .callWrapperAndWait(
                        function,
                        MemorySegment.ofArray(args),
                        0,
                        args.length,
                        MemorySegment.ofArray(result),
                        0,
                        result.length,
                        SessionHarness.LONG.toNanos());
        return Arrays.copyOf(result, (int) length);
    }

    byte[] callController(HandlerTag tag, byte[] args) {
        return callController(tag, args, SessionHarness.LONG);
    }

    byte[] callController(HandlerTag tag, byte[] args, Duration timeout) {
        byte[] result = new byte[1 << 16];
        long length = session.callControllerAndWait(
                tag,
                MemorySegment.ofArray(args),
                0,
                args.length,
                MemorySegment.ofArray(result),
                0,
                result.length,
                timeout.toNanos());
        return Arrays.copyOf(result, (int) length);
    }

    @Override
    public void close() {
        session.close();
    }
}
