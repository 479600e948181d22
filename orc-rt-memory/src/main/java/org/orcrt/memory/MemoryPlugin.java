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
/// Option `memory.allow-write-execute` (`true` or `false`): whether memory may be writable and executable at once.
public final class MemoryPlugin implements ExecutorPlugin {

    private static final String ALLOW_WRITE_EXECUTE = "memory.allow-write-execute";

    /// For the service loader.
    public MemoryPlugin() {}

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public void install(ExecutorSetup setup) {
        boolean writeExecute =
                setup.option(ALLOW_WRITE_EXECUTE).map(MemoryPlugin::flag).orElse(false);
        MemoryMapOptions options =
                MemoryMapOptions.forPageSize(setup.processInfo().pageBytes()).withWriteExecute(writeExecute);
        AllocActionRunner runner = new NativeAllocActionRunner(setup.linker());
        add(setup, MemoryNames.INSTANCE, new SimpleNativeMemoryMap(options, runner, setup.session()::report));
        add(setup, MemoryNames.SHARED_INSTANCE, new SharedMemoryMapper(options, runner, setup.session()::report));
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

    private static boolean flag(String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new IllegalArgumentException(
                        "option " + ALLOW_WRITE_EXECUTE + " is '" + value + "'; it can be true or false");
        };
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
