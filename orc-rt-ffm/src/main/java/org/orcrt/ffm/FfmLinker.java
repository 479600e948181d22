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
import org.orcrt.spi.CallingConvention;
import org.orcrt.spi.NativeCall;
import org.orcrt.spi.WrapperFunctionLinker;

/// The linker over FFM: Java functions get a stub of the process-wide pool.
public final class FfmLinker implements WrapperFunctionLinker {

    private static final Duration FLUSH_BOUND = Duration.ofSeconds(1);

    /// Shared by all instances, so that each function has one address in the process. Each guarded by itself.
    private static final Map<WrapperFunction, BoundFunction> SYNC = new IdentityHashMap<>();

    private static final Map<WrapperFunction, BoundFunction> ASYNC = new IdentityHashMap<>();

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
    public ExecutorAddress bind(WrapperFunction function, CallingConvention convention) {
        Map<WrapperFunction, BoundFunction> bound = boundIn(convention);
        synchronized (bound) {
            BoundFunction binding = bound.computeIfAbsent(
                    function,
                    convention == CallingConvention.SYNC ? BoundFunction.Sync::new : BoundFunction.Async::new);
            if (binding.binds++ == 0) {
                binding.address = StubPool.lease(binding);
            }
            return new ExecutorAddress(binding.address);
        }
    }

    @Override
    public void unbind(WrapperFunction function, CallingConvention convention) {
        Map<WrapperFunction, BoundFunction> bound = boundIn(convention);
        synchronized (bound) {
            BoundFunction binding = bound.get(function);
            if (binding == null) {
                throw new IllegalStateException("the function is not bound: " + function);
            }
            if (--binding.binds == 0) {
                bound.remove(function);
                StubPool.release(binding.address);
            }
        }
    }

    private static Map<WrapperFunction, BoundFunction> boundIn(CallingConvention convention) {
        return convention == CallingConvention.SYNC ? SYNC : ASYNC;
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
    public NativeCall prepare(
            long address,
            CallingConvention convention,
            ExecutorAddress session,
            MemorySegment args,
            long offset,
            long length) {
        return convention == CallingConvention.SYNC
                ? new SyncCall(address, args, offset, length)
                : new AsyncCall(address, session.value(), args, offset, length);
    }

    @Override
    public void forget(ExecutorAddress session) {
        AsyncReturns.forget(session.value());
    }

    @Override
    public long strayReturns() {
        return AsyncReturns.strays();
    }
}
