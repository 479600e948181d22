// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.NativeMemory;

/// Maps a filled page before and after every slab, writable, so that a stray write shows.
final class SentinelSystemCalls extends ScriptedSystemCalls {

    private static final long PAGE = 4096;
    private static final byte FILL = 0x5a;

    private final Map<Long, Long> slabs = new HashMap<>();
    private boolean intact = true;

    @Override
    public long mmap(long address, long lengthBytes, int protection, int flags, int fd) {
        int readWrite = Linux.PROT_READ | Linux.PROT_WRITE;
        long base = super.mmap(address, lengthBytes + 2 * PAGE, readWrite, flags, fd);
        mprotect(base + PAGE, lengthBytes, protection);
        for (long sentinel : new long[] {base, base + PAGE + lengthBytes}) {
            NativeMemory.ALL.asSlice(sentinel, PAGE).fill(FILL);
        }
        slabs.put(base + PAGE, lengthBytes);
        return base + PAGE;
    }

    /// The sentinels go with their slab, which is the last chance to look at them.
    @Override
    public long munmap(long address, long lengthBytes) {
        long result = super.munmap(address, lengthBytes);
        if (result == 0 && slabs.remove(address, lengthBytes)) {
            intact &= areIntact(address, lengthBytes);
            super.munmap(address - PAGE, PAGE);
            super.munmap(address + lengthBytes, PAGE);
        }
        return result;
    }

    @Override
    Map<Long, Long> mapped() {
        return Map.copyOf(slabs);
    }

    /// Whether nobody wrote outside a slab, of those that are gone and of those that are there.
    boolean areSentinelsIntact() {
        slabs.forEach((slab, lengthBytes) -> intact &= areIntact(slab, lengthBytes));
        return intact;
    }

    private static boolean areIntact(long slab, long lengthBytes) {
        for (long sentinel : new long[] {slab - PAGE, slab + lengthBytes}) {
            for (byte b : NativeMemory.ALL.asSlice(sentinel, PAGE).toArray(ValueLayout.JAVA_BYTE)) {
                if (b != FILL) {
                    return false;
                }
            }
        }
        return true;
    }
}
