// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A reply that is read when it comes. Cancelling it cancels the call.
final class TypedStage<T extends @Nullable Object> extends CompletableFuture<T> {

    private final CompletionStage<byte[]> reply;

    private TypedStage(CompletionStage<byte[]> reply) {
        this.reply = reply;
    }

    static <T extends @Nullable Object> CompletionStage<T> of(
            CompletionStage<byte[]> reply, RemoteFunction function, SpsCodec<T> result) {
        TypedStage<T> stage = new TypedStage<>(reply);
        reply.whenComplete((bytes, failure) -> {
            if (failure != null) {
                stage.completeExceptionally(causeOf(failure));
            } else {
                stage.read(bytes, function, result);
            }
        });
        return stage;
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        boolean cancelled = super.cancel(mayInterrupt);
        if (cancelled) {
            reply.toCompletableFuture().cancel(mayInterrupt);
        }
        return cancelled;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    /// What a stage failed with, without what stages wrap around it.
    static Throwable causeOf(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private void read(byte[] bytes, RemoteFunction function, SpsCodec<T> result) {
        try {
            complete(result.read(SpsReader.of(bytes)));
        } catch (SpsException malformed) {
            completeExceptionally(SpsCall.unreadable(function, malformed));
        } catch (Throwable failure) { // whatever a codec throws: nobody is above this
            completeExceptionally(failure);
        }
    }
}
