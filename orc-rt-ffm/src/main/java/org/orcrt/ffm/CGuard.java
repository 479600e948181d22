// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import static java.lang.invoke.MethodType.methodType;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.orcrt.api.ErrorReporter;

/// Makes a Java function fit for an upcall. An exception that leaves an upcall ends the JVM, and FFM itself
/// throws outside the function, for a misaligned pointer or a result that has no address. So everything that
/// can throw happens in here.
final class CGuard {

    private static final MethodHandle REPORT =
            own("report", methodType(void.class, ErrorReporter.class, Throwable.class));
    private static final MethodHandle SIZED =
            own("sized", methodType(MemorySegment.class, long.class, MemorySegment.class));
    private static final MethodHandle CHECK_NATIVE =
            own("checkNative", methodType(MemorySegment.class, MemorySegment.class));
    private static final MethodHandle COPY =
            own("copy", methodType(MemorySegment.class, long.class, MemorySegment.class));

    private CGuard() {}

    /// The signature that FFM is told of: pointers without what they point to, whose alignment FFM would check.
    static FunctionDescriptor plain(FunctionDescriptor signature) {
        MemoryLayout[] arguments =
                signature.argumentLayouts().stream().map(CGuard::plain).toArray(MemoryLayout[]::new);
        return signature
                .returnLayout()
                .map(result -> FunctionDescriptor.of(plain(result), arguments))
                .orElseGet(() -> FunctionDescriptor.ofVoid(arguments));
    }

    private static MemoryLayout plain(MemoryLayout layout) {
        return layout instanceof AddressLayout pointer ? pointer.withoutTargetLayout() : layout;
    }

    /// The function, with pointers as long as the signature says, a result that is fit for C, and nothing thrown.
    static MethodHandle guard(MethodHandle target, FunctionDescriptor signature, ErrorReporter reporter) {
        MethodHandle inner = target;
        for (int k = 0; k < signature.argumentLayouts().size(); k++) {
            if (signature.argumentLayouts().get(k) instanceof AddressLayout pointer) {
                long bytes = pointer.targetLayout().map(MemoryLayout::byteSize).orElse(0L);
                inner = bytes == 0
                        ? inner
                        : MethodHandles.filterArguments(inner, k, MethodHandles.insertArguments(SIZED, 0, bytes));
            }
        }
        MemoryLayout result = signature.returnLayout().orElse(null);
        if (result instanceof AddressLayout) {
            inner = MethodHandles.filterReturnValue(inner, CHECK_NATIVE);
        } else if (result instanceof GroupLayout) {
            inner = MethodHandles.filterReturnValue(inner, MethodHandles.insertArguments(COPY, 0, result.byteSize()));
        }
        MethodHandle failed = MethodHandles.foldArguments(
                MethodHandles.dropArguments(zero(signature), 0, Throwable.class), REPORT.bindTo(reporter));
        return MethodHandles.catchException(inner, Throwable.class, failed);
    }

    /// A function that does nothing but return zeros.
    static MethodHandle zeros(FunctionDescriptor signature) {
        return MethodHandles.dropArguments(
                zero(signature), 0, signature.toMethodType().parameterList());
    }

    /// What C gets instead of a result; made ahead, so that it cannot fail.
    private static MethodHandle zero(FunctionDescriptor signature) {
        MemoryLayout result = signature.returnLayout().orElse(null);
        if (result instanceof GroupLayout) {
            return MethodHandles.constant(MemorySegment.class, onHeap(result.byteSize()));
        }
        if (result instanceof AddressLayout) {
            return MethodHandles.constant(MemorySegment.class, MemorySegment.NULL);
        }
        return MethodHandles.empty(methodType(signature.toMethodType().returnType()));
    }

    private static MemorySegment onHeap(long bytes) {
        long[] words = new long[Math.toIntExact(Math.ceilDiv(bytes, Long.BYTES))];
        return MemorySegment.ofArray(words).asSlice(0, bytes);
    }

    private static void report(ErrorReporter reporter, Throwable failure) {
        try {
            reporter.report(failure);
        } catch (Throwable lost) {
            // there is nobody left to tell, and nothing may leave the upcall
        }
    }

    @SuppressWarnings("restricted") // the one module that may
    private static MemorySegment sized(long bytes, MemorySegment pointer) {
        return pointer.reinterpret(bytes);
    }

    private static MemorySegment checkNative(MemorySegment result) {
        if (!result.isNative()) {
            throw new IllegalArgumentException("the function returned memory of the Java heap, which has no address");
        }
        return result;
    }

    private static MemorySegment copy(long bytes, MemorySegment result) {
        return onHeap(bytes).copyFrom(result.asSlice(0, bytes));
    }

    private static MethodHandle own(String name, MethodType type) {
        try {
            return MethodHandles.lookup().findStatic(CGuard.class, name, type);
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
