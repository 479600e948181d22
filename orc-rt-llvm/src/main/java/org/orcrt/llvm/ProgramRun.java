// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.api.type.TypeId;
import org.orcrt.ffm.Stdio;
import org.orcrt.spi.OwnThreadCall;
import org.orcrt.spi.WrapperFunctionLinker;
import org.orcrt.sps.SpsException;
import org.orcrt.sps.SpsReader;
import org.orcrt.sps.SpsWriter;

/// A call in flight that may run the program, and takes its exit code from whichever comes first: the program's return
/// or its `exit`.
final class ProgramRun implements WrapperReturn {

    /// How the controller wants a program's exit code.
    private enum Code {
        /// 8 bytes: run-as-main, and the ORC runtime's run-program.
        I64,
        /// 4 bytes: the other run-as functions.
        I32,
        /// This call does not run a program.
        NONE
    }

    private final OwnThreadCall call;
    private final WrapperReturn reply;
    private final Code code;
    private final Thread thread = Thread.currentThread();
    private final AtomicBoolean answered = new AtomicBoolean();

    ProgramRun(OwnThreadCall call, WrapperFunctionLinker linker) {
        this.call = call;
        this.reply = call.reply();
        this.code = codeOf(call, linker);
    }

    /// Whether this call is over when the current thread calls `exit`: it runs the program, or it is what
    /// this thread does.
    boolean endsWithProgram() {
        return code != Code.NONE || thread == Thread.currentThread();
    }

    void proceed() {
        call.proceed(this);
    }

    /// The program has called `exit`: this call is over, but its thread never comes back.
    void exit(int status) {
        call.abandon();
        if (answered.compareAndSet(false, true)) {
            SpsWriter out = new SpsWriter();
            switch (code) {
                case I64 -> reply(out.u64(status));
                case I32 -> reply(out.i32(status));
                case NONE -> reply.outOfBandError("the program called exit(" + status + ") outside its main function");
            }
        }
    }

    @Override
    public void result(MemorySegment bytes, long offset, long length) {
        if (answered.compareAndSet(false, true)) {
            flushOutput();
            reply.result(bytes, offset, length);
        }
    }

    @Override
    public void outOfBandError(String text) {
        if (answered.compareAndSet(false, true)) {
            flushOutput();
            reply.outOfBandError(text);
        }
    }

    @Override
    public void outOfBandError(TypeId kind, String text) {
        if (answered.compareAndSet(false, true)) {
            flushOutput();
            reply.outOfBandError(kind, text);
        }
    }

    /// Lets the program's output out before the controller hears that the call is done: C++'s streams, whose
    /// buffers may be their own, and then C's, as at the end of a process.
    private void flushOutput() {
        if (code != Code.NONE) {
            CxxRuntime.flushStreams();
        }
        Stdio.flushOutput();
    }

    private void reply(SpsWriter out) {
        reply.result(out.segment(), 0, out.length());
    }

    private static Code codeOf(OwnThreadCall call, WrapperFunctionLinker linker) {
        WrapperFunction function = linker.boundAt(call.target());
        if (function == RunFunctions.MAIN) {
            return Code.I64;
        }
        if (function == RunFunctions.VOID_FUNCTION || function == RunFunctions.INT_FUNCTION) {
            return Code.I32;
        }
        return function == null && looksLikeRunProgram(call.args()) ? Code.I64 : Code.NONE;
    }

    /// The ORC runtime runs a program by a wrapper function in JIT'd code, whose address tells us nothing. Its
    /// arguments do: library, entry point, argument words - two strings and a sequence of strings that end with
    /// the last byte.
    private static boolean looksLikeRunProgram(MemorySegment args) {
        try {
            SpsReader in = new SpsReader().over(args, 0, args.byteSize());
            in.skipBytes();
            in.skipBytes();
            for (long left = in.readCount(Long.BYTES); left > 0; left--) {
                in.skipBytes();
            }
            in.end();
            return true;
        } catch (SpsException other) {
            return false;
        }
    }
}
