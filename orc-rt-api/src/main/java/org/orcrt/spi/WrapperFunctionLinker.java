// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;

/// Joins functions in Java and in native code: gives Java functions an address, and calls native wrapper
/// functions, in both forms that C has for them ([CallingConvention]). One per process; all methods: any thread.
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

    /// Gives a Java function an address. Binding the same object again in the same form gives the same
    /// address; every bind needs its [#unbind]. Native code that calls the address in the synchronous form
    /// gets the answer only if the function answers before it returns; in the asynchronous form it may come
    /// later, and from another thread.
    ///
    /// @param function the function
    /// @param convention how C code calls the address
    /// @return its address
    ExecutorAddress bind(WrapperFunction function, CallingConvention convention);

    /// Gives a Java function an address for the synchronous form.
    ///
    /// @param function the function
    /// @return its address
    default ExecutorAddress bind(WrapperFunction function) {
        return bind(function, CallingConvention.SYNC);
    }

    /// Takes back one [#bind]. After the last one the address may be given to another function, so nobody
    /// may call it.
    ///
    /// @param function the function
    /// @param convention as it was bound
    void unbind(WrapperFunction function, CallingConvention convention);

    /// Takes back one [#bind] for the synchronous form.
    ///
    /// @param function the function
    default void unbind(WrapperFunction function) {
        unbind(function, CallingConvention.SYNC);
    }

    /// The Java function behind an address, so that a call needs no native code.
    ///
    /// @param address any address
    /// @return the function bound there, or `null`
    @Nullable WrapperFunction boundAt(long address);

    /// Gives a Java function an address that C code calls with a signature of its own. Nothing that the
    /// function throws reaches the caller: the reporter hears of it, and the caller gets zeros. Every call
    /// gives an address of its own, and needs its [#unbindC].
    ///
    /// @param target the function; called on whatever thread calls the address
    /// @param signature its C signature; `target` has the type `signature.toMethodType()`
    /// @param reporter hears of what the function throws, on the thread that called it; what it throws itself
    ///     is lost
    /// @return its address
    /// @throws IllegalArgumentException if the target has another type, or C has no such signature
    /// @throws org.orcrt.api.SessionException if this linker cannot make addresses for native code
    ExecutorAddress bindC(MethodHandle target, FunctionDescriptor signature, ErrorReporter reporter);

    /// Takes an address back. From then on a call of it returns zeros, until the address is given to another
    /// function of the same signature, so nobody may call it.
    ///
    /// @param address what [#bindC] returned
    /// @throws IllegalStateException if it is no such address, or was taken back already
    void unbindC(ExecutorAddress address);

    /// Lets out what C's streams hold, within a bound, and ends the process at once: exit handlers that
    /// JIT'd code left behind lie in memory that is gone, so none is run.
    ///
    /// @param status the exit code
    default void endProcess(int status) {
        Runtime.getRuntime().halt(status);
    }

    /// Names the native thread that this thread is.
    ///
    /// @return a number for [#isThere], or 0 if this linker has no threads to tell apart
    default long nativeThread() {
        return 0;
    }

    /// Tells whether a native thread is still there. Java counts a thread as ended before the destructors of its native
    /// thread-local data have run; they have when this is `false`.
    ///
    /// @param nativeThread what [#nativeThread()] returned on it
    /// @return `false` once the system has ended it; a later thread may get the same number
    default boolean isThere(long nativeThread) {
        return false;
    }

    /// Prepares a call of a native wrapper function. The argument bytes are copied, once, to where the
    /// function reads them; nothing is called yet.
    ///
    /// @param address the function; not null
    /// @param convention its form
    /// @param session what a function of the asynchronous form gets as its session
    /// @param args where the argument bytes lie; copied before this method returns
    /// @param offset their offset in `args`, in bytes
    /// @param length how many they are
    /// @return the call, to be made or discarded
    NativeCall prepare(
            long address,
            CallingConvention convention,
            ExecutorAddress session,
            MemorySegment args,
            long offset,
            long length);

    /// Calls a native wrapper function of the synchronous form on this thread, and answers. Nothing is flushed.
    ///
    /// @param address the function; not null
    /// @param args the argument bytes
    /// @param offset their offset in `args`, in bytes
    /// @param length how many they are
    /// @param reply takes the result or the out-of-band error
    default void invoke(long address, MemorySegment args, long offset, long length, WrapperReturn reply) {
        prepare(address, CallingConvention.SYNC, new ExecutorAddress(0), args, offset, length)
                .invoke(reply);
    }

    /// Gives up what native functions of the asynchronous form still owe to a session: nobody is told, and
    /// an answer that comes later is dropped, freed and counted.
    ///
    /// @param session what they were called with
    default void forget(ExecutorAddress session) {}

    /// How many answers of native functions of the asynchronous form came for nobody: a second one of one
    /// call, one of a call that was given up, or one of no call at all.
    ///
    /// @return since the process began
    default long strayReturns() {
        return 0;
    }
}
