// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

/// The dynamic loader: `dlopen`, `dlsym`, `dlclose`.
public final class NativeLibraries {

    /// The handle that searches the whole process (`RTLD_DEFAULT`).
    public static final long PROCESS = 0;

    private static final long DLOPEN = NativeFunctions.requiredSymbol("dlopen");
    private static final long DLSYM = NativeFunctions.requiredSymbol("dlsym");
    private static final long DLCLOSE = NativeFunctions.requiredSymbol("dlclose");
    private static final long DLERROR = NativeFunctions.requiredSymbol("dlerror");

    private NativeLibraries() {}

    /// Loads a library. Its constructors run on this thread.
    ///
    /// @param path a path or a name that the loader searches for; each character is a byte
    /// @param flags `RTLD_` bits of [Linux]
    /// @return its handle, or 0; then [#lastError()] says why
    public static long open(String path, int flags) {
        long name = NativeMemory.mallocBytes(path);
        try {
            return NativeFunctions.call(DLOPEN, name, flags);
        } finally {
            NativeMemory.free(name);
        }
    }

    /// Looks a symbol up.
    ///
    /// @param handle what [#open] returned, or [#PROCESS]
    /// @param symbol its name; each character is a byte
    /// @return its address, or 0 if there is none (or its address is 0)
    public static long symbol(long handle, String symbol) {
        long name = NativeMemory.mallocBytes(symbol);
        try {
            return NativeFunctions.call(DLSYM, handle, name);
        } finally {
            NativeMemory.free(name);
        }
    }

    /// Lets a library go. Its destructors may run on this thread.
    ///
    /// @param handle what [#open] returned
    /// @return whether the loader agreed; if not, [#lastError()] says why
    public static boolean close(long handle) {
        return (int) NativeFunctions.call(DLCLOSE, handle) == 0;
    }

    /// Why the last call on this thread failed; asking clears it.
    ///
    /// @return the loader's own text, or an empty one
    public static String lastError() {
        long text = NativeFunctions.call(DLERROR, 0);
        return text == 0 ? "" : NativeMemory.cString(text);
    }
}
