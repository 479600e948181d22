// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.ResourceManager;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.StubPool;
import org.orcrt.ffm.WrapperResult;

/// The way from JIT'd code to the controller: `result f(void *context, const void *tag, const char *args, size_t
/// size)`. Called from any thread of the process, which waits for the answer. One C function serves all sessions; the
/// context tells which one.
final class JitDispatch implements ResourceManager {

    /// Contexts are names, not places in memory: none is ever used twice, and none is an address of anything.
    private static final AtomicLong NEXT_CONTEXT = new AtomicLong(0x7ff1_0000_0000_0000L);

    private static final Map<Long, Session> SESSIONS = new ConcurrentHashMap<>();

    /// Never given back: JIT'd code may outlive its session.
    private static final long FUNCTION = StubPool.lease(JitDispatch::dispatch);

    private final long context = NEXT_CONTEXT.getAndIncrement();

    JitDispatch(Session session) {
        SESSIONS.put(context, session);
    }

    static ExecutorAddress function() {
        return new ExecutorAddress(FUNCTION);
    }

    ExecutorAddress context() {
        return new ExecutorAddress(context);
    }

    @Override
    public void detach() {}

    @Override
    public void shutdown() {
        SESSIONS.remove(context);
    }

    private static void dispatch(long context, long tag, long args, long size, long result) {
        @Nullable Session session = SESSIONS.get(context);
        if (session == null) {
            WrapperResult.writeError(result, "no controller attached");
            return;
        }
        SendStatus status = session.callControllerAndWait(
                new HandlerTag(tag), NativeMemory.ALL, args, size, new DispatchedCall(result), Session.NO_TIMEOUT);
        switch (status) {
            case SENT -> {
                // the answer is where the C function returns it from
            }
            case BACK_PRESSURED -> WrapperResult.writeError(result, "too many calls to the controller are in flight");
            case DISCONNECTED -> WrapperResult.writeError(result, "no controller attached");
        }
    }
}
