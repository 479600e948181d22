// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.orcrt.api.CallException;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ProcessInfo;
import org.orcrt.api.ResourceManager;
import org.orcrt.api.SessionException;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.type.TypeId;
import org.orcrt.spi.CallInterceptor;
import org.orcrt.spi.CallingConvention;
import org.orcrt.spi.ExecutorSetup;
import org.orcrt.spi.WrapperFunctionLinker;

/// One plug-in's view of the session that is being set up.
record PluginSetup(
        DefaultSession session, String plugin, ProcessInfo processInfo, boolean isLlvmPeer, Map<String, String> options)
        implements ExecutorSetup {

    private static final Duration CALL_THREADS_BOUND = Duration.ofSeconds(1);

    @Override
    public WrapperFunctionLinker linker() {
        return session.linker();
    }

    @Override
    public Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    @Override
    public ExecutorAddress sessionAddress() {
        return session.parts().sessionAddress();
    }

    @Override
    public ExecutorAddress function(String name, WrapperFunction function) {
        return bound(name, function, CallingConvention.SYNC);
    }

    @Override
    public ExecutorAddress asyncFunction(String name, WrapperFunction function) {
        return bound(name, function, CallingConvention.ASYNC);
    }

    private ExecutorAddress bound(String name, WrapperFunction function, CallingConvention convention) {
        WrapperFunctionLinker linker = linker();
        ExecutorAddress address = linker.bind(function, convention);
        session.parts().addUnbind(() -> linker.unbind(function, convention));
        symbol(name, address);
        return address;
    }

    @Override
    public void asyncFunction(String name, ExecutorAddress address) {
        if (address.value() == 0) {
            throw new IllegalArgumentException("function '" + name + "' has the null address");
        }
        symbol(name, address);
        WrapperFunctionLinker linker = linker();
        if (session.parts().addAsync(address)) {
            session.parts().addUnbind(() -> linker.forget(sessionAddress()));
        }
    }

    @Override
    public ExecutorAddress cFunction(String name, MethodHandle target, FunctionDescriptor signature) {
        WrapperFunctionLinker linker = linker();
        ExecutorAddress address = linker.bindC(target, signature, failure -> reportOf(name, failure));
        session.parts().addUnbind(() -> linker.unbindC(address));
        symbol(name, address);
        return address;
    }

    private void reportOf(String name, Throwable failure) {
        session.report(new CallException(
                CallException.HANDLER_FAILED,
                "C function '%s' of plug-in '%s' threw, and C code got zeros: %s".formatted(name, plugin, failure),
                failure));
    }

    @Override
    public void symbol(String name, ExecutorAddress address) {
        session.parts().addSymbol(name, address, plugin);
    }

    @Override
    public void alias(String name, String target) {
        session.parts().addAlias(name, target, plugin);
    }

    @Override
    public void value(String name, byte[] bytes) {
        session.parts().addValue(name, bytes, plugin);
    }

    @Override
    public void kind(TypeId kind) {
        session.parts().addKind(kind, plugin);
    }

    @Override
    public void resource(ResourceManager manager) {
        session.addResource(manager);
    }

    @Override
    public void awaitCallThreads() {
        List<String> there = session.callThreads().awaitEnded(CALL_THREADS_BOUND.toNanos());
        if (!there.isEmpty()) {
            session.report(new SessionException(
                    SessionException.KIND,
                    "plug-in '%s' frees memory of JIT'd code, but after %d ms %s"
                            .formatted(plugin, CALL_THREADS_BOUND.toMillis(), there)));
        }
    }

    @Override
    public TaskDispatcher ownThreads(int maxQueued) {
        return session.parts().addOwnThreads(session.limits(), maxQueued, session.callThreads());
    }

    @Override
    public void interceptor(CallInterceptor interceptor) {
        session.parts().addInterceptor(interceptor);
    }
}
