// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.wire;

import java.util.List;
import java.util.stream.Stream;

/// The names that LLVM 22's controllers look up in the first frame, written down from llvm-jitlink and not from our
/// code. Left out are those for Apple alone and for perf.
final class Names {

    private static final String EPC = "__llvm_orc_SimpleRemoteEPC_";
    private static final String BOOTSTRAP = "__llvm_orc_bootstrap_";
    private static final String DYLIBS = "__llvm_orc_SimpleExecutorDylibManager_";
    private static final String MEMORY = "__llvm_orc_SimpleExecutorMemoryManager_";

    private static final String SHARED = "__llvm_orc_ExecutorSharedMemoryMapperService_";

    static final String RUN_AS_MAIN = BOOTSTRAP + "run_as_main_wrapper";
    static final String DYLIB_INSTANCE = DYLIBS + "Instance";
    static final String OPEN = DYLIBS + "open_wrapper";
    static final String RESOLVE = DYLIBS + "resolve_wrapper";
    static final String MEMORY_INSTANCE = MEMORY + "Instance";
    static final String RESERVE = MEMORY + "reserve_wrapper";
    static final String INITIALIZE = MEMORY + "initialize_wrapper";
    static final String DEINITIALIZE = MEMORY + "deinitialize_wrapper";
    static final String RELEASE = MEMORY + "release_wrapper";
    static final String SHARED_INSTANCE = SHARED + "Instance";
    static final String SHARED_RESERVE = SHARED + "Reserve";
    static final String SHARED_INITIALIZE = SHARED + "Initialize";
    static final String SHARED_DEINITIALIZE = SHARED + "Deinitialize";
    static final String SHARED_RELEASE = SHARED + "Release";
    static final String READ_UINT64S = BOOTSTRAP + "mem_read_uint64s_wrapper";
    static final String WRITE_UINT64S = BOOTSTRAP + "mem_write_uint64s_wrapper";

    /// Read numbers: the argument is a sequence of addresses.
    static final List<String> READERS = List.of(
            BOOTSTRAP + "mem_read_uint8s_wrapper",
            BOOTSTRAP + "mem_read_uint16s_wrapper",
            BOOTSTRAP + "mem_read_uint32s_wrapper",
            READ_UINT64S,
            BOOTSTRAP + "mem_read_pointers_wrapper",
            BOOTSTRAP + "mem_read_strings_wrapper");

    static final String READ_BUFFERS = BOOTSTRAP + "mem_read_buffers_wrapper";

    /// Write numbers of 1, 2, 4, 8 and 8 bytes.
    static final List<String> WRITERS = List.of(
            BOOTSTRAP + "mem_write_uint8s_wrapper",
            BOOTSTRAP + "mem_write_uint16s_wrapper",
            BOOTSTRAP + "mem_write_uint32s_wrapper",
            WRITE_UINT64S,
            BOOTSTRAP + "mem_write_pointers_wrapper");

    static final String WRITE_BUFFERS = BOOTSTRAP + "mem_write_buffers_wrapper";

    /// The functions for memory that both ends map.
    static final List<String> SHARED_FUNCTIONS =
            List.of(SHARED_RESERVE, SHARED_INITIALIZE, SHARED_DEINITIALIZE, SHARED_RELEASE);

    private static final List<String> OTHERS = List.of(
            EPC + "dispatch_ctx",
            EPC + "dispatch_fn",
            RUN_AS_MAIN,
            BOOTSTRAP + "run_as_void_function_wrapper",
            BOOTSTRAP + "run_as_int_function_wrapper",
            DYLIB_INSTANCE,
            OPEN,
            RESOLVE,
            MEMORY_INSTANCE,
            RESERVE,
            INITIALIZE,
            DEINITIALIZE,
            RELEASE,
            SHARED_INSTANCE,
            READ_BUFFERS,
            WRITE_BUFFERS,
            "llvm_orc_registerEHFrameAllocAction",
            "llvm_orc_deregisterEHFrameAllocAction",
            "llvm_orc_registerJITLoaderGDBAllocAction");

    private Names() {}

    static List<String> all() {
        return Stream.of(READERS, WRITERS, SHARED_FUNCTIONS, OTHERS)
                .flatMap(List::stream)
                .toList();
    }
}
