// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import org.orcrt.ffm.Linux;
import org.orcrt.ffm.NativeFunctions;
import org.orcrt.ffm.NativeLibraries;
import org.orcrt.ffm.NativeMemory;

/// What a C++ program expects in its process, and what a JVM links statically or not at all. Loaded once per process,
/// when the first program asks for the process's symbols.
final class CxxRuntime {

    private static final String[] LIBRARIES = {"libgcc_s.so.1", "libstdc++.so.6", "libm.so.6"};

    /// `std::ios_base::Init::Init()`, which makes `std::cout` and its kin. A C++ executable calls it from a
    /// static object of each file that includes iostream; up to libstdc++ 12 the library itself does not, and
    /// nobody runs static constructors for a program that is linked without the ORC runtime.
    private static final String MAKE_STREAMS = "_ZNSt8ios_base4InitC1Ev";

    /// The object is empty but for what the ABI gives every object; it is never destroyed, so the streams stay.
    private static final int INIT_OBJECT_BYTES = 8;

    static {
        for (String library : LIBRARIES) {
            // what is not there is not missed until a program needs it
            NativeLibraries.open(library, Linux.RTLD_NOW | Linux.RTLD_GLOBAL);
        }
        long makeStreams = process(MAKE_STREAMS);
        if (makeStreams != 0) {
            NativeFunctions.call(makeStreams, NativeMemory.malloc(INIT_OBJECT_BYTES));
        }
    }

    /// Output streams and their `flush()`; 0 where there is no such symbol.
    private static final long FLUSH = process("_ZNSo5flushEv");

    private static final long[] STREAMS = {process("_ZSt4cout"), process("_ZSt4clog")};
    private static final long FLUSH_WIDE = process("_ZNSt13basic_ostreamIwSt11char_traitsIwEE5flushEv");
    private static final long[] WIDE_STREAMS = {process("_ZSt5wcout"), process("_ZSt5wclog")};

    private CxxRuntime() {}

    /// Writes out what the standard streams hold. With `sync_with_stdio(false)` they have buffers of their own, which a
    /// process empties when it ends.
    static void flushStreams() {
        flush(FLUSH, STREAMS);
        flush(FLUSH_WIDE, WIDE_STREAMS);
    }

    private static void flush(long function, long[] streams) {
        for (long stream : streams) {
            if (function != 0 && stream != 0) {
                NativeFunctions.call(function, stream);
            }
        }
    }

    private static long process(String symbol) {
        return NativeLibraries.symbol(NativeLibraries.PROCESS, symbol);
    }

    static void load() {
        // the work is done once, by the initializer
    }
}
