// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import java.lang.foreign.ValueLayout;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.api.WrapperFunction;
import org.orcrt.ffm.NativeFunctions;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.sps.SpsFunction;
import org.orcrt.sps.SpsReader;
import org.orcrt.sps.SpsWriter;

/// Shows objects of JIT'd code to a debugger, by GDB's JIT interface: a list of entries hangs on a descriptor, and a
/// function is called, on which the debugger has a breakpoint, when the list changes. Both must be *symbols* of the
/// process, so they come from [DebuggerLibrary].
///
/// Format: GDB manual, "JIT Compilation Interface" (`gdb/jit-reader`, version 1).
///
/// | struct | fields |
/// |---|---|
/// | descriptor | u32 version, u32 action, entry *relevant, entry *first |
/// | entry | entry *next, entry *previous, const char *object, u64 size |
final class DebugObjects {

    /// Allocation action `error(range, bool tellDebugger)`.
    static final WrapperFunction REGISTER = SpsFunction.of(Execution.OWN_THREAD, DebugObjects::register);

    private static final int ENTRY_BYTES = 32;
    private static final int NEXT = 0;
    private static final int PREVIOUS = 8;
    private static final int OBJECT = 16;
    private static final int SIZE = 24;

    private static final int ACTION = 4;
    private static final int RELEVANT = 8;
    private static final int FIRST = 16;
    private static final int REGISTERED = 1;

    private DebugObjects() {}

    private static void register(SpsReader args, SpsWriter result) {
        ExecutorAddressRange object = args.readRange();
        boolean tellDebugger = args.readBool();
        args.end();
        synchronized (DebugObjects.class) {
            link(object, DebuggerLibrary.descriptor());
            if (tellDebugger) {
                NativeFunctions.call(DebuggerLibrary.registerCode(), 0);
            }
        }
        result.success();
    }

    /// Puts a new entry at the head of the list. Entries stay for the life of the process, as LLVM's executor
    /// keeps them: this service has no counterpart that takes one back.
    private static void link(ExecutorAddressRange object, long descriptor) {
        long first = NativeMemory.getLong(descriptor + FIRST);
        long entry = NativeMemory.malloc(ENTRY_BYTES);
        NativeMemory.putLong(entry + NEXT, first);
        NativeMemory.putLong(entry + PREVIOUS, 0);
        NativeMemory.putLong(entry + OBJECT, object.start().value());
        NativeMemory.putLong(entry + SIZE, object.sizeBytes());
        if (first != 0) {
            NativeMemory.putLong(first + PREVIOUS, entry);
        }
        NativeMemory.putLong(descriptor + FIRST, entry);
        NativeMemory.putLong(descriptor + RELEVANT, entry);
        NativeMemory.ALL.set(ValueLayout.JAVA_INT_UNALIGNED, descriptor + ACTION, REGISTERED);
    }
}
