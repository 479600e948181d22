// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;

/// Joins wrapper functions in Java and in native code: gives Java functions an address, and calls native ones. One per
/// process; all methods: any thread.
///
/// Native wrapper functions have the synchronous C shape `struct { union { char *ptr; char bytes[8]; }; size_t size;
/// } f(const char *args, size_t size)`: a result of up to 8 bytes lies in the struct, a longer one in a block from
/// `malloc` that the receiver frees, and size 0 with a pointer is an error text from `malloc`.
public interface WrapperFunctionLinker {

    /// The linker's name, for listings.
    ///
    /// @return for example `ffm`
    String name();

    /// Says why this linker cannot work here, if it cannot.
    ///
    /// @return the reason, with the remedy, or empty if it can
    default Optional<String> unavailable() {
        return Optional.empty();
    }

    /// Gives a Java function an address. Binding the same object again gives the same address; every bind needs its
    /// [#unbind]. Native code that calls the address gets the answer only if the function answers before it
    /// returns.
    ///
    /// @param function the function
    /// @return its address
    ExecutorAddress bind(WrapperFunction function);

    /// Takes back one [#bind]. After the last one the address may be given to another function, so nobody may call it.
    ///
    /// @param function the function
    void unbind(WrapperFunction function);

    /// The Java function behind an address, so that a call needs no native code.
    ///
    /// @param address any address
    /// @return the function bound there, or `null`
    @Nullable WrapperFunction boundAt(long address);

    /// Lets out what C's streams hold, within a bound, and ends the process at once: exit handlers that JIT'd code left
    /// behind lie in memory that is gone, so none is run.
    ///
    /// @param status the exit code
    default void endProcess(int status) {
        Runtime.getRuntime().halt(status);
    }

    /// Calls a native wrapper function on this thread, and answers. Nothing is flushed.
    ///
    /// @param address the function; not null
    /// @param args the argument bytes; copied before the call if they are not native
    /// @param offset their offset in `args`, in bytes
    /// @param length how many they are
    /// @param reply takes the result or the out-of-band error
    void invoke(long address, MemorySegment args, long offset, long length, WrapperReturn reply);
}
