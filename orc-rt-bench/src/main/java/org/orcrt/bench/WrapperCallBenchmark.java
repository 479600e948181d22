// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.orcrt.api.WrapperReturn;
import org.orcrt.ffm.FfmLinker;

/// A call of a native wrapper function whose 8 bytes of result come in place.
@State(Scope.Thread)
public class WrapperCallBenchmark {

    private static final String FUNCTION = "orc_bench_echo";
    private static final long ARGUMENT_BYTES = 8;

    private static final MethodHandle BOUND = RawFfm.downcall(FUNCTION, RawFfm.WRAPPER);
    private static final MemorySegment PLACE = Arena.global().allocate(RawFfm.RESULT);
    private static final SegmentAllocator SAME_PLACE = (byteSize, byteAlignment) -> PLACE;

    private final FfmLinker linker = new FfmLinker();

    /// An address as a controller gives it: a number that is known at run time only.
    private final long address = RawFfm.function(FUNCTION).address();

    private final MemorySegment args = Arena.global().allocateFrom(JAVA_LONG, 42);
    private final LongReply reply = new LongReply();

    /// For JMH.
    public WrapperCallBenchmark() {}

    /// Through the linker, as a session calls.
    ///
    /// @return the result
    @Benchmark
    public long ours() {
        linker.invoke(address, args, 0, ARGUMENT_BYTES, reply);
        return reply.value;
    }

    /// Through a constant handle that has the address built in, into a place that is never shared.
    ///
    /// @return the result
    @Benchmark
    public long boundHandle() {
        try {
            var result = (MemorySegment) BOUND.invokeExact(SAME_PLACE, args, ARGUMENT_BYTES);
            return result.get(JAVA_LONG, 0);
        } catch (Throwable failure) {
            throw RawFfm.impossible(failure);
        }
    }

    /// Keeps the last result.
    private static final class LongReply implements WrapperReturn {

        private long value;

        @Override
        public void result(MemorySegment bytes, long offset, long length) {
            value = bytes.get(JAVA_LONG_UNALIGNED, offset);
        }

        @Override
        public void outOfBandError(String text) {
            throw new IllegalStateException(text);
        }
    }
}
