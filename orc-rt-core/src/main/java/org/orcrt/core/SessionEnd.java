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
        detach(); // refused on the thread that delivers calls: then no shutdown has begun
        ShutdownInfo mine = new ShutdownInfo(bound);
        ShutdownInfo first = shutdown.compareAndExchange(null, mine);
        if (first != null) {
            return first.join();
        }
        ShutdownReport report = drive(mine);
        session.events().ended(report, session.parts().symbols(), failure);
        if (!report.stillRunning().isEmpty()) {
            shutdown.set(null); // nothing was freed: who asks later tries again
        }
        mine.report().complete(report);
        return report;
    }

    private ShutdownReport drive(ShutdownInfo info) {
        session.gate().close();
        if (!drained(info.bound())) {
            // what waits for a thread never gets one
            List<String> calls = session.dispatchers().shutdown(Duration.ZERO);
            if (!drained(Duration.ZERO)) {
                return new ShutdownReport(info.failures(), stillInside(calls));
            }
        }
        session.managers().shutDownAll(info.failures());
        for (Runnable unbind : session.parts().takeUnbinds()) {
            try {
                unbind.run();
            } catch (RuntimeException | Error bug) {
                info.failures().add(bug);
            }
        }
        return new ShutdownReport(info.failures(), session.dispatchers().shutdown(info.bound()));
    }

    private boolean drained(Duration bound) {
        try {
            return session.gate().awaitEmpty(TimeUnit.NANOSECONDS.convert(bound));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Names what keeps the session from ending; never nothing. Calls have names, keepalives a number.
    private List<String> stillInside(List<String> calls) {
        List<String> names = new ArrayList<>(calls);
        long keepalives = session.gate().inside() - calls.size();
        if (keepalives > 0 || calls.isEmpty()) {
            names.add(Math.max(1, keepalives) + " keepalives of Session.tryEnter are open");
        }
        return names;
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
