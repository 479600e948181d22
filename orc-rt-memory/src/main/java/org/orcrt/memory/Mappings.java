// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.orcrt.api.MemoryMapException.PROTECT;
import static org.orcrt.api.MemoryMapException.RESERVE;
import static org.orcrt.api.MemoryMapException.UNMAP;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.type.TypeId;
import org.orcrt.ffm.Errno;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.SystemCalls;

/// The system calls of a memory map, with errors that say what was tried. Free pages of a slab are inaccessible and
/// hold nothing, so whoever gets them next finds zeros.
final class Mappings {

    private static final int READ_WRITE = Linux.PROT_READ | Linux.PROT_WRITE;

    private final SystemCalls calls;
    private final Pages pages;

    Mappings(SystemCalls calls, Pages pages) {
        this.calls = calls;
        this.pages = pages;
    }

    /// Takes address space: inaccessible, not committed.
    ///
    /// @param sizeBytes how much, unsigned, not 0; rounded up to pages
    ExecutorAddressRange reserve(long sizeBytes) {
        long rounded = pages.roundUp(sizeBytes);
        int flags = Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS | Linux.MAP_NORESERVE;
        long result = rounded == 0 ? -Errno.ENOMEM : calls.mmap(0, rounded, Linux.PROT_NONE, flags, -1);
        if (result < 0) {
            throw new MemoryMapException(
                    RESERVE,
                    "reserve: mmap of 0x%x bytes failed: %s; ask for less or raise the limit (ulimit -v)"
                            .formatted(sizeBytes, Errno.text(result)));
        }
        ExecutorAddress start = new ExecutorAddress(result);
        return new ExecutorAddressRange(start, start.plus(rounded));
    }

    /// Fills free pages and protects them.
    void fill(Layout layout) {
        for (ExecutorAddressRange range : layout.pages()) {
            protect(range, READ_WRITE);
        }
        for (Layout.Piece piece : layout.pieces()) {
            MemorySegment content = piece.segment().content();
            long address = piece.pages().start().value();
            MemorySegment.copy(content, 0, NativeMemory.ALL, address, content.byteSize());
        }
        for (Layout.Run run : layout.runs()) {
            if (run.protection() != READ_WRITE) {
                protect(run.pages(), run.protection());
            }
        }
        // x86-64 sees new code by itself; a port to AArch64 flushes the instruction cache of executable runs here
    }

    /// Makes pages inaccessible and empty. Attempts all.
    ///
    /// @return whether all of them are; if not, nobody may get them again
    boolean giveBack(List<ExecutorAddressRange> ranges, Failures failures) {
        boolean done = true;
        for (ExecutorAddressRange range : ranges) {
            done &= failures.attempt(() -> protect(range, Linux.PROT_NONE));
            done &= failures.attempt(() -> decommit(range));
        }
        return done;
    }

    /// Gives address space back.
    void unmap(ExecutorAddressRange slab) {
        check(calls.munmap(slab.start().value(), slab.sizeBytes()), UNMAP, "munmap", slab, "");
    }

    private void protect(ExecutorAddressRange range, int protection) {
        long result = calls.mprotect(range.start().value(), range.sizeBytes(), protection);
        check(result, PROTECT, "mprotect", range, " to " + text(protection));
    }

    private void decommit(ExecutorAddressRange range) {
        long result = calls.madvise(range.start().value(), range.sizeBytes(), Linux.MADV_DONTNEED);
        check(result, PROTECT, "madvise", range, " to MADV_DONTNEED");
    }

    private static void check(long result, TypeId kind, String call, ExecutorAddressRange range, String to) {
        if (result < 0) {
            String remedy = result == -Errno.ENOMEM ? "; too many mappings? raise sysctl vm.max_map_count" : "";
            throw new MemoryMapException(
                    kind,
                    "%s of 0x%x bytes at %s%s failed: %s%s"
                            .formatted(call, range.sizeBytes(), range.start(), to, Errno.text(result), remedy));
        }
    }

    private static String text(int protection) {
        return ((protection & Linux.PROT_READ) != 0 ? "r" : "-")
                + ((protection & Linux.PROT_WRITE) != 0 ? "w" : "-")
                + ((protection & Linux.PROT_EXEC) != 0 ? "x" : "-");
    }
}
