// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import java.lang.foreign.MemorySegment;
import org.orcrt.api.WrapperReturn;

/// Takes the answer of a Java function that native code called. The native caller waits on its own stack, so an answer
/// counts only until the function returns.
final class StubReturn implements WrapperReturn {

    private final long result;

    /// Guarded by this object: whether an answer came, or it is too late for one.
    private boolean closed;

    StubReturn(long result) {
        this.result = result;
    }

    @Override
    public synchronized void result(MemorySegment bytes, long offset, long length) {
        close();
        try {
            WrapperResult.write(result, bytes, offset, length);
        } catch (RuntimeException | Error notCopied) {
            closed = false; // bytes that cannot be read are not an answer
            throw notCopied;
        }
    }

    @Override
    public synchronized void outOfBandError(String text) {
        close();
        try {
            WrapperResult.writeError(result, text);
        } catch (RuntimeException | Error notCopied) {
            closed = false;
            throw notCopied;
        }
    }

    /// The function has returned: if it did not answer, an error is the answer.
    synchronized void expire() {
        if (!closed) {
            outOfBandError("the function did not answer before it returned; native callers cannot wait for it");
        }
    }

    /// The function has thrown: an answer that it gave stays, else the failure is the answer.
    synchronized void fail(Throwable failure) {
        if (!closed) {
            closed = true;
            WrapperResult.writeErrorOf(result, failure);
        }
    }

    private void close() {
        if (closed) {
            throw new IllegalStateException("this call was answered already, or its caller is gone");
        }
        closed = true;
    }
}
