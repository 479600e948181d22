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

    /// `std::ios_base::Init::Init()`, which makes `std::cout` and its kin. A C++ executable calls it from a static
    /// object
    /// of each file that includes iostream; up to libstdc++ 12 the library itself does not, and nobody runs static
    /// constructors for a program that is linked without the ORC runtime.
    private static final String MAKE_STREAMS = "_ZNSt8ios_base4InitC1Ev";

    /// The object is empty but for what the ABI gives every object; it is never destroyed, so the streams stay.
    private static final int INIT_OBJECT_BYTES = 8;

    static {
        for (String library : LIBRARIES) {
            // what is not there is not missed until a program needs it
            NativeLibraries.open(library, Linux.RTLD_NOW | Linux.RTLD_GLOBAL);
        }
        long makeStreams = NativeLibraries.symbol(NativeLibraries.PROCESS, MAKE_STREAMS);
        if (makeStreams != 0) {
            NativeFunctions.call(makeStreams, NativeMemory.malloc(INIT_OBJECT_BYTES));
        }
    }

    private CxxRuntime() {}

    static void load() {
        // the work is done once, by the initializer
    }
}
