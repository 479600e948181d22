// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

/// The names under which a session's memory map can be called, as in LLVM's newer orc-rt.
public final class MemoryNames {

    /// The instance: first argument of all functions below.
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

    private MemoryNames() {}
}
