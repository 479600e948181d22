// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.type.TypeId;

/// One call failed; the session goes on.
public final class CallException extends OrcException {

    /// The kind of all errors of this class.
    public static final TypeId KIND = ERROR.child("call");

    /// Nothing is registered under the tag.
    public static final TypeId UNKNOWN_TAG = KIND.child("unknown-tag");

    /// There is no controller, or no longer.
    public static final TypeId DETACHED = KIND.child("detached");

    /// No reply before the deadline.
    public static final TypeId DEADLINE_EXCEEDED = KIND.child("deadline-exceeded");

    /// The caller withdrew the call.
    public static final TypeId CANCELLED = KIND.child("cancelled");

    /// More calls than the limits allow.
    public static final TypeId OVERLOADED = KIND.child("overloaded");

    /// The called function failed.
    public static final TypeId HANDLER_FAILED = KIND.child("handler-failed");

    private static final long serialVersionUID = 1L;

    /// What the other end says of itself does not end up here: it cannot know whether this end still waits.
    private static final List<TypeId> OURS_TO_SAY = List.of(DETACHED, DEADLINE_EXCEEDED, CANCELLED);

    private final @Nullable TypeId remoteKind;

    /// Makes an error without a cause.
    ///
    /// @param kind [#KIND] or a kind below it
    /// @param message the operation, its values and the remedy, in lower case
    public CallException(TypeId kind, String message) {
        this(kind, message, null);
    }

    /// Makes an error.
    ///
    /// @param kind [#KIND] or a kind below it
    /// @param message the operation, its values and the remedy, in lower case
    /// @param cause what was caught, or `null`
    public CallException(TypeId kind, String message, @Nullable Throwable cause) {
        if (!kind.isA(KIND)) {
            throw new IllegalArgumentException(kind + " is not a kind of " + KIND);
        }
        this.remoteKind = null;
        super(kind, message, cause);
    }

    private CallException(TypeId remoteKind, @Nullable Throwable cause, String message) {
        this.remoteKind = remoteKind;
        super(kindOf(remoteKind), message, cause);
    }

    /// Makes the error of a call that the other end answered with an error.
    ///
    /// Its own kind is the other end's if that is one of [#KIND] and speaks of this call, as [#UNKNOWN_TAG] and
    /// [#OVERLOADED] do; else it is [#HANDLER_FAILED].
    ///
    /// @param remoteKind what the other end said, [#ERROR] or below
    /// @param message the operation, its values and the remedy, in lower case
    /// @param cause what was caught, or `null`
    /// @return the error
    public static CallException answered(TypeId remoteKind, String message, @Nullable Throwable cause) {
        if (!remoteKind.isA(ERROR)) {
            throw new IllegalArgumentException(remoteKind + " is not an error kind");
        }
        return new CallException(remoteKind, cause, message);
    }

    private static TypeId kindOf(TypeId remoteKind) {
        return remoteKind.isA(KIND) && OURS_TO_SAY.stream().noneMatch(remoteKind::isA) ? remoteKind : HANDLER_FAILED;
    }

    /// What the other end said went wrong there: for example [MemoryMapException#OVERLAP] if the called
    /// function threw that. It may be a kind that this end has no constant for; then ask [TypeId#isA] about
    /// those above it.
    ///
    /// ```java
    /// boolean memory = failure.remoteKind().filter(kind -> kind.isA(MemoryMapException.KIND)).isPresent();
    /// ```
    ///
    /// @return [#ERROR] or a kind below it; [#HANDLER_FAILED] if the other end answered with a text alone,
    ///     as LLVM's do; empty if it gave no answer
    public Optional<TypeId> remoteKind() {
        return Optional.ofNullable(remoteKind);
    }
}
