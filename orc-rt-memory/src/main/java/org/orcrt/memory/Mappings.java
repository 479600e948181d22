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

/// The system calls of a memory map, with errors that say what was tried. Free pages of a slab are inaccessible, and
/// this process leaves nothing in them.
abstract class Mappings {

    static final String TOO_MUCH = "ask for less or raise the limit (ulimit -v)";

    static final int READ_WRITE = Linux.PROT_READ | Linux.PROT_WRITE;

    final SystemCalls calls;

    Mappings(SystemCalls calls) {
        this.calls = calls;
    }

    /// What the memory is, in one word.
    abstract String kind();

    /// Maps new address space: inaccessible, not committed, zero.
    ///
    /// @param sizeBytes a multiple of the page size, unsigned, not 0
    /// @param wantedBytes what was asked for, for an error's text
    /// @return its address
    /// @throws org.orcrt.api.MemoryMapException if the system gives none
    abstract ExecutorAddress map(long sizeBytes, long wantedBytes);

    /// Gets pages ready that content is about to fill. They are writable.
    ///
    /// @param range all of these pages that touch
    /// @throws org.orcrt.api.MemoryMapException if there is no memory for them
    void populate(ExecutorAddressRange range) {}

    /// Makes pages inaccessible and empty. Attempts all steps.
    ///
    /// @return whether they are
    abstract boolean empty(ExecutorAddressRange range, Failures failures);

    /// A slab is about to go: lets go of what belongs to it. Throws nothing.
    void unmapping(ExecutorAddressRange slab) {}

    /// Takes address space.
    ///
    /// @param sizeBytes a multiple of the page size, unsigned, not 0
    /// @param wantedBytes what was asked for, for an error's text
    final ExecutorAddressRange reserve(long sizeBytes, long wantedBytes) {
        ExecutorAddress start = map(sizeBytes, wantedBytes);
        return new ExecutorAddressRange(start, start.plus(sizeBytes));
    }

    /// Fills free pages and protects them. Without content they get their protection at once.
    final void fill(Layout layout) {
        boolean copying = !layout.filled.isEmpty();
        if (copying) {
            copy(layout);
        }
        for (Layout.Run run : layout.runs) {
            if (!copying || run.protection() != READ_WRITE) {
                protect(run.pages(), run.protection());
            }
        }
        // x86-64 sees new code by itself; a port to AArch64 flushes the instruction cache of executable runs here
    }

    private void copy(Layout layout) {
        for (ExecutorAddressRange range : layout.pages) {
            protect(range, READ_WRITE);
        }
        for (ExecutorAddressRange range : layout.filled) {
            populate(range);
        }
        for (Layout.Piece piece : layout.pieces) {
            MemorySegment content = piece.segment().content();
            long address = piece.pages().start().value();
            MemorySegment.copy(content, 0, NativeMemory.ALL, address, content.byteSize());
        }
    }

    /// Makes pages inaccessible and empty. Attempts all.
    ///
    /// @return whether all of them are; if not, nobody may get them again
    final boolean giveBack(List<ExecutorAddressRange> ranges, Failures failures) {
        boolean done = true;
        for (ExecutorAddressRange range : ranges) {
            done &= empty(range, failures);
        }
        return done;
    }

    /// Gives address space back.
    final void unmap(ExecutorAddressRange slab) {
        unmapping(slab);
        long result = calls.munmap(slab.start().value(), slab.sizeBytes());
        if (result < 0) {
            throw refused(UNMAP, "munmap", slab, "", result);
        }
    }

    final void protect(ExecutorAddressRange range, int protection) {
        long result = calls.mprotect(range.start().value(), range.sizeBytes(), protection);
        if (result < 0) {
            throw refused(PROTECT, "mprotect", range, " to " + text(protection), result);
        }
    }

    final void advise(ExecutorAddressRange range, int advice, String name) {
        long result = calls.madvise(range.start().value(), range.sizeBytes(), advice);
        if (result < 0) {
            throw refused(PROTECT, "madvise", range, " to " + name, result);
        }
    }

    static MemoryMapException refused(String call, long sizeBytes, long result, String remedy) {
        return new MemoryMapException(
                RESERVE,
                "reserve: %s of 0x%x bytes failed: %s; %s".formatted(call, sizeBytes, Errno.text(result), remedy));
    }

    private static MemoryMapException refused(
            TypeId kind, String call, ExecutorAddressRange range, String to, long result) {
        String remedy = switch ((int) -result) {
            case Errno.ENOMEM -> "; too many mappings? raise sysctl vm.max_map_count";
            case Errno.EACCES -> "; may code run there? see SELinux, and noexec of /dev/shm";
            default -> "";
        };
        return new MemoryMapException(
                kind,
                "%s of 0x%x bytes at %s%s failed: %s%s"
                        .formatted(call, range.sizeBytes(), range.start(), to, Errno.text(result), remedy));
    }

    private static String text(int protection) {
        return ((protection & Linux.PROT_READ) != 0 ? "r" : "-")
                + ((protection & Linux.PROT_WRITE) != 0 ? "w" : "-")
                + ((protection & Linux.PROT_EXEC) != 0 ? "x" : "-");
    }
}
