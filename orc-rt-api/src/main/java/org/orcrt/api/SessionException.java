// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import org.jspecify.annotations.Nullable;
import org.orcrt.api.type.TypeId;

/// The session is not in a state for what was asked.
public final class SessionException extends OrcException {

    /// The kind of all errors of this class.
    public static final TypeId KIND = ERROR.child("session");

    /// Shutdown has begun.
    public static final TypeId SHUTTING_DOWN = KIND.child("shutting-down");

    /// The session could not be attached to a controller.
    public static final TypeId ATTACH = KIND.child("attach");

    /// A plug-in could not be installed.
    public static final TypeId PLUGIN = KIND.child("plugin");

    private static final long serialVersionUID = 1L;

    /// Makes an error without a cause.
    ///
    /// @param kind [#KIND] or a kind below it
    /// @param message the operation, its values and the remedy, in lower case
    public SessionException(TypeId kind, String message) {
        this(kind, message, null);
    }

    /// Makes an error.
    ///
    /// @param kind [#KIND] or a kind below it
    /// @param message the operation, its values and the remedy, in lower case
    /// @param cause what was caught, or `null`
    public SessionException(TypeId kind, String message, @Nullable Throwable cause) {
        if (!kind.isA(KIND)) {
            throw new IllegalArgumentException(kind + " is not a kind of " + KIND);
        }
        super(kind, message, cause);
    }
}
