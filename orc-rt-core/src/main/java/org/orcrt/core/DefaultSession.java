// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.Execution;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.Keepalive;
import org.orcrt.api.OrcException;
import org.orcrt.api.ResourceManager;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.SessionException;
import org.orcrt.api.ShutdownReport;
import org.orcrt.api.WrapperFunction;
import org.orcrt.spi.CallInterceptor;
import org.orcrt.spi.ControllerAccess;
import org.orcrt.spi.SessionPort;
import org.orcrt.spi.WrapperFunctionLinker;

/// The session. Calls come in on the connection's reader; leaves run there, the rest becomes an [IncomingCall]. The end
/// of the connection is told to the managers on the thread that observed it; shutdown is driven by the first thread
/// that asks for it, in the order: disconnect, managers detach, running calls drain, managers shut down, dispatcher.
final class DefaultSession implements Session, SessionPort {

    private final SessionLimits limits;
    private final ErrorReporter reporter;
    private final WrapperFunctionLinker linker;
    private final ThreadPerCallTaskDispatcher dispatcher;
    private final Gate gate = new Gate();
    private final LeafReply leafReply = new LeafReply(this);
    private final SessionParts parts = new SessionParts();

    /// Set once by `attach`; emptied when the connection is over, so that later calls find no controller.
    private final AtomicReference<@Nullable ControllerAccess> access = new AtomicReference<>();

    /// Held while managers hear of the end: who comes second waits until all have heard of it.
    private final Object telling = new Object();

    /// Guarded by `telling`.
    private boolean managersDetached;

    private final CountDownLatch detached = new CountDownLatch(1);
    private final AtomicReference<@Nullable ShutdownInfo> shutdown = new AtomicReference<>();

    /// Written before `detached` opens.
    private volatile @Nullable OrcException endFailure;

    DefaultSession(SessionLimits limits, ErrorReporter reporter, WrapperFunctionLinker linker) {
        this.limits = limits;
        this.reporter = reporter;
        this.linker = linker;
        this.dispatcher = new ThreadPerCallTaskDispatcher(
                limits.maxNativeCalls(), limits.maxQueuedCalls(), limits.callStackBytes());
    }

    SessionParts parts() {
        return parts;
    }

    WrapperFunctionLinker linker() {
        return linker;
    }

    Gate gate() {
        return gate;
    }

    /// A call on this thread will never end: shutdown no longer waits for the thread.
    void abandon(Thread thread) {
        dispatcher.abandon(thread);
    }

    List<CallInterceptor> interceptors() {
        return parts.interceptors();
    }

    /// Once, after all plug-ins are installed.
    void attach(ControllerAccess controller) {
        access.set(controller);
        controller.attach(this, parts.bootstrapInfo());
    }

    @Override
    public BootstrapInfo bootstrapInfo() {
        return parts.bootstrapInfo();
    }

    @Override
    public SendStatus callController(
            HandlerTag tag, MemorySegment args, long offset, long length, ResultHandler handler, long context) {
        ControllerAccess controller = access.get();
        return controller == null
                ? SendStatus.DISCONNECTED
                : controller.callController(tag, args, offset, length, handler, context);
    }

    void sendResult(MemorySegment bytes, long offset, long length, long callId) {
        ControllerAccess controller = access.get();
        if (controller != null) {
            controller.sendWrapperResult(bytes, offset, length, callId);
        }
    }

    void sendOutOfBandError(String text, long callId) {
        ControllerAccess controller = access.get();
        if (controller != null) {
            controller.sendOutOfBandError(text, callId);
        }
    }

    @Override
    public void onWrapperCall(long target, MemorySegment args, long offset, long length, long callId) {
        WrapperFunction function = linker.boundAt(target);
        if (function != null && function.execution() == Execution.LEAF) {
            runLeaf(function, args, offset, length, callId);
        } else if (target == 0) {
            sendOutOfBandError("the controller calls the null address", callId);
        } else {
            byte[] copy = new byte[Math.toIntExact(length)];
            MemorySegment.copy(args, ValueLayout.JAVA_BYTE, offset, copy, 0, copy.length);
            dispatch(new IncomingCall(this, target, function, MemorySegment.ofArray(copy), callId), callId);
        }
    }

    private void dispatch(IncomingCall call, long callId) {
        if (!gate.tryEnter()) {
            sendOutOfBandError("the session is shutting down", callId);
        } else if (!dispatcher.dispatch(call)) {
            gate.leave();
            sendOutOfBandError(
                    "overloaded: %d calls run and %d wait, or the system has no more threads"
                            .formatted(limits.maxNativeCalls(), limits.maxQueuedCalls()),
                    callId);
        }
    }

