// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.orcrt.api.CallException;
import org.orcrt.api.WrapperReturn;
import org.orcrt.spi.NativeCall;

/// A call of `void f(S, Buffer args, ret, uint64_t callId)`. The block of the arguments is handed over to the function,
/// which frees it; up to 8 bytes go in a register.
final class AsyncCall implements NativeCall {

    private final long function;
    private final long session;
    private final long block;
    private final long length;
    private final AtomicBoolean over = new AtomicBoolean();

    AsyncCall(long function, long session, MemorySegment args, long offset, long length) {
        this.function = function;
        this.session = session;
        this.length = length;
        this.block = NativeMemory.malloc(Math.max(length, WrapperResult.INLINE_BYTES));
        NativeMemory.putLong(block, 0);
        SyncCall.copy(args, offset, length, block, block);
    }

    @Override
    public MemorySegment args() {
        return NativeMemory.ALL.asSlice(block, length);
    }

    @Override
    public void invoke(WrapperReturn reply) {
        if (!over.compareAndSet(false, true)) {
            throw new IllegalStateException("this call of 0x%x was made or discarded before".formatted(function));
        }
        long callId = AsyncReturns.await(session, reply);
        if (callId == AsyncReturns.FULL) {
            NativeMemory.free(block);
            reply.outOfBandError(
                    CallException.OVERLOADED,
                    "overloaded: %d asynchronous calls of native functions wait for their answer"
                            .formatted(AsyncReturns.MAX_WAITING));
            return;
        }
        long word = block;
        if (length <= WrapperResult.INLINE_BYTES) {
            word = NativeMemory.getLong(block);
            NativeMemory.free(block);
        }
        NativeFunctions.call(function, session, word, length, AsyncReturns.function(), callId, 0);
    }

    @Override
    public void discard() {
        if (over.compareAndSet(false, true)) {
            NativeMemory.free(block);
        }
    }
}
