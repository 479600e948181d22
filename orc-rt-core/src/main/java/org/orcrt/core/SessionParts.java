// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.OrcException;
import org.orcrt.api.ProcessInfo;
import org.orcrt.api.SessionException;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.api.type.TypeId;
import org.orcrt.api.type.TypeTable;
import org.orcrt.spi.CallInterceptor;
import org.orcrt.spi.CallingConvention;
import org.orcrt.spi.DispatcherLimits;

/// What the plug-ins added to one session. Filled by one thread before the session is attached, then only read.
final class SessionParts {

    private record Symbol(ExecutorAddress address, String plugin) {}

    @SuppressWarnings("ArrayRecordComponent") // compared by its content, in one place
    private record Value(byte[] bytes, String plugin) {}

    private record Kind(TypeId kind, String plugin) {}

    private record Alias(String name, String target, String plugin) {}

    /// Names, not places in memory: no address of any processor that we know, and none is ever used twice.
    private static final AtomicLong NEXT_ADDRESS = new AtomicLong(0x7ff3_0000_0000_0000L);

    private final ExecutorAddress sessionAddress = new ExecutorAddress(NEXT_ADDRESS.getAndIncrement());
    private final Map<String, Symbol> symbols = new LinkedHashMap<>();
    private final List<Alias> aliases = new ArrayList<>();
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private final List<CallInterceptor> interceptors = new ArrayList<>();
    private final List<Runnable> unbinds = new ArrayList<>();

    /// Native functions of the asynchronous form.
    private final Set<Long> async = new HashSet<>();

    private final List<TrackedDispatcher> ownThreads = new ArrayList<>();
    private @Nullable BootstrapInfo bootstrapInfo;

    void addSymbol(String name, ExecutorAddress address, String plugin) {
        Symbol before = symbols.putIfAbsent(name, new Symbol(address, plugin));
        if (before != null && !before.address.equals(address)) {
            throw new SessionException(
                    SessionException.PLUGIN,
                    "symbol '%s' is %s by plug-in '%s' and %s by plug-in '%s'; a name has one address"
                            .formatted(name, before.address, before.plugin, address, plugin));
        }
    }

    void addAlias(String name, String target, String plugin) {
        aliases.add(new Alias(name, target, plugin));
    }

    void addValue(String name, byte[] bytes, String plugin) {
        Value before = values.putIfAbsent(name, new Value(bytes, plugin));
        if (before != null && !Arrays.equals(before.bytes, bytes)) {
            throw new SessionException(
                    SessionException.PLUGIN,
                    "value '%s' is given by plug-in '%s' and, differently, by plug-in '%s'; a name has one value"
                            .formatted(name, before.plugin, plugin));
        }
    }

    /// Each kind above `kind`, too, has one parent, whoever says so.
    void addKind(TypeId kind, String plugin) {
        for (TypeId told = kind; told != null; told = told.parent()) {
            String name = told.name();
            TypeId known = OrcException.kinds().find(name).orElse(null);
            Kind before = known == null ? kinds.get(name) : new Kind(known, "core");
            if (before != null && !before.kind.sameLineage(told)) {
                throw new SessionException(
                        SessionException.PLUGIN,
                        "kind '%s' lies below %s by plug-in '%s' and below %s by plug-in '%s'; a kind has one parent"
                                .formatted(name, before.kind.parent(), before.plugin, told.parent(), plugin));
            }
            kinds.putIfAbsent(name, new Kind(told, plugin));
        }
    }

    /// The kinds that the controller is told of: those of errors, and those that plug-ins added.
    TypeTable kinds() {
        List<TypeId> all = new ArrayList<>(OrcException.kinds().kinds());
        kinds.values().forEach(kind -> all.add(kind.kind));
        return TypeTable.of(all);
    }

    /// @param unbind gives an address back, once, at the end of the session
    void addUnbind(Runnable unbind) {
        unbinds.add(unbind);
    }

    /// @return whether it is the first one
    boolean addAsync(ExecutorAddress function) {
        return async.add(function.value()) && async.size() == 1;
    }

    CallingConvention conventionOf(long function) {
        return async.contains(function) ? CallingConvention.ASYNC : CallingConvention.SYNC;
    }

    /// What native code calls the session.
    ExecutorAddress sessionAddress() {
        return sessionAddress;
    }

    /// Adds a dispatcher that is shut down at the end of the session, when nothing of it runs any more.
    TaskDispatcher addOwnThreads(SessionLimits limits, int maxQueued, CallThreads threads) {
        ThreadPerCallTaskDispatcher dispatcher = ThreadPerCallTaskDispatcher.beginningWith(
                threads::begin, new DispatcherLimits(limits.maxNativeCalls(), maxQueued, limits.callStackBytes()));
        ownThreads.add(dispatcher);
        addUnbind(() -> dispatcher.shutdown(limits.shutdownBound()));
        return dispatcher;
    }

    /// What runs in dispatchers of plug-ins, by name.
    List<String> describeOwnThreads() {
        return ownThreads.stream()
                .flatMap(dispatcher -> dispatcher.describeRunning().stream())
                .toList();
    }

    void addInterceptor(CallInterceptor interceptor) {
        interceptors.add(interceptor);
    }

    /// Ends the filling.
    void complete(ProcessInfo processInfo) {
        resolveAliases();
        Map<String, ExecutorAddress> addresses = new LinkedHashMap<>();
        symbols.forEach((name, symbol) -> addresses.put(name, symbol.address));
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        values.forEach((name, value) -> bytes.put(name, value.bytes));
        bootstrapInfo = new BootstrapInfo(processInfo, addresses, bytes);
    }

    /// An alias may be the target of another, whichever came first. What nobody publishes resolves no alias.
    private void resolveAliases() {
        for (boolean found = true; found; ) {
            found = false;
            for (Iterator<Alias> left = aliases.iterator(); left.hasNext(); ) {
                Alias alias = left.next();
                Symbol target = symbols.get(alias.target);
                if (target != null) {
                    left.remove();
                    addSymbol(alias.name, target.address, alias.plugin);
                    found = true;
                }
            }
        }
    }

    BootstrapInfo bootstrapInfo() {
        if (bootstrapInfo == null) {
            throw new IllegalStateException("the session is still being set up");
        }
        return bootstrapInfo;
    }

    /// How many names with addresses the controller is told.
    int symbols() {
        return symbols.size();
    }

    List<CallInterceptor> interceptors() {
        return interceptors;
    }

    /// What gives the addresses of functions back; each once, however often this is called.
    List<Runnable> takeUnbinds() {
        List<Runnable> taken = new ArrayList<>(unbinds);
        unbinds.clear();
        return taken;
    }
}