    private void runLeaf(WrapperFunction function, MemorySegment args, long offset, long length, long callId) {
        leafReply.begin(callId);
        try {
            function.call(args, offset, length, leafReply);
            leafReply.end("the function returned without an answer");
        } catch (OrcException failure) {
            if (!leafReply.end(CallReply.textOf(failure))) {
                report(failure);
            }
        } catch (Throwable bug) {
            // the boundary to code that is not ours: the controller always gets an answer, and the reader goes on
            report(bug);
            leafReply.end(CallReply.textOf(bug));
        }
    }

    @Override
    public void onDisconnected(@Nullable OrcException failure) {
        endFailure = failure;
        access.set(null);
        detachManagers();
    }

    @Override
    public @Nullable Keepalive tryEnter() {
        if (!gate.tryEnter()) {
            return null;
        }
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.compareAndSet(true, false)) {
                gate.leave();
            }
        };
    }

    @Override
    public <T> Optional<T> resource(Class<T> type) {
        return parts.managers().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    @Override
    public void report(Throwable failure) {
        reporter.report(failure);
    }

    @Override
    public Optional<OrcException> awaitDetached(Duration bound) throws InterruptedException {
        if (!detached.await(TimeUnit.NANOSECONDS.convert(bound), TimeUnit.NANOSECONDS)) {
            throw new SessionException(SessionException.KIND, "the controller is still connected after " + bound);
        }
        return Optional.ofNullable(endFailure);
    }

    @Override
    public void detach() {
        refuseInside("detach");
        ControllerAccess controller = access.get();
        if (controller != null) {
            controller.disconnect();
        }
        detachManagers();
    }

    @Override
    public ShutdownReport shutdown(Duration bound) {
        refuseInside("shutdown");
        detach(); // refused on the thread that reads: then no shutdown has begun
        ShutdownInfo mine = new ShutdownInfo(parts.managers().reversed(), bound);
        if (shutdown.compareAndSet(null, mine)) {
            mine.report().complete(drive(mine));
        }
        ShutdownInfo first = shutdown.get();
        return first == null ? mine.report().join() : first.join();
    }

    @Override
    public void close() {
        ShutdownReport report = shutdown(limits.shutdownBound());
        report.failures().forEach(this::report);
        if (!report.stillRunning().isEmpty()) {
            report(new SessionException(
                    SessionException.SHUTTING_DOWN,
                    "nothing was freed, because calls still run after %s: %s"
                            .formatted(limits.shutdownBound(), report.stillRunning())));
        }
    }

    private ShutdownReport drive(ShutdownInfo info) {
        gate.close();
        if (!drained(info.bound())) {
            List<String> calls = dispatcher.shutdown(Duration.ZERO); // what waits for a thread never gets one
            if (!drained(Duration.ZERO)) {
                return new ShutdownReport(info.failures(), stillInside(calls));
            }
        }
        for (ResourceManager manager : info.managers()) {
            guarded(info.failures(), manager::shutdown);
        }
        for (WrapperFunction function : parts.takeBound()) {
            guarded(info.failures(), () -> linker.unbind(function));
        }
        return new ShutdownReport(info.failures(), dispatcher.shutdown(info.bound()));
    }

    private boolean drained(Duration bound) {
        try {
            return gate.awaitEmpty(TimeUnit.NANOSECONDS.convert(bound));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Names what keeps the session from ending; never nothing. Calls have names, keepalives a number.
    private List<String> stillInside(List<String> calls) {
        List<String> names = new ArrayList<>(calls);
        long keepalives = gate.inside() - calls.size();
        if (keepalives > 0 || calls.isEmpty()) {
            names.add(Math.max(1, keepalives) + " keepalives of Session.tryEnter are open");
        }
        return names;
    }

    /// Tells each manager once, and opens `detached` when all have heard of it.
    private void detachManagers() {
        synchronized (telling) {
            if (!managersDetached) {
                managersDetached = true;
                for (ResourceManager manager : parts.managers().reversed()) {
                    try {
                        manager.detach();
                    } catch (RuntimeException | Error failure) {
                        report(failure);
                    }
                }
            }
        }
        detached.countDown();
    }

    private void refuseInside(String operation) {
        if (dispatcher.runsOn(Thread.currentThread()) || Thread.holdsLock(telling)) {
            throw new IllegalStateException(
                    operation + " from inside a call or a resource manager of this session waits for itself");
        }
    }

    private static void guarded(List<Throwable> failures, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error failure) {
            failures.add(failure);
        }
    }
}
