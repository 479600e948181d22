// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.SystemCalls;

/// Memory that the controller maps too. It may write to free pages at any time: that is how content gets there.
final class SharedMappings extends Mappings {

    private final SharedObjects objects;

    SharedMappings(SystemCalls calls, SharedObjects objects) {
        super(calls);
        this.objects = objects;
    }

    @Override
    String kind() {
        return "shared";
    }

    @Override
    ExecutorAddress map(long sizeBytes, long wantedBytes) {
        return objects.map(sizeBytes, wantedBytes);
    }

    /// Kernels before 6.7 punch holes through writable mappings only. Where that is not needed it is not done: at the
    /// limit of mappings there is none left for pages of another protection.
    @Override
    boolean empty(ExecutorAddressRange range, Failures failures) {
        boolean emptied = calls.madvise(range.start().value(), range.sizeBytes(), Linux.MADV_REMOVE) >= 0
                || failures.attempt(() -> {
                    protect(range, READ_WRITE);
                    advise(range, Linux.MADV_REMOVE, "MADV_REMOVE");
                });
        return failures.attempt(() -> protect(range, Linux.PROT_NONE)) && emptied;
    }

    @Override
    void unmapping(ExecutorAddressRange slab) {
        objects.forget(slab.start());
    }
}
