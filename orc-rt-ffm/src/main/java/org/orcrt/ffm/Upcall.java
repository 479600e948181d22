// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

/// A Java function that native code calls through a stub of the [StubPool]: up to four integers in, up to 16 bytes out.
@FunctionalInterface
public interface Upcall {

    /// Runs on the thread that called the stub, which may be any thread of the process. Whatever this throws becomes an
    /// out-of-band error text in the result; nothing leaves the stub.
    ///
    /// @param a the first argument; if the C type is `int`, only the low 32 bits mean anything
    /// @param b the second argument
    /// @param c the third argument
    /// @param d the fourth argument
    /// @param result the address of 16 zero bytes that are returned in the two result registers
    void call(long a, long b, long c, long d, long result);

    /// Whether this is a wrapper function in C's synchronous form: `a` is the address of the argument bytes, `b` how
    /// many they are, and the result is a [WrapperResult].
    ///
    /// @return `false` unless overridden
    default boolean isWrapper() {
        return false;
    }
}
