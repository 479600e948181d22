// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// FFM as a program uses it that knows nothing of us: what our calls are measured against. All native calls of
/// the peers are made here, and nothing is freed.
@SuppressWarnings("restricted") // the peers are native code
final class RawFfm {

    /// The 16 bytes that a wrapper function returns.
    static final StructLayout RESULT = MemoryLayout.structLayout(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

    /// The C type of a wrapper function.
    static final FunctionDescriptor WRAPPER = FunctionDescriptor.of(RESULT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);

    private static final Linker LINKER = Linker.nativeLinker();

    private static final SymbolLookup LIBRARY = SymbolLookup.libraryLookup(NativeCode.library(), Arena.global());

    private RawFfm() {}

    /// A function of our C sources.
    static MemorySegment function(String name) {
        return LIBRARY.findOrThrow(name);
    }

    /// A handle that calls a function of our C sources.
    static MethodHandle downcall(String name, FunctionDescriptor shape) {
        return LINKER.downcallHandle(function(name), shape);
    }

    /// A C function that calls a Java method.
    static MemorySegment upcallStub(MethodHandle target, FunctionDescriptor shape) {
        return LINKER.upcallStub(target, shape, Arena.global());
    }

    /// The bytes behind an address that came from C.
    static MemorySegment bytesAt(MemorySegment address, long bytes) {
        return address.reinterpret(bytes);
    }

    /// What a handle can throw without being declared.
    static AssertionError impossible(Throwable failure) {
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return new AssertionError("a downcall threw a checked exception", failure);
    }
}
