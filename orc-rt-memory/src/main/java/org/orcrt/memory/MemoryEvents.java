// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.util.concurrent.atomic.AtomicLong;
import jdk.jfr.FlightRecorder;

/// What one memory map tells Java Flight Recorder, and the one place that decides whether it does. Nothing recorded in
/// this process so far costs a read of a static field; the classes of the events are loaded when a recording runs.
///
/// @param map the number of the memory map in this process
/// @param kind `private` or `shared`
record MemoryEvents(long map, String kind) {

    private static final AtomicLong MAPS = new AtomicLong();

    /// For the next memory map.
    MemoryEvents(String kind) {
        this(MAPS.incrementAndGet(), kind);
    }

    OperationWatch reserve() {
        return FlightRecorder.isInitialized() && MemoryReserveEvent.isWanted()
                ? RecordedOperation.reserve(this)
                : OperationWatch.NONE;
    }

    OperationWatch initialize() {
        return FlightRecorder.isInitialized() && MemoryInitializeEvent.isWanted()
                ? RecordedOperation.initialize(this)
                : OperationWatch.NONE;
    }

    OperationWatch deinitialize() {
        return FlightRecorder.isInitialized() && MemoryDeinitializeEvent.isWanted()
                ? RecordedOperation.deinitialize(this)
                : OperationWatch.NONE;
    }

    OperationWatch release() {
        return FlightRecorder.isInitialized() && MemoryReleaseEvent.isWanted()
                ? RecordedOperation.release(this)
                : OperationWatch.NONE;
    }
}
