// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import org.jspecify.annotations.Nullable;

/// Success, or the text of what went wrong: LLVM's `SPSError`. For results of methods that throw instead, see
/// [SpsMethod#fallible].
///
/// @param text what went wrong, as the peer wrote it, or `null` for success
public record SpsError(@Nullable String text) {

    /// Nothing went wrong.
    public static final SpsError SUCCESS = new SpsError(null);

    /// Makes an error.
    ///
    /// @param text what went wrong
    /// @return an error that is one
    public static SpsError of(String text) {
        return new SpsError(text);
    }

    /// Whether nothing went wrong.
    ///
    /// @return whether there is no text
    public boolean isSuccess() {
        return text == null;
    }

    /// Turns an error into an exception.
    ///
    /// @throws org.orcrt.api.CallException of kind [org.orcrt.api.CallException#HANDLER_FAILED] unless this
    ///     is success
    public void orThrow() {
        if (text != null) {
            throw CalleeFailure.of(text);
        }
    }
}
