// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import org.jspecify.annotations.Nullable;
import org.orcrt.api.type.TypeId;

/// The connection failed, or the peer broke the protocol. Open for transports that are plug-ins.
public non-sealed class TransportException extends OrcException {

    /// The kind of all errors of this class.
    public static final TypeId KIND = ERROR.child("transport");

    /// The peer ended or closed the connection.
    public static final TypeId PEER_GONE = KIND.child("peer-gone");

    /// The peer gave no sign of life in time.
    public static final TypeId PEER_HUNG = KIND.child("peer-hung");

    /// The peer did not prove who it is.
    public static final TypeId AUTH_FAILED = KIND.child("auth-failed");

    /// A frame is longer than the limit.
    public static final TypeId FRAME_TOO_LARGE = KIND.child("frame-too-large");

    /// The peer sent what the protocol forbids; the session ends.
    public static final TypeId PROTOCOL_VIOLATION = KIND.child("protocol-violation");

    /// The peer speaks another version.
    public static final TypeId VERSION_MISMATCH = KIND.child("version-mismatch");

    /// There is no memory or shared memory for the connection.
    public static final TypeId OUT_OF_SPACE = KIND.child("out-of-space");

    /// No such transport, or it cannot work here.
    public static final TypeId UNAVAILABLE = KIND.child("unavailable");

    private static final long serialVersionUID = 1L;

    /// Makes an error without a cause.
    ///
    /// @param kind [#KIND] or a kind below it
    /// @param message the operation, its values and the remedy, in lower case
    public TransportException(TypeId kind, String message) {
        this(kind, message, null);
    }

    /// Makes an error.
    ///
    /// @param kind [#KIND] or a kind below it
    /// @param message the operation, its values and the remedy, in lower case
    /// @param cause what was caught, or `null`
    public TransportException(TypeId kind, String message, @Nullable Throwable cause) {
        if (!kind.isA(KIND)) {
            throw new IllegalArgumentException(kind + " is not a kind of " + KIND);
        }
        super(kind, message, cause);
    }
}
