// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.OrcException;
import org.orcrt.api.SessionException;
import org.orcrt.api.ShutdownReport;
import org.orcrt.spi.ControllerAccess;

/// How a session ends. The end of the connection is told on the thread that observed it. A shutdown is driven by the
/// first thread that asks for one, in this order: disconnect, managers detach, running calls and keepalives drain,
/// managers shut down, dispatchers. Everybody else who asks waits for that one.
final class SessionEnd {

    private final DefaultSession session;
    private final SessionHooks hooks;
    private final CountDownLatch detached = new CountDownLatch(1);

    /// Its presence means that a shutdown has begun. Taken away if it had to give up.
    private final AtomicReference<@Nullable ShutdownInfo> shutdown = new AtomicReference<>();

    /// Set when the connection is over, or the session gives up to ever have one.
    private volatile boolean begun;

    /// Written before `detached` opens.
    private volatile @Nullable OrcException failure;

    SessionEnd(DefaultSession session, SessionHooks hooks) {
        this.session = session;
        this.hooks = hooks;
    }

    /// Whether the controller is gone for good, so that no call of it may begin any more.
    boolean hasBegun() {
        return begun;
    }

    void onDisconnected(@Nullable OrcException why) {
        begun = true;
        failure = why;
        tellManagers();
    }

    Optional<OrcException> await(Duration bound) throws InterruptedException {
        if (!detached.await(TimeUnit.NANOSECONDS.convert(bound), TimeUnit.NANOSECONDS)) {
            throw new SessionException(SessionException.KIND, "the controller is still connected after " + bound);
        }
        return Optional.ofNullable(failure);
    }

    void detach() {
        refuseInside("detach");
        ControllerAccess controller = session.controller();
        if (controller != null) {
            controller.disconnect();
        }
        begun = true;
        tellManagers();
    }

    ShutdownReport shutdown(Duration bound) {
        refuseInside("shutdown");
        long deadlineNs = System.nanoTime() + TimeUnit.NANOSECONDS.convert(bound);
        ControllerAccess controller = session.controller();
        // refused on the thread that delivers calls: then no shutdown has begun
        if (controller != null && !controller.disconnect(bound)) {
            List<String> inside = new ArrayList<>(session.stillInside());
            inside.add("the connection still delivers: a leaf or a handler of it does not return");
            return new ShutdownReport(List.of(), inside);
        }
        begun = true;
        tellManagers();
        ShutdownInfo mine = new ShutdownInfo(bound);
        ShutdownInfo first = shutdown.compareAndExchange(null, mine);
        if (first != null) {
            return first.join(deadlineNs);
        }
        ShutdownReport report = drive(mine, deadlineNs);
        session.events().ended(report, session.parts().symbols(), failure);
        if (!report.stillRunning().isEmpty()) {
            shutdown.set(null); // nothing was freed: who asks later tries again
        }
        mine.report().complete(report);
        return report;
    }

    /// Whatever a manager or a dispatcher throws, this returns: others wait for the report.
    private ShutdownReport drive(ShutdownInfo info, long deadlineNs) {
        List<Throwable> failures = info.failures();
        session.gate().close();
        if (!drained(deadlineNs)) {
            shutDownDispatchers(Duration.ZERO, failures); // what waits for a thread never gets one
            if (!drained(System.nanoTime())) {
                return new ShutdownReport(failures, session.stillInside());
            }
        }
        List<String> ending = session.callThreads().awaitEnded(deadlineNs - System.nanoTime());
        if (!ending.isEmpty()) {
            return new ShutdownReport(failures, ending);
        }
        session.managers().shutDownAll(failures);
        for (Runnable unbind : session.parts().takeUnbinds()) {
            try {
                unbind.run();
            } catch (RuntimeException | Error bug) {
                failures.add(bug);
            }
        }
        return new ShutdownReport(failures, shutDownDispatchers(info.bound(), failures));
    }

    private List<String> shutDownDispatchers(Duration bound, List<Throwable> failures) {
        try {
            return session.dispatchers().shutdown(bound);
        } catch (RuntimeException | Error bug) {
            failures.add(bug);
            return List.of();
        }
    }

    private boolean drained(long deadlineNs) {
        try {
            return session.gate().awaitEmpty(deadlineNs - System.nanoTime());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Tells each manager once, and opens `detached` when all have heard of it.
    private void tellManagers() {
        session.managers().detachAll(this::tellOwner, hooks.reporter());
        detached.countDown();
    }

    private void tellOwner() {
        Consumer<Optional<OrcException>> owner = hooks.onDisconnected();
        OrcException why = failure;
        if (owner != null) {
            owner.accept(Optional.ofNullable(why));
        } else if (why != null) {
            hooks.reporter().report(why);
        }
    }

    private void refuseInside(String operation) {
        if (session.dispatchers().isInsideCall(Thread.currentThread())
                || session.managers().isTellingHere()) {
            throw new IllegalStateException(
                    "%s from inside a call or a resource manager of this session waits for itself; use %sAsync"
                            .formatted(operation, operation));
        }
    }
}
