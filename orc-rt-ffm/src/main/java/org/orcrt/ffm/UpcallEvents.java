// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import jdk.jfr.FlightRecorder;

/// Decides whether Java Flight Recorder is told of an upcall. Nothing recorded in this process so far costs a read of a
/// static field; the class of the event is loaded when a recording runs.
final class UpcallEvents {

    private UpcallEvents() {}

    /// @return `target`, or something that also records the one call that follows
    static Upcall watched(Upcall target, long slot) {
        return FlightRecorder.isInitialized() && UpcallEvent.isWanted() ? new RecordedUpcall(target, slot) : target;
    }

    /// One call while a recording watches.
    private record RecordedUpcall(Upcall target, long slot) implements Upcall {

        @Override
        public void call(long a, long b, long c, long d, long result) {
            UpcallEvent event = new UpcallEvent();
            event.slot = (int) slot;
            event.address = StubPool.addressOf((int) slot);
            event.outcome = "threw";
            event.begin();
            try {
                target.call(a, b, c, d, result);
                event.outcome = "returned";
            } finally {
                if (target.isWrapper()) {
                    event.argumentBytes = b;
                    event.resultBytes = NativeMemory.getLong(result + 8);
                }
                event.commit();
            }
        }
    }
}
