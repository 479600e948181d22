// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.foreign.MemorySegment;
import org.orcrt.api.CallException;
import org.orcrt.api.Execution;
import org.orcrt.api.OrcException;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;

/// A function whose arguments are read before it begins, so that what it throws is not taken for bad arguments.
///
/// @param execution where it runs
/// @param form where its failures go
/// @param body reads its arguments to the end, runs, and writes its result with the form's success in front
record TypedFunction(Execution execution, ResultForm form, SpsFunction.Body body) implements WrapperFunction {

    @Override
    public void call(MemorySegment args, long offset, long length, WrapperReturn reply) {
        Scratch scratch = Scratch.take();
        try {
            run(scratch.reader.over(args, offset, length), scratch.writer, reply);
        } finally {
            scratch.giveBack();
        }
    }

    private void run(SpsReader reader, SpsWriter writer, WrapperReturn reply) {
        try {
            body.run(reader, writer);
        } catch (OrcException failure) {
            if (!reader.hasEnded()) {
                reply.outOfBandError(SpsFunction.unreadable(failure));
                return;
            }
            if (!form.writeFailure(writer, textOf(failure))) {
                refuse(failure, reply);
                return;
            }
        }
        reply.result(writer.segment(), 0, writer.length());
    }

    /// A failed call of the function's own is no failure of the call that is answered here, so its kind stays here.
    static void refuse(OrcException failure, WrapperReturn reply) {
        if (failure instanceof CallException) {
            reply.outOfBandError(textOf(failure));
        } else {
            reply.outOfBandError(failure.typeId(), textOf(failure));
        }
    }

    static String textOf(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }
}
