// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.orcrt.api.Execution;
import org.orcrt.api.WrapperFunction;
import org.orcrt.ffm.FfmLinker;

/// A C loop that calls a wrapper function in Java: 8 bytes of arguments, 8 bytes of result in place.
@State(Scope.Thread)
public class UpcallBenchmark {

    private static final int CALLS = 1000;
    private static final long VALUE = 42;
    private static final long ARGUMENT_BYTES = 8;

    private static final MethodHandle REPEAT = RawFfm.downcall(
            "orc_bench_repeat", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG));

    /// What the raw stub returns: the size never changes.
    private static final MemorySegment ANSWER = Arena.global().allocateFrom(JAVA_LONG, 0, ARGUMENT_BYTES);

    private final MemorySegment args = Arena.global().allocateFrom(JAVA_LONG, VALUE);
    private final MemorySegment ourStub = MemorySegment.ofAddress(new FfmLinker()
            .bind(WrapperFunction.on(
                    Execution.LEAF, (bytes, offset, length, reply) -> reply.result(bytes, offset, length)))
            .value());
    private final MemorySegment rawStub = rawStubOf();

    /// For JMH.
    public UpcallBenchmark() {}

    /// A stub of the pool.
    ///
    /// @return the sum of the results
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public long ours() {
        return repeat(ourStub);
    }

    /// An upcall stub of FFM with the same signature.
    ///
    /// @return the sum of the results
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public long rawStub() {
        return repeat(rawStub);
    }

    private long repeat(MemorySegment function) {
        long sum;
        try {
            sum = (long) REPEAT.invokeExact(function, args, ARGUMENT_BYTES, (long) CALLS);
        } catch (Throwable failure) {
            throw RawFfm.impossible(failure);
        }
        if (sum != VALUE * CALLS) {
            throw new IllegalStateException("the sum is " + sum);
        }
        return sum;
    }

    private static MemorySegment answer(MemorySegment args, long length) {
        ANSWER.set(JAVA_LONG, 0, RawFfm.bytesAt(args, length).get(JAVA_LONG, 0));
        return ANSWER;
    }

    private static MemorySegment rawStubOf() {
        try {
            MethodType type = MethodType.methodType(MemorySegment.class, MemorySegment.class, long.class);
            MethodHandle answer = MethodHandles.lookup().findStatic(UpcallBenchmark.class, "answer", type);
            return RawFfm.upcallStub(answer, RawFfm.WRAPPER);
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
