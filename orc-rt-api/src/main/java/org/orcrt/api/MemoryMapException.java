// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import org.jspecify.annotations.Nullable;
import org.orcrt.api.type.TypeId;

/// Native memory could not be reserved, initialized, deinitialized or released.
public final class MemoryMapException extends OrcException {

    /// The kind of all errors of this class.
    public static final TypeId KIND = ERROR.child("memory");

    /// The system gave no address space.
    public static final TypeId RESERVE = KIND.child("reserve");

    /// The system refused a protection.
    public static final TypeId PROTECT = KIND.child("protect");

    /// A segment lies outside every reserved slab, or across two.
    public static final TypeId OUT_OF_SLAB = KIND.child("out-of-slab");

    /// Two segments, or a segment and a live region, overlap.
    public static final TypeId OVERLAP = KIND.child("overlap");

    /// An address or a size is not aligned to pages.
    public static final TypeId MISALIGNED = KIND.child("misaligned");

    /// An address plus its size does not fit 64 bits, or content is longer than its segment.
    public static final TypeId SIZE_OVERFLOW = KIND.child("size-overflow");

    /// Memory both writable and executable was asked for.
    public static final TypeId WRITE_EXECUTE = KIND.child("write-execute");

    /// No such region.
    public static final TypeId UNKNOWN_BASE = KIND.child("unknown-base");

    /// No such slab.
    public static final TypeId ALREADY_RELEASED = KIND.child("already-released");

    /// A quota of the memory map is used up.
    public static final TypeId QUOTA = KIND.child("quota");

    /// An allocation action failed.
    public static final TypeId ACTION_FAILED = KIND.child("action-failed");

    /// The system refused to take address space back.
    public static final TypeId UNMAP = KIND.child("unmap");

    /// An address could not be read or written.
    public static final TypeId ACCESS = KIND.child("access");

    private static final long serialVersionUID = 1L;

    /// Makes an error without a cause.
    ///
    /// @param kind [#KIND] or a kind below it
    /// @param message the operation, its values and the remedy, in lower case
    public MemoryMapException(TypeId kind, String message) {
        this(kind, message, null);
    }

    /// Makes an error.
    ///
    /// @param kind [#KIND] or a kind below it
    /// @param message the operation, its values and the remedy, in lower case
    /// @param cause what was caught, or `null`
    public MemoryMapException(TypeId kind, String message, @Nullable Throwable cause) {
        if (!kind.isA(KIND)) {
            throw new IllegalArgumentException(kind + " is not a kind of " + KIND);
        }
        super(kind, message, cause);
    }
}
