// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.Execution;
import org.orcrt.api.OrcException;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;

/// A function that answers when its stage completes, on the thread that completes it.
///
/// @param execution where it begins
/// @param form where its failures go
/// @param body reads its arguments to the end and begins
/// @param result writes the result, with the form's success in front
record StagedFunction<R extends @Nullable Object>(
        Execution execution, ResultForm form, SpsFunction.StagedBody<R> body, SpsCodec<R> result)
        implements WrapperFunction {

    StagedFunction {
        if (execution == Execution.LEAF) {
            throw new IllegalArgumentException("a leaf answers before it returns, so it cannot return a stage");
        }
    }

    @Override
    public void call(MemorySegment args, long offset, long length, WrapperReturn reply) {
        Scratch scratch = Scratch.take();
        CompletionStage<R> stage;
        try {
            stage = start(scratch.reader.over(args, offset, length), reply);
        } finally {
            scratch.giveBack();
        }
        if (stage != null) {
            stage.whenComplete((value, failure) -> answer(value, failure, reply));
        }
    }

    private @Nullable CompletionStage<R> start(SpsReader reader, WrapperReturn reply) {
        try {
            return Objects.requireNonNull(body.start(reader), "a typed function returned no stage");
        } catch (OrcException failure) {
            if (reader.hasEnded()) {
                fail(failure, reply);
            } else {
                reply.outOfBandError(SpsFunction.unreadable(failure));
            }
            return null;
        }
    }

    @SuppressWarnings("NullAway") // without a failure the value is what the stage was completed with
    private void answer(@Nullable R value, @Nullable Throwable failure, WrapperReturn reply) {
        if (failure != null) {
            fail(TypedStage.causeOf(failure), reply);
            return;
        }
        Scratch scratch = Scratch.take();
        try {
            result.write(scratch.writer, value);
            reply.result(scratch.writer.segment(), 0, scratch.writer.length());
        } catch (Throwable unwritable) { // whatever a codec throws: nobody is above this
            fail(unwritable, reply);
        } finally {
            scratch.giveBack();
        }
    }

    /// Nobody is above this: the caller always gets an answer.
    private void fail(Throwable failure, WrapperReturn reply) {
        if (!(failure instanceof OrcException known)) {
            reply.outOfBandError("internal error in a typed function: " + failure);
            return;
        }
        Scratch scratch = Scratch.take();
        try {
            if (form.writeFailure(scratch.writer, TypedFunction.textOf(failure))) {
                reply.result(scratch.writer.segment(), 0, scratch.writer.length());
            } else {
                TypedFunction.refuse(known, reply);
            }
        } finally {
            scratch.giveBack();
        }
    }
}
