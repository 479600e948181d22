// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ResourceManager;
import org.orcrt.api.memory.NativeMemoryMap;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.ExecutorSetup;

/// Gives every session memory maps of its own, one private and one shared with the controller, callable under the names
/// of [MemoryNames].
///
/// Its options hold for each of the two maps:
///
/// - `memory.allow-write-execute` (`true`, or `false` unless set): whether memory may be writable and executable at
///   once;
/// - `memory.reuse` (`retire`, or `reuse` unless set): what becomes of pages that were given back, see [ReusePolicy];
/// - `memory.max-reserved-bytes`, `memory.max-initialized-bytes`, `memory.max-slabs`, `memory.max-regions` (numbers
///   from 1 on): how much the map may hold, see [MemoryQuotas];
/// - `memory.jmx` (`true`, or `false` unless set): whether JMX shows the map, see [MemoryMapMXBean].
public final class MemoryPlugin implements ExecutorPlugin {

    static final String MAX_RESERVED_BYTES = "memory.max-reserved-bytes";
    static final String MAX_INITIALIZED_BYTES = "memory.max-initialized-bytes";
    static final String MAX_SLABS = "memory.max-slabs";
    static final String MAX_REGIONS = "memory.max-regions";

    private static final String ALLOW_WRITE_EXECUTE = "memory.allow-write-execute";
    private static final String REUSE = "memory.reuse";
    private static final String JMX = "memory.jmx";

    /// For the service loader.
    public MemoryPlugin() {}

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public void install(ExecutorSetup setup) {
        MemoryMapOptions options = optionsOf(setup);
        boolean jmx = flag(setup, JMX);
        checkJmx(jmx);
        AllocActionRunner runner = new NativeAllocActionRunner(setup.linker(), setup::awaitCallThreads);
        SimpleNativeMemoryMap own = new SimpleNativeMemoryMap(options, runner, setup.session()::report);
        SharedMemoryMapper shared = new SharedMemoryMapper(options, runner, setup.session()::report);
        add(setup, MemoryNames.INSTANCE, own);
        add(setup, MemoryNames.SHARED_INSTANCE, shared);
        if (jmx) {
            setup.resource(MemoryBean.register(own.events(), own::statistics));
            setup.resource(MemoryBean.register(shared.events(), shared::statistics));
        }
        setup.function(MemoryNames.RESERVE, MemoryMapCalls.RESERVE);
        setup.function(MemoryNames.INITIALIZE, MemoryMapCalls.INITIALIZE);
        setup.function(MemoryNames.DEINITIALIZE_ALL, MemoryMapCalls.DEINITIALIZE_ALL);
        setup.function(MemoryNames.RELEASE_ALL, MemoryMapCalls.RELEASE_ALL);
        setup.function(MemoryNames.SHARED_RESERVE, MemoryMapCalls.SHARED_RESERVE);
        setup.function(MemoryNames.SHARED_INITIALIZE, MemoryMapCalls.SHARED_INITIALIZE);
    }

    private static void add(ExecutorSetup setup, String instanceName, NativeMemoryMap map) {
        setup.resource(map);
        Registration registration = new Registration(map);
        setup.resource(registration);
        setup.symbol(instanceName, registration.instance);
    }

    private static MemoryMapOptions optionsOf(ExecutorSetup setup) {
        boolean retire = isSecond(setup, REUSE, "reuse", "retire");
        MemoryQuotas quotas = MemoryQuotas.DEFAULT;
        return MemoryMapOptions.forPageSize(setup.processInfo().pageBytes())
                .withWriteExecute(flag(setup, ALLOW_WRITE_EXECUTE))
                .withReuse(retire ? ReusePolicy.RETIRE : ReusePolicy.REUSE)
                .withQuotas(new MemoryQuotas(
                        number(setup, MAX_RESERVED_BYTES, quotas.maxReservedBytes()),
                        number(setup, MAX_INITIALIZED_BYTES, quotas.maxInitializedBytes()),
                        number(setup, MAX_SLABS, quotas.maxSlabs()),
                        number(setup, MAX_REGIONS, quotas.maxRegions())));
    }

    private static boolean flag(ExecutorSetup setup, String name) {
        return isSecond(setup, name, "false", "true");
    }

    /// Whether an option has the second of its two values; it has the first one unless set.
    private static boolean isSecond(ExecutorSetup setup, String name, String first, String second) {
        String value = setup.option(name).orElse(first);
        if (!value.equals(first) && !value.equals(second)) {
            throw new IllegalArgumentException(
                    "option %s is '%s'; it can be %s or %s".formatted(name, value, first, second));
        }
        return value.equals(second);
    }

    private static long number(ExecutorSetup setup, String name, long otherwise) {
        String value = setup.option(name).orElse(Long.toString(otherwise));
        try {
            long number = Long.parseLong(value);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException wrong) {
            // said below
        }
        throw new IllegalArgumentException(
                "option %s is '%s'; it must be a decimal number from 1 to 2^63-1".formatted(name, value));
    }

    private static void checkJmx(boolean wanted) {
        if (wanted && ModuleLayer.boot().findModule("java.management").isEmpty()) {
            throw new IllegalArgumentException("option " + JMX
                    + " needs the module java.management; start with --add-modules java.management, or without it");
        }
    }

    /// The instance address, which goes before the map does.
    private static final class Registration implements ResourceManager {

        private final ExecutorAddress instance;

        Registration(NativeMemoryMap map) {
            instance = MemoryInstances.register(map);
        }

        @Override
        public void detach() {}

        @Override
        public void shutdown() {
            MemoryInstances.unregister(instance);
        }
    }
}
