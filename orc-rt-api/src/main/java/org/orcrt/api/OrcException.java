// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import org.jspecify.annotations.Nullable;
import org.orcrt.api.type.TypeId;
import org.orcrt.api.type.TypeTable;
import org.orcrt.api.type.Typed;

/// A failure of the environment: a peer, the operating system, native code.
///
/// What a caller expects is a status enum ([SendStatus], [CallStatus]); what is a bug in the caller is an exception
/// of the JDK. The kind below says more than the class and survives the wire.
public abstract sealed class OrcException extends RuntimeException implements Typed
        permits TransportException, CallException, MemoryMapException, SessionException {

    /// The kind of all errors.
    public static final TypeId ERROR = TypeId.root("orc.error");

    private static final long serialVersionUID = 1L;

    /// A kind below [#ERROR].
    private final TypeId typeId;

    /// Makes an error of a kind.
    ///
    /// @param typeId a kind below [#ERROR]
    /// @param message the operation, its values and the remedy, in lower case
    /// @param cause what was caught, or `null`
    protected OrcException(TypeId typeId, String message, @Nullable Throwable cause) {
        if (!typeId.isA(ERROR)) {
            throw new IllegalArgumentException(typeId + " is not an error kind");
        }
        this.typeId = typeId;
        super(message, cause);
    }

    /// The kinds of errors that this version knows.
    ///
    /// @return all constants of this class and of the four below it
    public static TypeTable kinds() {
        return ErrorKinds.ALL;
    }

    @Override
    public final TypeId typeId() {
        return typeId;
    }
}
