// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import java.util.Map;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.Session;
import org.orcrt.api.WrapperFunction;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.memory.MemoryNames;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.ExecutorSetup;
import org.orcrt.wire.Dialect;
import org.orcrt.wire.Llvm22;
import org.orcrt.wire.Ours;
import org.orcrt.wire.Service;

/// Publishes the services of an LLVM executor under the names of the controller's generation.
public final class LlvmPlugin implements ExecutorPlugin {

    /// Services without a state: the same functions, and so the same addresses, for every session.
    private static final Map<Service, WrapperFunction> SHARED = new MemoryAccess(SystemCalls.real()).functions();

    /// For the service loader.
    public LlvmPlugin() {}

    @Override
    public String name() {
        return "llvm";
    }

    @Override
    public void install(ExecutorSetup setup) {
        install(setup, setup.isLlvmPeer() ? Llvm22.DIALECT : Ours.DIALECT);
    }

    private static void install(ExecutorSetup setup, Dialect dialect) {
        JitDispatch dispatch = new JitDispatch(setup.session());
        setup.resource(dispatch);
        setup.symbol(dialect.nameOf(Service.DISPATCH_FUNCTION), JitDispatch.function());
        setup.symbol(dialect.nameOf(Service.DISPATCH_CONTEXT), dispatch.context());

        ProgramRuns runs = new ProgramRuns(setup.session(), setup.linker());
        setup.interceptor(runs);
        RunFunctions.functions().forEach((service, function) -> publish(setup, dialect, service, function));

        ProgramExit exit = new ProgramExit(runs);
        Session session = setup.session();
        Dylibs dylibs = new Dylibs(exit.replacements(), name -> publishedBy(session, name));
        setup.resource(exit);
        setup.symbol(dialect.nameOf(Service.DYLIB_INSTANCE), dylibs.instance());
        dylibs.functions().forEach((service, function) -> publish(setup, dialect, service, function));

        SHARED.forEach((service, function) -> publish(setup, dialect, service, function));
        publish(setup, dialect, Service.REGISTER_EH_FRAME, EhFrames.REGISTER);
        publish(setup, dialect, Service.DEREGISTER_EH_FRAME, EhFrames.DEREGISTER);
        publish(setup, dialect, Service.REGISTER_DEBUG_OBJECT, DebugObjects.REGISTER);
        aliasMemory(setup, dialect);
    }

    /// Asked by calls of the controller, so all plug-ins are installed by then.
    private static long publishedBy(Session session, String name) {
        ExecutorAddress address = session.bootstrapInfo().symbols().get(name);
        return address == null ? 0 : address.value();
    }

    /// The memory maps publish themselves under orc-rt's names; LLVM's are the same functions with the same
    /// arguments. To
    /// deinitialize and to release, both maps have one function: the instance tells them apart.
    private static void aliasMemory(ExecutorSetup setup, Dialect dialect) {
        setup.alias(dialect.nameOf(Service.MEMORY_INSTANCE), MemoryNames.INSTANCE);
        setup.alias(dialect.nameOf(Service.MEMORY_RESERVE), MemoryNames.RESERVE);
        setup.alias(dialect.nameOf(Service.MEMORY_INITIALIZE), MemoryNames.INITIALIZE);
        setup.alias(dialect.nameOf(Service.MEMORY_DEINITIALIZE), MemoryNames.DEINITIALIZE_ALL);
        setup.alias(dialect.nameOf(Service.MEMORY_RELEASE), MemoryNames.RELEASE_ALL);
        setup.alias(dialect.nameOf(Service.SHARED_MEMORY_INSTANCE), MemoryNames.SHARED_INSTANCE);
        setup.alias(dialect.nameOf(Service.SHARED_MEMORY_RESERVE), MemoryNames.SHARED_RESERVE);
        setup.alias(dialect.nameOf(Service.SHARED_MEMORY_INITIALIZE), MemoryNames.SHARED_INITIALIZE);
        setup.alias(dialect.nameOf(Service.SHARED_MEMORY_DEINITIALIZE), MemoryNames.DEINITIALIZE_ALL);
        setup.alias(dialect.nameOf(Service.SHARED_MEMORY_RELEASE), MemoryNames.RELEASE_ALL);
    }

    private static void publish(ExecutorSetup setup, Dialect dialect, Service service, WrapperFunction function) {
        setup.function(dialect.nameOf(service), function);
    }
}
