// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api.memory;

import org.orcrt.api.ExecutorAddress;

/// A wrapper function with the arguments of its one call: registers something about memory, or takes it back.
///
/// @param function the synchronous wrapper function to call; null for no action
/// @param args its argument bytes; owned by this record, not copied
@SuppressWarnings("ArrayRecordComponent")
public record AllocAction(ExecutorAddress function, byte[] args) {

    /// No action.
    public static final AllocAction NONE = new AllocAction(ExecutorAddress.NULL, new byte[0]);

    /// Tells whether there is nothing to call.
    ///
    /// @return whether the function is null
    public boolean isNone() {
        return function.isNull();
    }
}
