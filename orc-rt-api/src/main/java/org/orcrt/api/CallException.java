// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

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
        super(kind, message, cause);
    }
}
