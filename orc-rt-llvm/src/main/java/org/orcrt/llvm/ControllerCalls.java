// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.CallException;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.Keepalive;
import org.orcrt.api.ResourceManager;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.ffm.NativeFunctions;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.StubPool;
import org.orcrt.ffm.Upcall;
import org.orcrt.ffm.WrapperResult;
import org.orcrt.spi.ExecutorSetup;

/// The way from native code to the controller that does not wait: `void f(S, tag, Buffer args, ret, void *context)`.
/// Called from any thread of the process. The arguments are ours to free; `void ret(S, Buffer result, void *context)`
/// is called once, and frees the result. A call that cannot be made is answered on the caller's own thread, before the
/// function returns; every other one on a thread made for it, never on the one that reads. One C function serves all
/// sessions; the first argument tells which one.
final class ControllerCalls implements ResourceManager {

    /// How many calls of a session may wait for their answer, or for the end of its `ret`.
    static final int MAX_IN_FLIGHT = 1024;

    private static final Map<Long, ControllerCalls> SESSIONS = new ConcurrentHashMap<>();

    /// Never given back: native code may outlive its session.
    private static final long FUNCTION = StubPool.lease(ControllerCalls::enter);

    private final Session session;
    private final long instance;
    private final TaskDispatcher threads;
    private final AtomicInteger inFlight = new AtomicInteger();

    ControllerCalls(ExecutorSetup setup) {
        session = setup.session();
        instance = setup.sessionAddress().value();
        threads = setup.ownThreads(MAX_IN_FLIGHT);
        SESSIONS.put(instance, this);
    }

    static ExecutorAddress function() {
        return new ExecutorAddress(FUNCTION);
    }

    @Override
    public void detach() {}

    @Override
    public void shutdown() {
        SESSIONS.remove(instance);
    }

    /// Nothing may leave, and nothing is left in the result registers, which the caller does not read.
    private static void enter(long instance, long tag, long word, long size, long result) {
        long ret = Upcall.fifth(result);
        long context = Upcall.sixth(result);
        if (size == 0 && word != 0) {
            // an error in the place of the arguments is the answer: the buffer passes on
            pass(ret, instance, word, 0, context);
            return;
        }
        String refusal;
        try {
            NativeMemory.putLong(result, word);
            ControllerCalls calls = SESSIONS.get(instance);
            refusal = calls == null
                    ? "no controller attached"
                    : calls.send(tag, WrapperResult.bytes(result, size), size, new ControllerCall(calls, ret, context));
        } catch (Throwable failure) {
            refusal = "the controller was not called: " + failure.getMessage();
        } finally {
            WrapperResult.free(word, size);
            NativeMemory.putLong(result, 0);
        }
        if (refusal != null) {
            pass(ret, instance, NativeMemory.mallocCString(refusal), 0, context);
        }
    }

    /// Tells native code what became of its call; runs foreign code on this thread.
    private static void pass(long ret, long instance, long word, long size, long context) {
        NativeFunctions.call(ret, instance, word, size, context, 0, 0);
    }

    /// @return why the call was not made, or `null` if it was
    private @Nullable String send(long tag, long args, long size, ControllerCall call) {
        if (inFlight.incrementAndGet() > MAX_IN_FLIGHT) {
            inFlight.decrementAndGet();
            return "too many calls to the controller are in flight: " + MAX_IN_FLIGHT;
        }
        boolean sent = false;
        try {
            SendStatus status = session.callController(
                    new HandlerTag(tag), NativeMemory.ALL, args, size, call, 0, Session.NO_TIMEOUT);
            sent = status == SendStatus.SENT;
            return switch (status) {
                case SENT -> null;
                case BACK_PRESSURED -> "too many calls to the controller are in flight";
                case DISCONNECTED -> "no controller attached";
            };
        } finally {
            if (!sent) {
                inFlight.decrementAndGet();
            }
        }
    }

    /// Has `ret` run on a thread made for it. Code and memory stay loaded until it has returned.
    ///
    /// @param call answered
    void hand(ControllerCall call) {
        Keepalive inside = session.tryEnter();
        if (inside == null) {
            give(call, "the session is shutting down");
            return;
        }
        call.keep(inside);
        if (!threads.dispatch(call)) {
            give(call, "the system has no thread for it");
        }
    }

    private void give(ControllerCall call, String why) {
        call.discard();
        session.report(new CallException(
                CallException.OVERLOADED, "native code was not told what its call to the controller gave: " + why));
    }

    void run(long ret, long word, long size, long context) {
        pass(ret, instance, word, size, context);
    }

    /// A call is over: its `ret` has returned, or will never be called.
    void ended() {
        inFlight.decrementAndGet();
    }
}
