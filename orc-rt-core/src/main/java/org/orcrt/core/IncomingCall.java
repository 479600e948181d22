// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.CallException;
import org.orcrt.api.Execution;
import org.orcrt.api.OrcException;
import org.orcrt.api.SessionException;
import org.orcrt.api.Task;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.api.type.TypeId;
import org.orcrt.spi.CallInterceptor;
import org.orcrt.spi.NativeCall;
import org.orcrt.spi.OwnThreadCall;
import org.orcrt.wire.CallReply;
import org.orcrt.wire.ReplySink;

/// A call of the controller that runs as a task. It keeps the session's code alive until the function returns.
final class IncomingCall implements Task, CallThreads.Work {

    private final DefaultSession session;
    private final long target;

    /// The Java function behind `target`, or else the native call: one of the two.
    private final @Nullable WrapperFunction function;

    private final @Nullable NativeCall nativeCall;
    private final MemorySegment args;
    private final ReplySink back;
    private final CallReply reply;
    private final AtomicBoolean left = new AtomicBoolean();

    /// The thread that runs this call, once it runs.
    private volatile @Nullable Thread thread;

    /// Copies the arguments: once, to where the function reads them.
    ///
    /// @param function the Java function behind `target`, or `null` if it is native
    IncomingCall(
            DefaultSession session,
            long target,
            @Nullable WrapperFunction function,
            MemorySegment args,
            long offset,
            long length,
            long callId) {
        this.session = session;
        this.target = target;
        this.function = function;
        if (function == null) {
            SessionParts parts = session.parts();
            this.nativeCall = session.linker()
                    .prepare(target, parts.conventionOf(target), parts.sessionAddress(), args, offset, length);
            this.args = nativeCall.args();
        } else {
            byte[] copy = new byte[Math.toIntExact(length)];
            MemorySegment.copy(args, ValueLayout.JAVA_BYTE, offset, copy, 0, copy.length);
            this.nativeCall = null;
            this.args = MemorySegment.ofArray(copy);
        }
        this.back = session.events().arrived(target, length);
        this.reply = new CallReply(back, callId);
    }

    /// Whether the function may run foreign code, so that the thread must be its own.
    boolean isForeign() {
        return function == null || function.execution() == Execution.OWN_THREAD;
    }

    /// Whether the call has been answered, or its function has returned.
    @Override
    public boolean isOver() {
        return reply.isAnswered() || left.get();
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        try {
            OrcException refusal = session.beginCall(this);
            if (refusal != null) {
                reply.refuse(refusal.typeId(), CallReply.textOf(refusal));
                return;
            }
            session.events().enters(this, back, session.dispatchers());
            try {
                runFunction();
            } finally {
                session.endCall(this);
            }
        } finally {
            discardArgs();
            leave();
        }
    }

    @Override
    public void discard() {
        refuse(
                session.isEnding() ? SessionException.SHUTTING_DOWN : CallException.OVERLOADED,
                "the call was discarded: the session is shutting down or has no thread for it");
    }

    /// Answers instead of the function.
    void refuse(TypeId kind, String text) {
        try {
            reply.refuse(kind, text);
        } finally {
            discardArgs();
            leave();
        }
    }

    /// The arguments of a native call lie outside the heap: if the call was not made, this frees them. Not when the
    /// call is abandoned: its function may still read them.
    void discardArgs() {
        if (nativeCall != null) {
            nativeCall.discard();
        }
    }

    private void runFunction() {
        try {
            List<CallInterceptor> interceptors = session.interceptors();
            enter(isForeign() ? interceptors.size() : 0, interceptors, reply);
        } catch (Throwable failure) {
            // the boundary to code that is not ours: the controller always gets an answer
            reply.fail(failure);
        }
    }

    private void enter(int outside, List<CallInterceptor> interceptors, WrapperReturn answer) {
        if (outside > 0) {
            interceptors.get(outside - 1).around(new Layer(outside - 1, interceptors, answer));
        } else if (function != null) {
            function.call(args, 0, args.byteSize(), answer);
        } else {
            requireNonNull(nativeCall).invoke(answer);
        }
    }

    private void leave() {
        if (left.compareAndSet(false, true)) {
            session.gate().leave();
        }
    }

    /// The call as one interceptor sees it: `proceed` enters the next layer inside.
    private final class Layer implements OwnThreadCall {

        private final int outside;
        private final List<CallInterceptor> interceptors;
        private final WrapperReturn answer;

        Layer(int outside, List<CallInterceptor> interceptors, WrapperReturn answer) {
            this.outside = outside;
            this.interceptors = interceptors;
            this.answer = answer;
        }

        @Override
        public long target() {
            return target;
        }

        @Override
        public MemorySegment args() {
            return args;
        }

        @Override
        public WrapperReturn reply() {
            return answer;
        }

        @Override
        public void proceed(WrapperReturn inner) {
            enter(outside, interceptors, inner);
        }

        @Override
        public void abandon() {
            Thread parked = thread;
            if (parked != null) {
                session.abandon(IncomingCall.this, parked);
            }
            leave();
        }
    }
}
