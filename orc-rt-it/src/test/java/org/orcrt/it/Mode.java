// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How llvm-jitlink links and loads a program.
enum Mode {
    /// Bare JITLink: no static constructors, no thread-local data, no JIT dlopen, no lazy linking.
    PLAIN(false, "default"),
    /// Bare JITLink over the generic remote memory manager, the default for another process, asked for by name.
    GENERIC(false, "generic"),
    /// Bare JITLink over one large slab in the executor: sizes that are no multiple of a page, ranges used again.
    SIMPLE_REMOTE(false, "simple-remote"),
    /// Bare JITLink over memory that both ends map: the controller writes the content itself.
    SHARED(false, "shared"),
    /// With LLVM's ORC runtime, which makes a JITDylib behave like a shared object.
    RUNTIME(true, "default"),
    /// As [#RUNTIME], over the generic remote memory manager.
    RUNTIME_GENERIC(true, "generic"),
    /// As [#RUNTIME], over one large slab.
    RUNTIME_SIMPLE_REMOTE(true, "simple-remote"),
    /// As [#RUNTIME], over memory that both ends map.
    RUNTIME_SHARED(true, "shared");

    private final boolean runtime;
    private final String memoryManager;

    Mode(boolean runtime, String memoryManager) {
        this.runtime = runtime;
        this.memoryManager = memoryManager;
    }

    /// What llvm-jitlink takes for this mode.
    List<String> flags(Llvm llvm) {
        List<String> flags = new ArrayList<>();
        flags.add("--use-memmgr=" + memoryManager);
        if (runtime) {
            flags.add("--orc-runtime=" + llvm.orcRuntime());
        }
        return flags;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
