// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.foreign.MemorySegment;
import org.orcrt.api.Execution;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;

/// A wrapper function whose arguments and results are SPS and that answers before it returns.
///
/// Arguments that cannot be read are answered with an out-of-band error and the body's result is dropped. Whatever else
/// the body throws is left to the caller.
public final class SpsFunction implements WrapperFunction {

    /// What the function does.
    @FunctionalInterface
    public interface Body {

        /// Runs the function.
        ///
        /// @param args the arguments; valid until this method returns
        /// @param result takes the result; empty at first
        void run(SpsReader args, SpsWriter result);
    }

    /// A writer that has grown further is not kept.
    private static final long KEPT_BYTES = 1L << 20;

    /// One reader and writer per thread. A body that reaches another SPS function on its own thread finds them taken.
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private final Execution execution;
    private final Body body;

    private SpsFunction(Execution execution, Body body) {
        this.execution = execution;
        this.body = body;
    }

    /// Makes a wrapper function.
    ///
    /// @param execution where incoming calls run
    /// @param body what the function does
    /// @return the function
    public static WrapperFunction of(Execution execution, Body body) {
        return new SpsFunction(execution, body);
    }

    @Override
    public Execution execution() {
        return execution;
    }

    @Override
    public void call(MemorySegment args, long offset, long length, WrapperReturn reply) {
        Scratch own = SCRATCH.get();
        Scratch scratch = own.taken ? new Scratch() : own;
        scratch.taken = true;
        try {
            body.run(scratch.reader.over(args, offset, length), scratch.writer.reset());
            reply.result(scratch.writer.segment(), 0, scratch.writer.length());
        } catch (SpsException unreadable) {
            reply.outOfBandError("cannot read the arguments: " + unreadable.getMessage());
        } finally {
            scratch.taken = false;
            if (scratch.writer.segment().byteSize() > KEPT_BYTES) {
                SCRATCH.remove();
            }
        }
    }

    private static final class Scratch {
        private final SpsReader reader = new SpsReader();
        private final SpsWriter writer = new SpsWriter();
        private boolean taken;
    }
}
