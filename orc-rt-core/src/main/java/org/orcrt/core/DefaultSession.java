// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.CallException;
import org.orcrt.api.CallStatus;
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
import org.orcrt.api.Task;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.type.TypeId;
import org.orcrt.spi.CallInterceptor;
import org.orcrt.spi.ControllerAccess;
import org.orcrt.spi.SessionPort;
import org.orcrt.spi.WrapperFunctionLinker;
import org.orcrt.wire.BlockingCall;
import org.orcrt.wire.CallReply;
import org.orcrt.wire.Gate;
import org.orcrt.wire.LeafReply;
import org.orcrt.wire.ReplySink;
import org.orcrt.wire.StagedCall;

/// The session: calls in both directions. Calls come in on the thread that delivers them; leaves run there, the rest
/// becomes an [IncomingCall]. How it ends is the business of [SessionEnd].
final class DefaultSession implements Session, SessionPort, ReplySink {

    private final SessionLimits limits;
    private final ErrorReporter reporter;
    private final WrapperFunctionLinker linker;
    private final Dispatchers dispatchers;
    private final WaitingCallers callers;
    private final CallThreads callThreads;
    private final Gate gate = new Gate();
    private final SessionParts parts = new SessionParts();
    private final Managers managers = new Managers();
    private final SessionEnd end;
    private final SessionEvents events = new SessionEvents(this);

    /// Set once by `attach`; emptied when the connection is over, so that later calls find no controller.
    private final AtomicReference<@Nullable ControllerAccess> access = new AtomicReference<>();

    /// Calls that are inside their function, with the thread.
    private final Map<IncomingCall, Thread> running = new ConcurrentHashMap<>();

    private final LongAdder keepalives = new LongAdder();

    DefaultSession(SessionLimits limits, SessionHooks hooks, WrapperFunctionLinker linker) {
        this.limits = limits;
        this.reporter = hooks.reporter();
        this.linker = linker;
        this.dispatchers = new Dispatchers(limits, hooks.dispatcher());
        this.callers = new WaitingCallers(dispatchers, this::cancelCall);
        this.callThreads = new CallThreads(linker);
        this.end = new SessionEnd(this, hooks);
    }

    SessionLimits limits() {
        return limits;
    }

    SessionParts parts() {
        return parts;
    }

    Managers managers() {
        return managers;
    }

    WrapperFunctionLinker linker() {
        return linker;
    }

    Gate gate() {
        return gate;
    }

    Dispatchers dispatchers() {
        return dispatchers;
    }

    CallThreads callThreads() {
        return callThreads;
    }

    SessionEvents events() {
        return events;
    }

    /// The controller, or `null` if there is none, not yet or not any more.
    @Nullable ControllerAccess controller() {
        return access.get();
    }

    /// A call on this thread will never end: shutdown no longer waits for the thread.
    void abandon(IncomingCall call, Thread thread) {
        running.remove(call);
        callThreads.forget(call);
        dispatchers.abandon(thread);
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
            HandlerTag tag,
            MemorySegment args,
            long offset,
            long length,
            ResultHandler handler,
            long context,
            long timeoutNs) {
        ControllerAccess controller = access.get();
        if (controller == null) {
            return SendStatus.DISCONNECTED;
        }
        ResultHandler told = events.sending(tag, length, handler);
        return SessionEvents.sent(told, controller.callController(tag, args, offset, length, told, context, timeoutNs));
    }

    @Override
    public boolean cancelCall(long callId) {
        return cancelCall(callId, CallStatus.CANCELLED);
    }

    private boolean cancelCall(long callId, CallStatus why) {
        ControllerAccess controller = access.get();
        return controller != null && controller.cancelCall(callId, why);
    }

    @Override
    public long callControllerAndWait(
            HandlerTag tag,
            MemorySegment args,
            long offset,
            long length,
            MemorySegment result,
            long resultOffset,
            long resultLimit,
            long timeoutNs) {
        refuseOnDeliverer();
        WaitingCallers.Here here = callers.here();
        BlockingCall call = BlockingCall.begin(result, resultOffset, resultLimit, timeoutNs);
        here.begin(call);
        try {
            SendStatus sent;
            do {
                sent = callController(tag, args, offset, length, call, 0, NO_TIMEOUT);
            } while (call.isToRepeat(sent, here));
            return call.await(here);
        } finally {
            here.end(call);
        }
    }

    @Override
    public SendStatus callControllerAndWait(
            HandlerTag tag, MemorySegment args, long offset, long length, ResultHandler handler, long timeoutNs) {
        refuseOnDeliverer();
        WaitingCallers.Here here = callers.here();
        BlockingCall call = BlockingCall.begin(handler, timeoutNs);
        here.begin(call);
        try {
            SendStatus sent = callController(tag, args, offset, length, call, 0, NO_TIMEOUT);
            if (sent == SendStatus.SENT) {
                call.awaitTold(here);
            }
            return sent;
        } finally {
            here.end(call);
        }
    }

    @Override
    public CompletionStage<byte[]> callControllerAsync(HandlerTag tag, byte[] args, Duration timeout) {
        StagedCall call = new StagedCall(timeout, this::cancelCall);
        MemorySegment bytes = MemorySegment.ofArray(args);
        return call.sent(callController(tag, bytes, 0, args.length, call, 0, call.timeoutNs()));
    }

