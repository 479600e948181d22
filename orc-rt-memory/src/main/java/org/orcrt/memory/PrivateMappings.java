// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.SystemCalls;

/// Anonymous memory of this process: whoever gets free pages next finds zeros.
final class PrivateMappings extends Mappings {

    PrivateMappings(SystemCalls calls) {
        super(calls);
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

    @Override
    boolean empty(ExecutorAddressRange range, Failures failures) {
        boolean closed = failures.attempt(() -> protect(range, Linux.PROT_NONE));
        return failures.attempt(() -> advise(range, Linux.MADV_DONTNEED, "MADV_DONTNEED")) && closed;
    }
}
