// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

/// A Java function that native code calls through a stub of the [StubPool]: up to six integers in, up to 16 bytes out.
@FunctionalInterface
public interface Upcall {

    /// Runs on the thread that called the stub, which may be any thread of the process. Whatever this throws
    /// becomes an out-of-band error text in the result; nothing leaves the stub.
    ///
    /// @param a the first argument; if the C type is `int`, only the low 32 bits mean anything
    /// @param b the second argument
    /// @param c the third argument
    /// @param d the fourth argument
    /// @param result the address of 16 zero bytes that are returned in the two result registers; behind them
    ///     lie two more arguments, for [#fifth] and [#sixth]
    void call(long a, long b, long c, long d, long result);

    /// Whether this is a wrapper function in C's synchronous form: `a` is the address of the argument bytes,
    /// `b` how many they are, and the result is a [WrapperResult].
    ///
    /// @return `false` unless overridden
    default boolean isWrapper() {
        return false;
    }

    /// What the address does once it is taken back. Addresses are given again only to functions of which
    /// this is the same, because code that calls one too late must still be answered in the form in which it calls.
    ///
    /// @return [StubPool#GONE], for functions whose result is a [WrapperResult] or does not matter, unless
    ///     overridden
    default Upcall whenGone() {
        return StubPool.GONE;
    }

    /// Where the fifth argument lies, from `result`.
    int FIFTH_OFFSET = WrapperResult.BYTES;

    /// Where the sixth argument lies, from `result`.
    int SIXTH_OFFSET = FIFTH_OFFSET + Long.BYTES;

    /// The fifth argument of the call.
    ///
    /// @param result what [#call] was given
    /// @return the argument
    static long fifth(long result) {
        return NativeMemory.getLong(result + FIFTH_OFFSET);
    }

    /// The sixth argument of the call.
    ///
    /// @param result what [#call] was given
    /// @return the argument
    static long sixth(long result) {
        return NativeMemory.getLong(result + SIXTH_OFFSET);
    }
}
