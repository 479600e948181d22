// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races;

/// What the races ask of the table of calls that wait for their answer.
public interface CallTable {

    /// What a take found when there was nothing to be taken.
    long NOTHING = -1;

    /// Enters a call.
    ///
    /// @param context says which call it is, not negative
    /// @return its number
    long add(long context);

    /// Takes a call out: its context, or [#NOTHING].
    long take(long id);

    /// Takes any call out: its context, or [#NOTHING].
    long takeAny();
}
