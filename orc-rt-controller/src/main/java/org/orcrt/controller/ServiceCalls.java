// SPDX-License-Identifier: Apache-2.0
package org.orcrt.controller;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.orcrt.api.CallException;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorProcessControl;
import org.orcrt.sps.SpsException;
import org.orcrt.sps.SpsReader;
import org.orcrt.sps.SpsWriter;
import org.orcrt.wire.Llvm22;
import org.orcrt.wire.Service;

/// Calls the executor's own functions, by the names that it published. They have the same names in executors of ours
/// and in LLVM 22's.
///
/// @param control the connection
/// @param timeout how long each call may take
record ServiceCalls(ExecutorProcessControl control, Duration timeout) {

    /// The address of a service.
    ///
    /// @throws CallException if the executor has no such service
    ExecutorAddress address(Service service) {
        String name = Llvm22.DIALECT.nameOf(service);
        ExecutorAddress address = control.bootstrapInfo().symbols().get(name);
        if (address == null || address.isNull()) {
            throw new CallException(
                    CallException.UNKNOWN_TAG,
                    "the executor publishes no '" + name + "'; is the plug-in that does on its module path?");
        }
        return address;
    }

    /// Calls a service and waits for its answer.
    ///
    /// @param args writes the arguments
    /// @param result reads the answer, all of it
    /// @throws CallException if there is no answer, or it is an error, or it cannot be read
    <T> T call(Service service, Consumer<SpsWriter> args, Function<SpsReader, T> result) {
        SpsWriter writer = new SpsWriter();
        args.accept(writer);
        return read(service.toString(), call(address(service), writer.toByteArray()), result);
    }

    /// Calls a function and waits for its answer.
    ///
    /// @throws CallException if there is none, or it is an error
    byte[] call(ExecutorAddress function, byte[] args) {
        CompletableFuture<byte[]> answer =
                control.callWrapperAsync(function, args, timeout).toCompletableFuture();
        try {
            return answer.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof CallException why) {
                throw again("call of " + function + ": " + why.getMessage(), why);
            }
            throw new CompletionException(failed.getCause());
        } catch (InterruptedException stop) {
            answer.cancel(false);
            Thread.currentThread().interrupt();
            throw new CallException(
                    CallException.CANCELLED, "call of " + function + " withdrawn: its thread was interrupted", stop);
        }
    }

    /// The same failure, with a stack and a text of this thread.
    private static CallException again(String text, CallException why) {
        return why.remoteKind()
                .map(kind -> CallException.answered(kind, text, why))
                .orElseGet(() -> new CallException(why.typeId(), text, why));
    }

    private static <T> T read(String what, byte[] answer, Function<SpsReader, T> result) {
        try {
            SpsReader reader = SpsReader.of(answer);
            T value = result.apply(reader);
            reader.end();
            return value;
        } catch (SpsException | IllegalArgumentException unreadable) {
            throw new CallException(
                    CallException.HANDLER_FAILED,
                    answer.length == 0
                            ? "the executor failed to run " + what + "; it says why on its standard error"
                            : "the executor's answer to " + what + " cannot be read: " + unreadable.getMessage(),
                    unreadable);
        }
    }
}