    @Override
    public void sendResult(MemorySegment bytes, long offset, long length, long callId) {
        ControllerAccess controller = access.get();
        if (controller != null) {
            controller.sendWrapperResult(bytes, offset, length, callId);
        }
    }

    @Override
    public void sendOutOfBandError(TypeId kind, String text, long callId) {
        ControllerAccess controller = access.get();
        if (controller != null) {
            controller.sendOutOfBandError(kind, text, callId);
        }
    }

    @Override
    public @Nullable Task onWrapperCall(long target, MemorySegment args, long offset, long length, long callId) {
        WrapperFunction function = linker.boundAt(target);
        if (function != null && function.execution() == Execution.LEAF) {
            LeafReply.run(function, args, offset, length, callId, events.arrivedLeaf(target, length));
            return null;
        }
        if (target == 0) {
            sendOutOfBandError(CallException.HANDLER_FAILED, "the controller calls the null address", callId);
            return null;
        }
        IncomingCall call = new IncomingCall(this, target, function, args, offset, length, callId);
        if (!gate.tryEnter()) {
            call.discardArgs();
            sendOutOfBandError(SessionException.SHUTTING_DOWN, "the session is shutting down", callId);
            return null;
        }
        if (!call.isForeign()) {
            return call;
        }
        dispatch(call);
        return null;
    }

    @Override
    public void dispatch(Task run) {
        IncomingCall call = (IncomingCall) run;
        boolean accepted;
        try {
            accepted = dispatchers.dispatch(call);
        } catch (RuntimeException | Error broken) {
            // a dispatcher of somebody else's: the call ends all the same
            report(broken);
            call.refuse(CallReply.kindOf(broken), CallReply.textOf(broken));
            return;
        }
        if (!accepted) {
            call.refuse(
                    CallException.OVERLOADED,
                    "overloaded: %d calls run and %d wait, or the system has no more threads"
                            .formatted(limits.maxNativeCalls(), limits.maxQueuedCalls()));
        }
    }

    /// Whether what has not begun yet will not begin any more.
    boolean isEnding() {
        return end.hasBegun();
    }

    /// A call is about to enter its function on this thread.
    ///
    /// @return why it may not; if it may, `null`, and [#endCall()] must follow
    @Nullable OrcException beginCall(IncomingCall call) {
        if (end.hasBegun()) {
            return new SessionException(
                    SessionException.SHUTTING_DOWN, "the call was discarded: the controller is gone");
        }
        if (!dispatchers.workers().tryEnter()) {
            return new CallException(
                    CallException.OVERLOADED,
                    "overloaded: calls are nested %d deep on this thread".formatted(limits.maxDepth()));
        }
        running.put(call, Thread.currentThread());
        if (call.isForeign()) {
            callThreads.begin(call);
        }
        return null;
    }

    void endCall(IncomingCall call) {
        running.remove(call);
        dispatchers.workers().leave();
    }

    /// What keeps the session from ending, by name.
    List<String> stillInside() {
        List<String> names = new ArrayList<>();
        running.values().stream().distinct().map(TrackedDispatcher::describe).forEach(names::add);
        names.addAll(parts.describeOwnThreads());
        long open = keepalives.sum();
        if (open > 0) {
            names.add(open + " keepalives of Session.tryEnter are open");
        }
        long waiting = gate.inside() - running.size() - open;
        if (waiting > 0) {
            names.add(waiting + " calls wait for a thread, or are about to end");
        }
        return names;
    }

    @Override
    public void onDisconnected(@Nullable OrcException failure) {
        access.set(null);
        end.onDisconnected(failure);
    }

    @Override
    public @Nullable Keepalive tryEnter() {
        if (!gate.tryEnter()) {
            return null;
        }
        AtomicBoolean open = new AtomicBoolean(true);
        keepalives.increment();
        return () -> {
            if (open.compareAndSet(true, false)) {
                keepalives.decrement();
                gate.leave();
            }
        };
    }

    @Override
    public void addResource(ResourceManager manager) {
        managers.add(manager, reporter);
    }

    @Override
    public <T> Optional<T> resource(Class<T> type) {
        return managers.find(type);
    }

    @Override
    public void report(Throwable failure) {
        reporter.report(failure);
    }

    @Override
    public Optional<OrcException> awaitDetached(Duration bound) throws InterruptedException {
        return end.await(bound);
    }

    @Override
    public void detach() {
        end.detach();
    }

    @Override
    public CompletionStage<@Nullable Void> detachAsync() {
        return onOwnThread(() -> {
            end.detach();
            return null;
        });
    }

    @Override
    public ShutdownReport shutdown(Duration bound) {
        return end.shutdown(bound);
    }

    @Override
    public CompletionStage<ShutdownReport> shutdownAsync(Duration bound) {
        return onOwnThread(() -> end.shutdown(bound));
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

    private void refuseOnDeliverer() {
        ControllerAccess controller = access.get();
        if (controller != null && controller.deliversOn(Thread.currentThread())) {
            throw new IllegalStateException("a call that waits on the thread that delivers answers waits for itself; "
                    + "use the form with a handler");
        }
    }

    /// The end of a session waits, so it gets a thread of its own; it is rare.
    private static <T extends @Nullable Object> CompletionStage<T> onOwnThread(Supplier<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        Thread.ofPlatform().name("orc-session-end").daemon().start(() -> {
            try {
                done.complete(work.get());
            } catch (RuntimeException | Error failure) {
                done.completeExceptionally(failure);
            }
        });
        return done.minimalCompletionStage();
    }
}
