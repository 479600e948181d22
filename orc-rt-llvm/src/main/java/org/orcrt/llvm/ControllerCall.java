// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.CallStatus;
import org.orcrt.api.Keepalive;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.Task;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.WrapperResult;

/// A call of native code to the controller, and then the call of native code that takes the answer. Handed from the
/// thread that reads to the one that runs it by a dispatcher.
final class ControllerCall implements ResultHandler, Task {

    private final ControllerCalls calls;
    private final long ret;
    private final long context;

    /// The answer as native code gets it, ours to free until then.
    private long word;

    private long size;
    private @Nullable Keepalive inside;

    ControllerCall(ControllerCalls calls, long ret, long context) {
        this.calls = calls;
        this.ret = ret;
        this.context = context;
    }

    @Override
    public void onResult(CallStatus status, MemorySegment bytes, long offset, long length, long unused) {
        try {
            switch (status) {
                case RESULT -> {
                    word = WrapperResult.word(bytes, offset, length);
                    size = length;
                }
                case OUT_OF_BAND_ERROR -> word = WrapperResult.errorWord(bytes, offset, length);
                case DISCONNECTED -> word = NativeMemory.mallocCString("disconnected");
                case DEADLINE_EXCEEDED, CANCELLED -> word = NativeMemory.mallocCString("the call was given up");
            }
        } catch (OutOfMemoryError tooLong) {
            word = NativeMemory.mallocCString("no memory for an answer of " + length + " bytes");
        }
        calls.hand(this);
    }

    /// @param keepalive held until native code has been told
    void keep(Keepalive keepalive) {
        inside = keepalive;
    }

    @Override
    public void run() {
        try {
            calls.run(ret, word, size, context);
        } finally {
            end();
        }
    }

    @Override
    public void discard() {
        WrapperResult.free(word, size);
        end();
    }

    private void end() {
        calls.ended();
        if (inside != null) {
            inside.close();
        }
    }
}
