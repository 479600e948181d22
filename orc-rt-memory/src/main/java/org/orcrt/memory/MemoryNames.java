// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

/// The names under which a session's memory maps can be called: those of its [SimpleNativeMemoryMap] as in LLVM's newer
/// orc-rt, those of its [SharedMemoryMapper] in the same manner.
public final class MemoryNames {

    /// The instance of the [SimpleNativeMemoryMap]: first argument of all functions below.
    public static final String INSTANCE = "orc_rt_ci_SimpleNativeMemoryMap_Instance";

    private static final String FUNCTION = "orc_rt_ci_sps_SimpleNativeMemoryMap_";

    /// `expected<address>(instance, u64 size)`.
    public static final String RESERVE = FUNCTION + "reserve";

    /// `expected<address>(instance, request)`.
    public static final String INITIALIZE = FUNCTION + "initialize";

    /// `error(instance, sequence<address>)`.
    public static final String DEINITIALIZE_ALL = FUNCTION + "deinitializeMultiple";

    /// `error(instance, sequence<address>)`.
    public static final String RELEASE_ALL = FUNCTION + "releaseMultiple";

    /// The instance of the [SharedMemoryMapper]: first argument of [#DEINITIALIZE_ALL], [#RELEASE_ALL] and the
    /// functions
    /// below.
    public static final String SHARED_INSTANCE = "orc_rt_ci_SharedMemoryMapper_Instance";

    private static final String SHARED_FUNCTION = "orc_rt_ci_sps_SharedMemoryMapper_";

    /// `expected<(address, string)>(instance, u64 size)`: a slab and its name for `shm_open`.
    public static final String SHARED_RESERVE = SHARED_FUNCTION + "reserve";

    /// `expected<address>(instance, address, request)`: protects what the controller has put into that slab; the
    /// request
    /// comes without content.
    public static final String SHARED_INITIALIZE = SHARED_FUNCTION + "initialize";

    private MemoryNames() {}
}
