// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.spi.WrapperFunctionLinker;

/// The linker over FFM: Java functions get a stub of the process-wide pool.
public final class FfmLinker implements WrapperFunctionLinker {

    private static final Duration FLUSH_BOUND = Duration.ofSeconds(1);

    /// Shared by all instances, so that each function has one address in the process.
    private static final Map<WrapperFunction, BoundFunction> BOUND = new IdentityHashMap<>();

    /// For the service loader.
    public FfmLinker() {}

    @Override
    public String name() {
        return "ffm";
    }

    @Override
    public Optional<String> unavailable() {
        Module module = FfmLinker.class.getModule();
        String flag = module.isNamed() ? module.getName() : "ALL-UNNAMED"; // on a class path it has no name
        return module.isNativeAccessEnabled()
                ? Optional.empty()
                : Optional.of("native access is not granted to org.orcrt.ffm; start java with --enable-native-access="
                        + flag);
    }

    @Override
    public ExecutorAddress bind(WrapperFunction function) {
        synchronized (BOUND) {
            BoundFunction bound = BOUND.computeIfAbsent(function, BoundFunction::new);
            if (bound.binds++ == 0) {
                bound.address = StubPool.lease(bound);
            }
            return new ExecutorAddress(bound.address);
        }
    }

    @Override
    public void unbind(WrapperFunction function) {
        synchronized (BOUND) {
            BoundFunction bound = BOUND.get(function);
            if (bound == null) {
                throw new IllegalStateException("the function is not bound: " + function);
            }
            if (--bound.binds == 0) {
                BOUND.remove(function);
                StubPool.release(bound.address);
            }
        }
    }

    @Override
    public @Nullable WrapperFunction boundAt(long address) {
        return StubPool.at(address) instanceof BoundFunction bound ? bound.function : null;
    }

    @Override
    public ExecutorAddress bindC(MethodHandle target, FunctionDescriptor signature, ErrorReporter reporter) {
        return new ExecutorAddress(CFunctions.lease(target, signature, reporter));
    }

    @Override
    public void unbindC(ExecutorAddress address) {
        CFunctions.release(address.value());
    }

    @Override
    public long nativeThread() {
        return SystemCalls.real().gettid();
    }

    @Override
    public boolean isThere(long nativeThread) {
        return SystemCalls.real().tgkill(nativeThread, 0) == 0;
    }

    @Override
    public void endProcess(int status) {
        Stdio.flushAllWithin(FLUSH_BOUND);
        SystemCalls.real().exitGroup(status);
    }

    @Override
    public void invoke(long address, MemorySegment args, long offset, long length, WrapperReturn reply) {
        WrapperCaller.call(address, args, offset, length, reply);
    }

    /// A Java function behind a stub, called by native code.
    private static final class BoundFunction implements Upcall {

        private final WrapperFunction function;

        /// Guarded by the map's lock.
        private int binds;

        /// Guarded by the map's lock.
        private long address;

        BoundFunction(WrapperFunction function) {
            this.function = function;
        }

        @Override
        public boolean isWrapper() {
            return true;
        }

        @Override
        public void call(long args, long length, long c, long d, long result) {
            StubReturn reply = new StubReturn(result);
            try {
                function.call(NativeMemory.ALL, args, length, reply);
                reply.expire();
            } catch (Throwable failure) { // also what Java would have had to declare: no answer may come any more
                reply.fail(failure);
            }
        }
    }
}
