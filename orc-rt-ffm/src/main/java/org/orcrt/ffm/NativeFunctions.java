// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Calls of C functions by address, all through one shape: six integers in, one integer out.
///
/// Surplus arguments are harmless (they sit in registers that the callee does not read), and an `int` result is the low
/// half. Not for floating-point numbers, seven arguments, variadic functions, or structs.
public final class NativeFunctions {

    @SuppressWarnings("restricted") // the one module that may
    private static final Linker LINKER = Linker.nativeLinker();

    /// `long f(long, long, long, long, long, long)` with the function's address as leading argument.
    @SuppressWarnings("restricted")
    private static final MethodHandle CALL = LINKER.downcallHandle(
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private NativeFunctions() {}

    static Linker linker() {
        return LINKER;
    }

    /// Makes the machine code that calls a Java function: the one place of it. The code is never freed, because native
    /// code may hold its address for ever, and a call of freed code ends the process.
    ///
    /// @param target what is called; nothing may leave it, because an exception that does ends the JVM
    /// @param shape the C function's arguments and result
    /// @return the address of the C function
    @SuppressWarnings("restricted") // the one module that may
    static long upcallStub(MethodHandle target, FunctionDescriptor shape) {
        return LINKER.upcallStub(target, shape, Arena.global()).address();
    }

    /// Calls a function with one argument.
    ///
    /// @param function its address
    /// @param a the first argument
    /// @return its result; for an `int` only the low 32 bits mean anything
    public static long call(long function, long a) {
        return call(function, a, 0, 0, 0, 0, 0);
    }

    /// Calls a function with two arguments.
    ///
    /// @param function its address
    /// @param a the first argument
    /// @param b the second argument
    /// @return its result; for an `int` only the low 32 bits mean anything
    public static long call(long function, long a, long b) {
        return call(function, a, b, 0, 0, 0, 0);
    }

    /// Calls a function with up to six arguments.
    ///
    /// @param function its address
    /// @param a the first argument
    /// @param b the second argument
    /// @param c the third argument
    /// @param d the fourth argument
    /// @param e the fifth argument
    /// @param f the sixth argument
    /// @return its result; for an `int` only the low 32 bits mean anything
    public static long call(long function, long a, long b, long c, long d, long e, long f) {
        MemorySegment target = MemorySegment.ofAddress(function);
        try {
            return (long) CALL.invokeExact(target, a, b, c, d, e, f);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError("a downcall threw a checked exception", impossible);
        }
    }

    /// A function of the C library. Only for what every C library has.
    ///
    /// @param name its name
    /// @return its address
    static long requiredSymbol(String name) {
        return LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no symbol '" + name + "'"))
                .address();
    }
}
