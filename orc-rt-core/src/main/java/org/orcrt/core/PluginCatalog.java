// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import org.orcrt.spi.ControllerAccessProvider;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.MessageChannelProvider;
import org.orcrt.spi.ResourceManagerProvider;
import org.orcrt.spi.TaskDispatcherProvider;
import org.orcrt.spi.WrapperFunctionLinker;
import org.orcrt.wire.Providers;

/// Lists what plugs in, at every plug-in point, with what is broken.
public final class PluginCatalog {

    private PluginCatalog() {}

    /// Looks at every plug-in point. Providers are made and asked for their name; nothing is installed.
    ///
    /// @return what was found, by point, in the order in which it was found
    public static List<PluginInfo> list() {
        List<PluginInfo> all = new ArrayList<>();
        all.addAll(new Point<>(
                        MessageChannelProvider.class,
                        ServiceLoader.load(MessageChannelProvider.class),
                        MessageChannelProvider::name,
                        MessageChannelProvider::unavailable)
                .list());
        all.addAll(new Point<>(
                        WrapperFunctionLinker.class,
                        ServiceLoader.load(WrapperFunctionLinker.class),
                        WrapperFunctionLinker::name,
                        WrapperFunctionLinker::unavailable)
                .list());
        all.addAll(new Point<>(
                        ExecutorPlugin.class,
                        ServiceLoader.load(ExecutorPlugin.class),
                        ExecutorPlugin::name,
                        ExecutorPlugin::unavailable)
                .list());
        all.addAll(new Point<>(
                        ControllerAccessProvider.class,
                        ServiceLoader.load(ControllerAccessProvider.class),
                        ControllerAccessProvider::name,
                        ControllerAccessProvider::unavailable)
                .list());
        all.addAll(new Point<>(
                        ResourceManagerProvider.class,
                        ServiceLoader.load(ResourceManagerProvider.class),
                        ResourceManagerProvider::name,
                        ResourceManagerProvider::unavailable)
                .list());
        all.addAll(new Point<>(
                        TaskDispatcherProvider.class,
                        ServiceLoader.load(TaskDispatcherProvider.class),
                        TaskDispatcherProvider::name,
                        TaskDispatcherProvider::unavailable)
                .list());
        return List.copyOf(all);
    }

    /// One plug-in point. The loader is made by the caller, because only this module's code may load what it
    /// `uses`.
    private record Point<T>(
            Class<T> type,
            ServiceLoader<T> loader,
            Function<T, String> name,
            Function<T, Optional<String>> unavailable) {

        List<PluginInfo> list() {
            List<PluginInfo> found = new ArrayList<>();
            Providers.forEach(
                    loader,
                    provider -> found.add(look(provider)),
                    broken -> found.add(new PluginInfo(
                            type.getSimpleName(), "?", "?", "", false, String.valueOf(broken.getMessage()))));
            return found;
        }

        private PluginInfo look(ServiceLoader.Provider<T> provider) {
            try {
                T made = provider.get();
                return info(
                        provider.type(),
                        name.apply(made),
                        unavailable.apply(made).orElse(""));
            } catch (ServiceConfigurationError | RuntimeException | LinkageError broken) {
                return info(provider.type(), provider.type().getName(), "it cannot be made: " + broken);
            }
        }

        private PluginInfo info(Class<?> provider, String named, String reason) {
            Module module = provider.getModule();
            CodeSource source = provider.getProtectionDomain().getCodeSource();
            return new PluginInfo(
                    type.getSimpleName(),
                    named,
                    module.isNamed() ? module.getName() : "unnamed",
                    source == null ? "" : String.valueOf(source.getLocation()),
                    reason.isEmpty(),
                    reason);
        }
    }
}
