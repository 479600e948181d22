// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ExecutorProcessControl;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.ControllerAccess;
import org.orcrt.spi.ControllerAccessProvider;

/// Executors and controllers of one JVM that find each other by name: `inproc:NAME` and `inproc-listen:NAME` at the
/// executor, [#control] at the controller. Whoever comes first waits for the other.
public final class InProcess implements ControllerAccessProvider {

    /// An end that waits for the other one.
    private static final class Place {
        private final boolean isExecutor;
        private @Nullable InProcessPair met;

        Place(boolean isExecutor) {
            this.isExecutor = isExecutor;
        }
    }

    private static final ErrorReporter REPORTER = failure ->
            System.getLogger("org.orcrt").log(System.Logger.Level.ERROR, "failure that nobody waits for", failure);

    /// Who waits, by name; guarded by itself.
    private static final Map<String, Place> WAITING = new HashMap<>();

    /// For the service loader.
    public InProcess() {}

    @Override
    public String name() {
        return "in-process";
    }

    @Override
    public Set<String> schemes() {
        return Set.of("inproc", "inproc-listen");
    }

    @Override
    public ControllerAccess connect(ConnectionSpec spec, Duration timeout) throws IOException {
        return meet(spec.target(), true, timeout).access();
    }

    /// Waits for an executor of this JVM.
    ///
    /// @param name what follows `inproc:` in the executor's connection spec
    /// @param timeout at most so long
    /// @return the controller's end; the executor is attached
    /// @throws IOException if no executor comes, another controller waits under this name, or the thread is
    ///     interrupted
    public static ExecutorProcessControl control(String name, Duration timeout) throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
        ExecutorProcessControl control = meet(name, false, timeout).control();
        boolean attached = false;
        try {
            attached = !(control instanceof InProcessControl end) || end.awaitAttached(deadlineNs - System.nanoTime());
        } finally {
            if (!attached) {
                control.disconnect();
            }
        }
        if (!attached) {
            throw new IOException("inproc:%s: an executor came, but did not attach within %s".formatted(name, timeout));
        }
        return control;
    }

    /// Whether an end waits under a name.
    static boolean isAwaited(String name) {
        synchronized (WAITING) {
            return WAITING.containsKey(name);
        }
    }

    private static InProcessPair meet(String name, boolean executor, Duration timeout) throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
        synchronized (WAITING) {
            Place there = WAITING.get(name);
            if (there != null && there.isExecutor == executor) {
                throw new IOException("inproc:%s: another %s waits there already; choose another name"
                        .formatted(name, executor ? "executor" : "controller"));
            }
            if (there != null) {
                InProcessPair pair = InProcessPair.create(REPORTER);
                there.met = pair;
                WAITING.remove(name);
                WAITING.notifyAll();
                return pair;
            }
            Place mine = new Place(executor);
            WAITING.put(name, mine);
            return await(name, mine, deadlineNs, timeout);
        }
    }

    private static InProcessPair await(String name, Place mine, long deadlineNs, Duration timeout) throws IOException {
        try {
            for (InProcessPair met = mine.met; ; met = mine.met) {
                if (met != null) {
                    return met;
                }
                long leftNs = deadlineNs - System.nanoTime();
                if (leftNs <= 0) {
                    throw new IOException("inproc:%s: no %s came within %s"
                            .formatted(name, mine.isExecutor ? "controller" : "executor", timeout));
                }
                TimeUnit.NANOSECONDS.timedWait(WAITING, leftNs);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("inproc:" + name + ": interrupted while waiting for the other end");
        } finally {
            WAITING.remove(name, mine);
        }
    }
}
