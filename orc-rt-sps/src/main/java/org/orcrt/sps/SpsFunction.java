// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.Execution;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;

/// Wrapper functions whose arguments and results are SPS. Those of whole interfaces: [SpsInterface].
///
/// Arguments that cannot be read are answered with an out-of-band error and the body's result is dropped. Whatever else
/// a function throws before it returns is left to its caller: the session reports it and answers for it.
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

    /// What a function does that answers later.
    ///
    /// @param <R> the result's type
    @FunctionalInterface
    public interface StagedBody<R extends @Nullable Object> {

        /// Begins the function.
        ///
        /// @param args the arguments; valid until this method returns. If it throws before [SpsReader#end] or
        ///     [SpsReader#skipRest], the arguments are to blame
        /// @return completed with the result, on any thread
        CompletionStage<R> start(SpsReader args);
    }

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

    /// Makes a wrapper function of a function of one argument. What follows the argument is not looked at. If the
    /// function throws an [org.orcrt.api.OrcException], its message travels out of band.
    ///
    /// @param <A> the argument's type
    /// @param <R> the result's type
    /// @param execution where incoming calls run
    /// @param arg reads the argument
    /// @param result writes the result; [SpsCodecs#EMPTY] for none
    /// @param function the function
    /// @return the wrapper function
    public static <A extends @Nullable Object, R extends @Nullable Object> WrapperFunction typed(
            Execution execution, SpsCodec<A> arg, SpsCodec<R> result, Function<? super A, ? extends R> function) {
        return new TypedFunction(execution, ResultForm.PLAIN, (args, reply) -> {
            A value = arg.read(args);
            args.skipRest();
            result.write(reply, function.apply(value));
        });
    }

    /// Makes a wrapper function of a function of two arguments. Otherwise as with one.
    ///
    /// @param <A> the first argument's type
    /// @param <B> the second argument's type
    /// @param <R> the result's type
    /// @param execution where incoming calls run
    /// @param first reads the first argument
    /// @param second reads the second argument
    /// @param result writes the result; [SpsCodecs#EMPTY] for none
    /// @param function the function
    /// @return the wrapper function
    public static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
            WrapperFunction typed(
                    Execution execution,
                    SpsCodec<A> first,
                    SpsCodec<B> second,
                    SpsCodec<R> result,
                    BiFunction<? super A, ? super B, ? extends R> function) {
        return new TypedFunction(execution, ResultForm.PLAIN, (args, reply) -> {
            A one = first.read(args);
            B two = second.read(args);
            args.skipRest();
            result.write(reply, function.apply(one, two));
        });
    }

    /// Makes a wrapper function that answers when a stage completes. An exception other than
    /// [org.orcrt.api.OrcException] in the stage is answered as an internal error.
    ///
    /// @param <R> the result's type
    /// @param execution where incoming calls begin; not [Execution#LEAF]
    /// @param result writes the result
    /// @param body what the function does
    /// @return the wrapper function
    /// @throws IllegalArgumentException for a leaf, which has to answer before it returns
    public static <R extends @Nullable Object> WrapperFunction staged(
            Execution execution, SpsCodec<R> result, StagedBody<R> body) {
        return new StagedFunction<>(execution, ResultForm.PLAIN, body, result);
    }

    @Override
    public void call(MemorySegment args, long offset, long length, WrapperReturn reply) {
        Scratch scratch = Scratch.take();
        try {
            body.run(scratch.reader.over(args, offset, length), scratch.writer);
            reply.result(scratch.writer.segment(), 0, scratch.writer.length());
        } catch (SpsException unreadable) {
            reply.outOfBandError(unreadable(unreadable));
        } finally {
            scratch.giveBack();
        }
    }

    static String unreadable(RuntimeException failure) {
        return "cannot read the arguments: " + failure.getMessage();
    }
}
