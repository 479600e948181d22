// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.orcrt.api.SessionException;
import org.orcrt.ffm.Errno;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.NativeLibraries;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.SystemCalls;

/// A shared library made at run time that defines the two symbols of GDB's JIT interface, which Java code cannot
/// define. It lies in a memory file whose descriptor stays open, so that a debugger can read it under
/// `/proc/PID/fd/N`.
final class DebuggerLibrary {

    private static final long LIBRARY = load();
    private static final long DESCRIPTOR = symbol(DebuggerElf.DESCRIPTOR);
    private static final long REGISTER_CODE = symbol(DebuggerElf.REGISTER_CODE);

    private DebuggerLibrary() {}

    static long descriptor() {
        return DESCRIPTOR;
    }

    static long registerCode() {
        return REGISTER_CODE;
    }

    private static long load() {
        SystemCalls calls = SystemCalls.real();
        byte[] elf = DebuggerElf.image(System.getProperty("os.arch"));
        long name = NativeMemory.mallocCString("orc-rt-debugger");
        long block = NativeMemory.malloc(elf.length);
        try {
            long file = calls.memfdCreate(name, Linux.MFD_CLOEXEC);
            require(file, "memfd_create");
            MemorySegment.copy(elf, 0, NativeMemory.ALL, ValueLayout.JAVA_BYTE, block, elf.length);
            long written = calls.write((int) file, block, elf.length);
            require(written, "write");
            String path = "/proc/" + ProcessHandle.current().pid() + "/fd/" + file;
            long library = NativeLibraries.open(path, Linux.RTLD_NOW | Linux.RTLD_GLOBAL);
            if (library == 0) {
                throw new SessionException(
                        SessionException.KIND, "cannot load the debugger library: " + NativeLibraries.lastError());
            }
            return library;
        } finally {
            NativeMemory.free(block);
            NativeMemory.free(name);
        }
    }

    private static long symbol(String name) {
        long address = NativeLibraries.symbol(LIBRARY, name);
        if (address == 0) {
            throw new SessionException(SessionException.KIND, "the debugger library lacks its symbol " + name);
        }
        return address;
    }

    private static void require(long result, String operation) {
        if (result < 0) {
            throw new SessionException(
                    SessionException.KIND, operation + " for the debugger library failed: " + Errno.text(result));
        }
    }
}
