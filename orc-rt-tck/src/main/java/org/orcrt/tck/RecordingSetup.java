// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ProcessInfo;
import org.orcrt.api.ResourceManager;
import org.orcrt.api.Session;
import org.orcrt.api.Task;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.type.TypeId;
import org.orcrt.spi.CallInterceptor;
import org.orcrt.spi.CallingConvention;
import org.orcrt.spi.ExecutorSetup;
import org.orcrt.spi.WrapperFunctionLinker;

/// Stands for a session that is being set up, and notes what a plug-in adds.
final class RecordingSetup implements ExecutorSetup {

    /// Addresses of sessions are names, not places in memory.
    private static final AtomicLong NEXT_SESSION = new AtomicLong(0x7ff8_0000_0000_0000L);

    /// Names of functions and symbols, with their addresses.
    final Map<String, ExecutorAddress> symbols = new LinkedHashMap<>();

    final Map<String, String> aliases = new LinkedHashMap<>();
    final Map<String, byte[]> values = new LinkedHashMap<>();
    final List<ResourceManager> managers = new ArrayList<>();
    final List<Throwable> reported = new CopyOnWriteArrayList<>();

    /// What the plug-in did that it must not do.
    final List<String> mistakes = new CopyOnWriteArrayList<>();

    private final WrapperFunctionLinker linker;
    private final Map<String, String> options;
    private final boolean llvmPeer;
    private final List<WrapperFunction> bound = new ArrayList<>();
    private final List<WrapperFunction> boundAsync = new ArrayList<>();
    private final List<ExecutorAddress> boundC = new ArrayList<>();
    private final ExecutorAddress sessionAddress = new ExecutorAddress(NEXT_SESSION.getAndIncrement());
    private volatile boolean over;

    RecordingSetup(WrapperFunctionLinker linker, Map<String, String> options, boolean llvmPeer) {
        this.linker = linker;
        this.options = options;
        this.llvmPeer = llvmPeer;
    }

    /// The installation is over.
    void finish() {
        over = true;
    }

    /// Takes back what was bound.
    void unbindAll() {
        bound.forEach(linker::unbind);
        boundAsync.forEach(function -> linker.unbind(function, CallingConvention.ASYNC));
        boundC.forEach(linker::unbindC);
    }

    private void note(String name, ExecutorAddress address) {
        ExecutorAddress there = symbols.putIfAbsent(name, address);
        if (there != null && !there.equals(address)) {
            mistakes.add("the name " + name + " has two addresses");
        }
        added("name", name);
    }

    private void added(String what, String name) {
        if (over) {
            mistakes.add(what + " " + name + " was added after install had returned");
        }
        if (name.isEmpty()) {
            mistakes.add("an empty " + what);
        }
    }

    /// A session that takes reports, and is not attached for anything else.
    @Override
    public Session session() {
        return (Session) Proxy.newProxyInstance(
                RecordingSetup.class.getClassLoader(), new Class<?>[] {Session.class}, (proxy, method, args) -> {
                    if (method.getName().equals("report")) {
                        reported.add((Throwable) args[0]);
                        return null;
                    }
                    throw new IllegalStateException("session is being set up: " + method.getName());
                });
    }

    @Override
    public ExecutorAddress sessionAddress() {
        return sessionAddress;
    }

    @Override
    public ProcessInfo processInfo() {
        return new ProcessInfo("x86_64-pc-linux-gnu", 4096);
    }

    @Override
    public WrapperFunctionLinker linker() {
        return linker;
    }

    @Override
    public boolean isLlvmPeer() {
        return llvmPeer;
    }

    @Override
    public Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    @Override
    public ExecutorAddress function(String name, WrapperFunction function) {
        ExecutorAddress address = linker.bind(function);
        bound.add(function);
        note(name, address);
        return address;
    }

    @Override
    public ExecutorAddress asyncFunction(String name, WrapperFunction function) {
        ExecutorAddress address = linker.bind(function, CallingConvention.ASYNC);
        boundAsync.add(function);
        note(name, address);
        return address;
    }

    @Override
    public void asyncFunction(String name, ExecutorAddress address) {
        note(name, address);
    }

    @Override
    public ExecutorAddress cFunction(String name, MethodHandle target, FunctionDescriptor signature) {
        ExecutorAddress address = linker.bindC(target, signature, reported::add);
        boundC.add(address);
        note(name, address);
        return address;
    }

    @Override
    public void symbol(String name, ExecutorAddress address) {
        note(name, address);
    }

    @Override
    public void alias(String name, String target) {
        aliases.put(name, target);
        added("alias", name);
    }

    @Override
    public void value(String name, byte[] bytes) {
        values.put(name, bytes);
        added("value", name);
    }

    @Override
    public void kind(TypeId kind) {
        added("kind", kind.name());
    }

    @Override
    public void resource(ResourceManager manager) {
        managers.add(manager);
        added("manager", manager.getClass().getName());
    }

    @Override
    public void awaitCallThreads() {}

    /// There is no session, so there are no threads.
    @Override
    public TaskDispatcher ownThreads(int maxQueued) {
        return new NoThreads();
    }

    @Override
    public void interceptor(CallInterceptor interceptor) {
        added("interceptor", interceptor.getClass().getName());
    }

    private static final class NoThreads implements TaskDispatcher {

        @Override
        public boolean dispatch(Task task) {
            return false;
        }

        @Override
        public boolean runsOn(Thread thread) {
            return false;
        }

        @Override
        public List<String> shutdown(Duration bound) {
            return List.of();
        }
    }
}
