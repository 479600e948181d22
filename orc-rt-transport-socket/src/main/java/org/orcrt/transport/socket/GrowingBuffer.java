// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.lang.foreign.MemorySegment;
import org.orcrt.api.TransportException;
import org.orcrt.ffm.Errno;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.SystemCalls;

/// Address space for the longest frame; memory is taken only for what is written, and given back after a long frame.
final class GrowingBuffer {

    /// What a buffer keeps for good once it was used.
    private static final long KEPT_BYTES = 1L << 20;

    private static final long PAGE_BYTES = 4096;

    private final SystemCalls calls;
    private final long address;
    private final long capacity;
    private final MemorySegment segment;

    GrowingBuffer(SystemCalls calls, long wantedBytes) {
        this.calls = calls;
        capacity = (wantedBytes + PAGE_BYTES - 1) & -PAGE_BYTES;
        address = calls.mmap(
                0,
                capacity,
                Linux.PROT_READ | Linux.PROT_WRITE,
                Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS | Linux.MAP_NORESERVE,
                -1);
        if (address < 0) {
            throw new TransportException(
                    TransportException.OUT_OF_SPACE,
                    "mmap of " + capacity + " bytes for frames failed: " + Errno.text(address));
        }
        segment = NativeMemory.ALL.asSlice(address, capacity);
    }

    long address() {
        return address;
    }

    long capacity() {
        return capacity;
    }

    MemorySegment segment() {
        return segment;
    }

    /// Gives memory back after the first `usedBytes` were used and are not needed any more.
    void trim(long usedBytes) {
        if (usedBytes > KEPT_BYTES) {
            calls.madvise(address + KEPT_BYTES, capacity - KEPT_BYTES, Linux.MADV_DONTNEED);
        }
    }

    void close() {
        calls.munmap(address, capacity);
    }
}
