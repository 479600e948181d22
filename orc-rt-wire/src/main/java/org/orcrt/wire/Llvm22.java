// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static java.util.Map.entry;

import java.util.Map;

/// LLVM 22, as 22.1.8 speaks.
public final class Llvm22 {

    private static final String BOOTSTRAP = "__llvm_orc_bootstrap_";
    private static final String DYLIBS = "__llvm_orc_SimpleExecutorDylibManager_";
    private static final String MEMORY = "__llvm_orc_SimpleExecutorMemoryManager_";
    private static final String SHARED = "__llvm_orc_ExecutorSharedMemoryMapperService_";
    private static final String REMOTE = "__llvm_orc_SimpleRemoteEPC_";

    /// The dialect.
    public static final Dialect DIALECT = new Dialect(
            "LLVM 22",
            false,
            false,
            false,
            Map.ofEntries(
                    entry(Service.DISPATCH_CONTEXT, REMOTE + "dispatch_ctx"),
                    entry(Service.DISPATCH_FUNCTION, REMOTE + "dispatch_fn"),
                    entry(Service.RUN_AS_MAIN, BOOTSTRAP + "run_as_main_wrapper"),
                    entry(Service.RUN_AS_VOID_FUNCTION, BOOTSTRAP + "run_as_void_function_wrapper"),
                    entry(Service.RUN_AS_INT_FUNCTION, BOOTSTRAP + "run_as_int_function_wrapper"),
                    entry(Service.DYLIB_INSTANCE, DYLIBS + "Instance"),
                    entry(Service.DYLIB_OPEN, DYLIBS + "open_wrapper"),
                    entry(Service.DYLIB_RESOLVE, DYLIBS + "resolve_wrapper"),
                    entry(Service.MEMORY_INSTANCE, MEMORY + "Instance"),
                    entry(Service.MEMORY_RESERVE, MEMORY + "reserve_wrapper"),
                    entry(Service.MEMORY_INITIALIZE, MEMORY + "initialize_wrapper"),
                    entry(Service.MEMORY_DEINITIALIZE, MEMORY + "deinitialize_wrapper"),
                    entry(Service.MEMORY_RELEASE, MEMORY + "release_wrapper"),
                    entry(Service.SHARED_MEMORY_INSTANCE, SHARED + "Instance"),
                    entry(Service.SHARED_MEMORY_RESERVE, SHARED + "Reserve"),
                    entry(Service.SHARED_MEMORY_INITIALIZE, SHARED + "Initialize"),
                    entry(Service.SHARED_MEMORY_DEINITIALIZE, SHARED + "Deinitialize"),
                    entry(Service.SHARED_MEMORY_RELEASE, SHARED + "Release"),
                    entry(Service.WRITE_UINT8S, BOOTSTRAP + "mem_write_uint8s_wrapper"),
                    entry(Service.WRITE_UINT16S, BOOTSTRAP + "mem_write_uint16s_wrapper"),
                    entry(Service.WRITE_UINT32S, BOOTSTRAP + "mem_write_uint32s_wrapper"),
                    entry(Service.WRITE_UINT64S, BOOTSTRAP + "mem_write_uint64s_wrapper"),
                    entry(Service.WRITE_POINTERS, BOOTSTRAP + "mem_write_pointers_wrapper"),
                    entry(Service.WRITE_BUFFERS, BOOTSTRAP + "mem_write_buffers_wrapper"),
                    entry(Service.READ_UINT8S, BOOTSTRAP + "mem_read_uint8s_wrapper"),
                    entry(Service.READ_UINT16S, BOOTSTRAP + "mem_read_uint16s_wrapper"),
                    entry(Service.READ_UINT32S, BOOTSTRAP + "mem_read_uint32s_wrapper"),
                    entry(Service.READ_UINT64S, BOOTSTRAP + "mem_read_uint64s_wrapper"),
                    entry(Service.READ_POINTERS, BOOTSTRAP + "mem_read_pointers_wrapper"),
                    entry(Service.READ_BUFFERS, BOOTSTRAP + "mem_read_buffers_wrapper"),
                    entry(Service.READ_STRINGS, BOOTSTRAP + "mem_read_strings_wrapper"),
                    entry(Service.REGISTER_EH_FRAME, "llvm_orc_registerEHFrameAllocAction"),
                    entry(Service.DEREGISTER_EH_FRAME, "llvm_orc_deregisterEHFrameAllocAction"),
                    entry(Service.REGISTER_DEBUG_OBJECT, "llvm_orc_registerJITLoaderGDBAllocAction")));

    private Llvm22() {}
}
