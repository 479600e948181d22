// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.orcrt.races.CallTable;
import org.orcrt.races.planted.UnlockedCallTable;

/// The table of pending calls for Lincheck: senders, replies and deadlines, three threads at once. The end of the
/// connection takes the calls one by one, which is no single step; it has races of its own.
public abstract class PendingCallsModel {

    private final CallTable calls;

    PendingCallsModel(CallTable calls) {
        this.calls = calls;
        calls.add(0);
    }

    /// Ours.
    public static final class Real extends PendingCallsModel {

        /// A new one.
        public Real() {
            super(new RealCallTable());
        }
    }

    /// With the bug.
    public static final class WithBug extends PendingCallsModel {

        /// A new one.
        public WithBug() {
            super(new UnlockedCallTable());
        }
    }

    /// A call.
    @Operation
    public long add(@Param(gen = IntGen.class, conf = "1:9") int context) {
        return calls.add(context);
    }

    /// Its answer.
    @Operation
    public int answer(@Param(gen = IntGen.class, conf = "0:2") int id) {
        return calls.answer(id);
    }

    /// Its deadline, or its withdrawal.
    @Operation
    public boolean giveUp(@Param(gen = IntGen.class, conf = "0:2") int id) {
        return calls.giveUp(id);
    }
}
