// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A few dozen bytes of x86-64 machine code, written once per process and then made executable (never writable and
/// executable at once). They replace FFM shapes, each of which costs milliseconds at start-up.
///
/// None of it has unwind data: a C++ exception must not cross it, as it must not cross any FFM call.
final class MachineCode {

    /// `orcrt.ffm.plain=true` does without machine code, for tests and for systems that dislike it.
    private static final boolean WANTED = "amd64".equals(System.getProperty("os.arch"))
            && "Linux".equals(System.getProperty("os.name"))
            && !Boolean.getBoolean("orcrt.ffm.plain");

    private static final long MMAP = NativeFunctions.requiredSymbol("mmap");
    private static final long MPROTECT = NativeFunctions.requiredSymbol("mprotect");

    private static final int THUNK_BYTES = 16;
    private static final int PAGE_BYTES = 4096;
    private static final long FAILED = -1;

    /// Layout: one 16-byte thunk per system call, then [#callWrapper()].
    private static final long PAGE = WANTED ? makeExecutable(systemCallsAndWrapperCall()) : 0;

    private MachineCode() {}

    /// Tells whether machine code works here.
    static boolean isAvailable() {
        return PAGE != 0;
    }

    /// A routine `long f(a, b, c, d, e, f)` that makes a system call and returns what the kernel returns.
    static long systemCallThunk(SystemCall call) {
        return PAGE + (long) call.ordinal() * THUNK_BYTES;
    }

    /// A routine `void f(long *result, function, args, size)` that calls a wrapper function and stores the 16
    /// bytes that it returns in two registers.
    static long callWrapper() {
        return PAGE + (long) SystemCall.values().length * THUNK_BYTES;
    }

    private static byte[] systemCallsAndWrapperCall() {
        ByteBuffer code = page();
        for (SystemCall call : SystemCall.values()) {
            code.position(call.ordinal() * THUNK_BYTES);
            code.put((byte) 0xb8).putInt(call.x64Number); // mov eax, number
            put(code, 0x49, 0x89, 0xca); // mov r10, rcx: the kernel's fourth argument
            put(code, 0x0f, 0x05); // syscall
            put(code, 0xc3); // ret
        }
        code.position(SystemCall.values().length * THUNK_BYTES);
        put(code, 0x53); // push rbx
        put(code, 0x48, 0x89, 0xfb); // mov rbx, rdi
        put(code, 0x48, 0x89, 0xf0); // mov rax, rsi
        put(code, 0x48, 0x89, 0xd7); // mov rdi, rdx
        put(code, 0x48, 0x89, 0xce); // mov rsi, rcx
        put(code, 0xff, 0xd0); // call rax
        put(code, 0x48, 0x89, 0x03); // mov [rbx], rax
        put(code, 0x48, 0x89, 0x53, 0x08); // mov [rbx+8], rdx
        put(code, 0x5b); // pop rbx
        put(code, 0xc3); // ret
        return code.array();
    }

    /// Where the first stub lies in a page of [#makeStubs]; before it lies the tail that all of them share.
    static final int STUBS_OFFSET = 48;

    /// How far the stubs of a page lie apart.
    static final int STUB_BYTES = 16;

    /// How many stubs a page holds.
    static final int STUBS_PER_PAGE = (PAGE_BYTES - STUBS_OFFSET) / STUB_BYTES;

    /// A page of stubs that all enter one upcall stub `void f(a, b, c, d, slot, long *result)`; what that leaves in
    /// `result` is returned in two registers. Behind those 16 bytes lie the fifth and the sixth argument, so
    /// that six arguments need no further shape.
    ///
    /// @param upcall the upcall stub
    /// @param firstSlot the slot number of the page's first stub
    /// @return the page's address, or 0 if the system refuses
    static long makeStubs(long upcall, int firstSlot) {
        ByteBuffer code = page();
        put(code, 0x48, 0x83, 0xec, 0x28); // sub rsp, 40: 16 bytes of result, two arguments, aligned stack
        put(code, 0x4c, 0x89, 0x44, 0x24, Upcall.FIFTH_OFFSET); // mov [rsp+16], r8
        put(code, 0x4c, 0x89, 0x4c, 0x24, Upcall.SIXTH_OFFSET); // mov [rsp+24], r9
        put(code, 0x41, 0x89, 0xc0); // mov r8d, eax
        put(code, 0x49, 0x89, 0xe1); // mov r9, rsp
        put(code, 0x48, 0xb8); // mov rax, upcall
        code.putLong(upcall);
        put(code, 0xff, 0xd0); // call rax
        put(code, 0x48, 0x8b, 0x04, 0x24); // mov rax, [rsp]
        put(code, 0x48, 0x8b, 0x54, 0x24, 0x08); // mov rdx, [rsp+8]
        put(code, 0x48, 0x83, 0xc4, 0x28); // add rsp, 40
        put(code, 0xc3); // ret
        for (int k = 0; k < STUBS_PER_PAGE; k++) {
            code.position(STUBS_OFFSET + k * STUB_BYTES);
            put(code, 0xb8); // mov eax, slot
            code.putInt(firstSlot + k);
            put(code, 0xe9); // jmp tail
            code.putInt(-(code.position() + 4));
        }
        return makeExecutable(code.array());
    }

    private static ByteBuffer page() {
        return ByteBuffer.allocate(PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void put(ByteBuffer code, int... bytes) {
        for (int b : bytes) {
            code.put((byte) b);
        }
    }

    private static long makeExecutable(byte[] code) {
        long page = NativeFunctions.call(
                MMAP,
                0,
                code.length,
                Linux.PROT_READ | Linux.PROT_WRITE,
                Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS,
                -1,
                0);
        if (page == FAILED) {
            return 0;
        }
        MemorySegment.copy(code, 0, NativeMemory.ALL, ValueLayout.JAVA_BYTE, page, code.length);
        int refused =
                (int) NativeFunctions.call(MPROTECT, page, code.length, Linux.PROT_READ | Linux.PROT_EXEC, 0, 0, 0);
        return refused == 0 ? page : 0;
    }
}
