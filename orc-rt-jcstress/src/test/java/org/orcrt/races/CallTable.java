// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races;

/// What the races ask of the table of calls that wait for their answer.
public interface CallTable {

    /// What an answer was good for: its call was told.
    int DELIVERED = 0;

    /// Its call had been given up.
    int LATE = 1;

    /// Nobody waits for it.
    int UNKNOWN = 2;

    /// The number of no call: the table is closed.
    long CLOSED = -1;

    /// Enters a call.
    ///
    /// @param context says which call it is, 0 to 15
    /// @return its number, or [#CLOSED]
    long add(int context);

    /// A call's answer comes.
    int answer(long id);

    /// A call's time is over, or its caller withdraws it.
    ///
    /// @return whether it was pending
    boolean giveUp(long id);

    /// The connection ends.
    void close();

    /// How often a call was told how it ended.
    int told(int context);
}
