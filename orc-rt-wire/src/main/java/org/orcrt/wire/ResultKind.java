// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

/// What a result carries: the target of its frame. Numbers, not an enum: a frame may hold any.
final class ResultKind {

    /// The function's result.
    static final long VALUE = 0;

    /// An error: an SPS string. [Dialect#outOfBandKind()].
    static final long ERROR_TEXT = 1;

    /// An error with its kind: a [TypedError]. [Dialect#typedErrors()].
    static final long TYPED_ERROR = 2;

    private ResultKind() {}
}
