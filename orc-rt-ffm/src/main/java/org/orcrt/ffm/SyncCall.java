// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicBoolean;
import org.orcrt.api.WrapperReturn;
import org.orcrt.spi.NativeCall;

/// A call of `Buffer f(const char *args, size_t size)`. One block holds the result and, behind it, the arguments; it is
/// freed when the function has returned.
final class SyncCall implements NativeCall {

    private final long function;
    private final long block;
    private final long length;
    private final AtomicBoolean over = new AtomicBoolean();

    SyncCall(long function, MemorySegment args, long offset, long length) {
        this.function = function;
        this.length = length;
        this.block = NativeMemory.malloc(WrapperResult.BYTES + length);
        copy(args, offset, length, block, argsAddress());
    }

    /// Fills a block with arguments, or frees it.
    static void copy(MemorySegment args, long offset, long length, long block, long to) {
        try {
            MemorySegment.copy(
                    args, ValueLayout.JAVA_BYTE, offset, NativeMemory.ALL, ValueLayout.JAVA_BYTE, to, length);
        } catch (RuntimeException | Error unreadable) {
            NativeMemory.free(block);
            throw unreadable;
        }
    }

    @Override
    public MemorySegment args() {
        return NativeMemory.ALL.asSlice(argsAddress(), length);
    }

    private long argsAddress() {
        return block + WrapperResult.BYTES;
    }

    @Override
    public void invoke(WrapperReturn reply) {
        if (!over.compareAndSet(false, true)) {
            throw new IllegalStateException("this call of 0x%x was made or discarded before".formatted(function));
        }
        try {
            WrapperCaller.enter(block, function, argsAddress(), length);
            WrapperResult.deliver(block, reply);
        } finally {
            NativeMemory.free(block);
        }
    }

    @Override
    public void discard() {
        if (over.compareAndSet(false, true)) {
            NativeMemory.free(block);
        }
    }
}
