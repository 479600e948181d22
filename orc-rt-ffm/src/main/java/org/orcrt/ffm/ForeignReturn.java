// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.orcrt.api.WrapperReturn;

/// Takes the answer of a Java function that native code called in the asynchronous form, and passes it on by a call of
/// the native `void ret(S, Buffer result, uint64_t callId)`, once, on the thread that answers. Who gets the buffer
/// frees it.
final class ForeignReturn implements WrapperReturn {

    private final long session;
    private final long ret;
    private final long callId;
    private final AtomicBoolean answered = new AtomicBoolean();

    ForeignReturn(long session, long ret, long callId) {
        this.session = session;
        this.ret = ret;
        this.callId = callId;
    }

    @Override
    public void result(MemorySegment bytes, long offset, long length) {
        claim();
        long word;
        try {
            word = WrapperResult.word(bytes, offset, length);
        } catch (RuntimeException | Error notCopied) {
            answered.set(false); // bytes that cannot be read are not an answer
            throw notCopied;
        }
        pass(session, ret, word, length, callId);
    }

    @Override
    public void outOfBandError(String text) {
        claim();
        long word;
        try {
            word = NativeMemory.mallocCString(text);
        } catch (RuntimeException | Error notCopied) {
            answered.set(false);
            throw notCopied;
        }
        pass(session, ret, word, 0, callId);
    }

    /// The function has thrown.
    ///
    /// @return whether that is to be the answer, because none was given
    boolean claimForFailure() {
        return answered.compareAndSet(false, true);
    }

    private void claim() {
        if (!answered.compareAndSet(false, true)) {
            throw new IllegalStateException("this call was answered already");
        }
    }

    /// Answers with an error.
    static void error(long session, long ret, long callId, String text) {
        pass(session, ret, NativeMemory.mallocCString(text), 0, callId);
    }

    /// Calls `ret` with a buffer.
    static void pass(long session, long ret, long word, long size, long callId) {
        NativeFunctions.call(ret, session, word, size, callId, 0, 0);
    }
}
