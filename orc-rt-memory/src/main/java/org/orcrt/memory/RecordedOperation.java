// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import org.jspecify.annotations.Nullable;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.PeerText;

/// One operation while a recording watches.
final class RecordedOperation implements OperationWatch {

    private final MemoryEvent event;

    private RecordedOperation(MemoryEvent event, MemoryEvents events) {
        this.event = event;
        event.map = events.map();
        event.kind = events.kind();
        event.begin();
    }

    static OperationWatch reserve(MemoryEvents events) {
        return new RecordedOperation(new MemoryReserveEvent(), events);
    }

    static OperationWatch initialize(MemoryEvents events) {
        return new RecordedOperation(new MemoryInitializeEvent(), events);
    }

    static OperationWatch deinitialize(MemoryEvents events) {
        return new RecordedOperation(new MemoryDeinitializeEvent(), events);
    }

    static OperationWatch release(MemoryEvents events) {
        return new RecordedOperation(new MemoryReleaseEvent(), events);
    }

    @Override
    public void isAbout(ExecutorAddress address, long bytes) {
        event.address = address.value();
        event.bytes = bytes;
    }

    @Override
    public void ended(@Nullable Throwable failure) {
        event.failure = failure == null ? null : PeerText.oneLine(String.valueOf(failure.getMessage()));
        event.commit();
    }
}
