// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.PeerText;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.api.memory.AllocAction;
import org.orcrt.ffm.WrapperCaller;
import org.orcrt.spi.WrapperFunctionLinker;
import org.orcrt.sps.SpsException;
import org.orcrt.sps.SpsReader;

/// Runs allocation actions by address. A Java function behind a stub is called without native code in between; it must
/// answer before it returns.
///
/// An action succeeds with an empty result or with an `SPSError` that holds none, and fails with an `SPSError` that
/// holds a text or with an out-of-band error.
public final class NativeAllocActionRunner implements AllocActionRunner {

    private final WrapperFunctionLinker linker;
    private final Runnable awaitCode;

    /// Makes a runner for memory whose code is run by nobody that it would have to wait for.
    ///
    /// @param linker knows which addresses belong to Java functions
    public NativeAllocActionRunner(WrapperFunctionLinker linker) {
        this(linker, () -> {});
    }

    /// Makes a runner.
    ///
    /// @param linker knows which addresses belong to Java functions
    /// @param awaitCode what [#awaitCode()] does
    public NativeAllocActionRunner(WrapperFunctionLinker linker, Runnable awaitCode) {
        this.linker = linker;
        this.awaitCode = awaitCode;
    }

    @Override
    public void awaitCode() {
        awaitCode.run();
    }

    @Override
    public void run(AllocAction action) {
        long address = action.function().value();
        MemorySegment args = MemorySegment.ofArray(action.args());
        Outcome outcome = new Outcome();
        WrapperFunction function = linker.boundAt(address);
        if (function != null) {
            function.call(args, 0, args.byteSize(), outcome);
        } else {
            WrapperCaller.call(address, args, 0, args.byteSize(), outcome);
        }
        String failure = outcome.close();
        if (failure != null) {
            throw new MemoryMapException(MemoryMapException.ACTION_FAILED, failure);
        }
    }

    /// Takes the one answer of an action.
    private static final class Outcome implements WrapperReturn {

        private boolean closed;

        private @Nullable String failure = "it did not answer before it returned";

        @Override
        public synchronized void result(MemorySegment bytes, long offset, long length) {
            answer(failureIn(bytes, offset, length));
        }

        @Override
        public synchronized void outOfBandError(String text) {
            answer(PeerText.escape(text));
        }

        /// The function has returned.
        ///
        /// @return why it failed, or `null`
        synchronized @Nullable String close() {
            closed = true;
            return failure;
        }

        private void answer(@Nullable String failure) {
            if (closed) {
                throw new IllegalStateException("this call was answered already, or its caller is gone");
            }
            closed = true;
            this.failure = failure;
        }

        private static @Nullable String failureIn(MemorySegment bytes, long offset, long length) {
            if (length == 0) {
                return null;
            }
            try {
                String text = new SpsReader().over(bytes, offset, length).readError();
                return text == null ? null : PeerText.escape(text);
            } catch (SpsException malformed) {
                return "its result of %d bytes is no error of SPS: %s".formatted(length, malformed.getMessage());
            }
        }
    }
}
