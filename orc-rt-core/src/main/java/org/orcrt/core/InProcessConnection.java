// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.ErrorReporter;
import org.orcrt.spi.SessionPort;
import org.orcrt.wire.Gate;
import org.orcrt.wire.HandlerRegistry;
import org.orcrt.wire.PendingCalls;

/// What the two ends of an in-process pair share. There is no reader and no queue: who calls runs the other end's code
/// on its own thread, inside a scope. The end of the connection closes the scopes, fails what is pending, waits until
/// everybody has left, and is told once.
final class InProcessConnection {

    /// Calls to the controller and to the executor that wait for their answer.
    final PendingCalls toController;

    final PendingCalls toExecutor;
    final HandlerRegistry handlers = new HandlerRegistry();
    final ErrorReporter reporter;

    private final Gate scopes = new Gate();
    private final ThreadLocal<int[]> depth = ThreadLocal.withInitial(() -> new int[1]);
    private final AtomicBoolean ending = new AtomicBoolean();
    private final CountDownLatch attached = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable SessionPort port;
    private volatile @Nullable BootstrapInfo info;

    /// @param toController the table of calls to the controller, empty
    /// @param toExecutor the table of calls to the executor, empty
    InProcessConnection(PendingCalls toController, PendingCalls toExecutor, ErrorReporter reporter) {
        this.toController = toController;
        this.toExecutor = toExecutor;
        this.reporter = reporter;
    }

    void attach(SessionPort session, BootstrapInfo bootstrapInfo) {
        synchronized (this) {
            if (port != null || ending.get()) {
                throw new IllegalStateException("a connection is attached once, before it is disconnected");
            }
            info = bootstrapInfo;
            port = session;
        }
        attached.countDown();
    }

    /// Waits until the executor has said who it is.
    ///
    /// @return whether it has; if not, the connection is over or the time is
    boolean awaitAttached(long boundNs) throws InterruptedException {
        return attached.await(boundNs, TimeUnit.NANOSECONDS) && port != null;
    }

    @Nullable BootstrapInfo bootstrapInfo() {
        return info;
    }

    /// Begins to deliver something on this thread.
    ///
    /// @return where to, or `null` if the connection is over, or not attached yet; else [#leave()] must follow
    @Nullable SessionPort enter() {
        SessionPort to = port;
        if (to == null || !scopes.tryEnter()) {
            return null;
        }
        depth.get()[0]++;
        return to;
    }

    void leave() {
        depth.get()[0]--;
        scopes.leave();
    }

    /// Ends the connection; see [org.orcrt.spi.ControllerAccess#disconnect].
    boolean disconnect(Duration bound) {
        if (depth.get()[0] > 0) {
            throw new IllegalStateException("disconnect from inside a call of this connection waits for itself");
        }
        long deadlineNs = System.nanoTime() + TimeUnit.NANOSECONDS.convert(bound);
        if (ending.compareAndSet(false, true) && !end(deadlineNs)) {
            ending.set(false); // so that it can be tried again
            return false;
        }
        return uninterruptibly(this::awaitEnd, deadlineNs);
    }

    /// Waits until the connection is over.
    ///
    /// @return whether it is
    boolean awaitEnd(long boundNs) throws InterruptedException {
        return ended.await(boundNs, TimeUnit.NANOSECONDS);
    }

    /// @return `false` if somebody is still inside
    private boolean end(long deadlineNs) {
        scopes.close();
        // first, because who is inside may wait for one of these
        toController.close();
        toExecutor.close();
        if (!uninterruptibly(scopes::awaitEmpty, deadlineNs)) {
            return false;
        }
        SessionPort told;
        synchronized (this) {
            told = port;
        }
        attached.countDown();
        try {
            if (told != null) {
                told.onDisconnected(null);
            }
        } catch (RuntimeException | Error bug) {
            reporter.report(bug);
        } finally {
            ended.countDown();
        }
        return true;
    }

    /// Something to wait for.
    @FunctionalInterface
    private interface Waiting {
        boolean await(long leftNs) throws InterruptedException;
    }

    private static boolean uninterruptibly(Waiting waiting, long deadlineNs) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return waiting.await(deadlineNs - System.nanoTime());
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
