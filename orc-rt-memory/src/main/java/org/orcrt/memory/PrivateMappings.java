// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.orcrt.api.MemoryMapException.PROTECT;

import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.api.MemoryMapException;
import org.orcrt.ffm.Errno;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.SystemCalls;

/// Anonymous memory of this process: whoever gets free pages next finds zeros.
final class PrivateMappings extends Mappings {

    /// So few pages are populated faster by writing to them.
    private static final int FEW_PAGES = 4;

    private final long pageSizeBytes;
    private volatile boolean canPopulate = true;

    PrivateMappings(SystemCalls calls, long pageSizeBytes) {
        super(calls);
        this.pageSizeBytes = pageSizeBytes;
    }

    @Override
    String kind() {
        return "private";
    }

    @Override
    ExecutorAddress map(long sizeBytes, long wantedBytes) {
        int flags = Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS | Linux.MAP_NORESERVE;
        long result = calls.mmap(0, sizeBytes, Linux.PROT_NONE, flags, -1);
        if (result < 0) {
            throw refused("mmap", wantedBytes, result, TOO_MUCH);
        }
        return new ExecutorAddress(result);
    }

    /// One trap instead of one for each page; and where there is no memory an error, not a signal within the copy.
    @Override
    void populate(ExecutorAddressRange range) {
        if (range.sizeBytes() <= FEW_PAGES * pageSizeBytes || !canPopulate) {
            return;
        }
        long result = calls.madvise(range.start().value(), range.sizeBytes(), Linux.MADV_POPULATE_WRITE);
        if (result == -Errno.EINVAL) {
            canPopulate = false; // before Linux 5.14
        } else if (result < 0) {
            throw new MemoryMapException(
                    PROTECT,
                    "madvise of 0x%x bytes at %s to MADV_POPULATE_WRITE failed: %s; ask for less, or give this process more memory (memory.max of its control group)"
                            .formatted(range.sizeBytes(), range.start(), Errno.text(result)));
        }
    }

    /// New pages take the place of the old ones, which is one call instead of two. Linux looks at its limits before it
    /// takes anything away, so pages that it refuses to replace are as they were. Between taking away and mapping,
    /// before Linux 6.12, it needs a few hundred bytes of its own; only if it had not even those, there would be a
    /// hole. The `mprotect` then says ENOMEM, and nobody gets the pages again.
    @Override
    boolean empty(ExecutorAddressRange range, Failures failures) {
        long start = range.start().value();
        return calls.mmapOver(start, range.sizeBytes(), Linux.PROT_NONE, Linux.MAP_NORESERVE) >= 0
                || emptyInPlace(range, failures);
    }

    private boolean emptyInPlace(ExecutorAddressRange range, Failures failures) {
        boolean closed = failures.attempt(() -> protect(range, Linux.PROT_NONE));
        return failures.attempt(() -> advise(range, Linux.MADV_DONTNEED, "MADV_DONTNEED")) && closed;
    }
}
