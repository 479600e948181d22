// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.util.HashMap;
import java.util.Map;

/// A system that says yes and does nothing: each slab begins where the one before it ends. Nobody may touch what is
/// mapped.
final class PretendedSystemCalls extends ScriptedSystemCalls {

    private final Map<Long, Long> mapped = new HashMap<>();
    private long next = 0x1000_0000;

    @Override
    public long mmap(long address, long lengthBytes, int protection, int flags, int fd) {
        long start = next;
        next += lengthBytes;
        mapped.put(start, lengthBytes);
        return start;
    }

    @Override
    public long mmapOver(long address, long lengthBytes, int protection, int flags) {
        return address;
    }

    @Override
    public long mprotect(long address, long lengthBytes, int protection) {
        return 0;
    }

    @Override
    public long munmap(long address, long lengthBytes) {
        mapped.remove(address, lengthBytes);
        return 0;
    }

    @Override
    public long madvise(long address, long lengthBytes, int advice) {
        return 0;
    }

    @Override
    Map<Long, Long> mapped() {
        return Map.copyOf(mapped);
    }
}
