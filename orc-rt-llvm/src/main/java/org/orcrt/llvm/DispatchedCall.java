// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ResultHandler;
import org.orcrt.ffm.WrapperResult;

/// A call of JIT'd code to the controller whose thread waits. The answer is written straight into the place from which
/// the C function returns it, on the thread that reads: the waiting thread's stack keeps that place.
final class DispatchedCall implements ResultHandler {

    private final long result;
    private final Thread caller = Thread.currentThread();

    /// Written after the result; the waiter reads it before it returns.
    private volatile boolean done;

    DispatchedCall(long result) {
        this.result = result;
    }

    @Override
    public void onResult(CallStatus status, MemorySegment bytes, long offset, long length, long context) {
        try {
            switch (status) {
                case RESULT -> WrapperResult.write(result, bytes, offset, length);
                case OUT_OF_BAND_ERROR -> WrapperResult.writeError(result, text(bytes, offset, length));
                case DISCONNECTED, DEADLINE_EXCEEDED, CANCELLED -> WrapperResult.writeError(result, "disconnecting");
            }
        } finally {
            done = true;
            LockSupport.unpark(caller);
        }
    }

    /// Waits for the answer. The connection's end is the bound: it answers every pending call.
    void await() {
        boolean interrupted = false;
        while (!done) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            caller.interrupt();
        }
    }

    @Override
    public String toString() {
        return "waiting for the controller's answer to JIT'd code on " + caller.getName();
    }

    private static String text(MemorySegment bytes, long offset, long length) {
        byte[] copy = new byte[Math.toIntExact(length)];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, offset, copy, 0, copy.length);
        return new String(copy, StandardCharsets.UTF_8);
    }
}
