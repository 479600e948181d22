// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.NativeMemory;

/// Maps a filled page before and after every slab, writable, so that a stray write shows.
final class SentinelSystemCalls extends ScriptedSystemCalls {

    private static final long PAGE = 4096;
    private static final byte FILL = 0x5a;

    private final List<Long> sentinels = new ArrayList<>();

    @Override
    public long mmap(long address, long lengthBytes, int protection, int flags, int fd) {
        int readWrite = Linux.PROT_READ | Linux.PROT_WRITE;
        long base = super.mmap(address, lengthBytes + 2 * PAGE, readWrite, flags, fd);
        mprotect(base + PAGE, lengthBytes, protection);
        for (long sentinel : new long[] {base, base + PAGE + lengthBytes}) {
            NativeMemory.ALL.asSlice(sentinel, PAGE).fill(FILL);
            sentinels.add(sentinel);
        }
        return base + PAGE;
    }

    boolean areSentinelsIntact() {
        for (long sentinel : sentinels) {
            for (byte b : NativeMemory.ALL.asSlice(sentinel, PAGE).toArray(ValueLayout.JAVA_BYTE)) {
                if (b != FILL) {
                    return false;
                }
            }
        }
        return true;
    }

    void unmapSentinels() {
        sentinels.forEach(sentinel -> munmap(sentinel, PAGE));
    }
}
