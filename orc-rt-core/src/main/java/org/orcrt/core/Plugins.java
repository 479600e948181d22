// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.SessionException;
import org.orcrt.api.TransportException;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.ControllerAccessProvider;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.ResourceManagerProvider;
import org.orcrt.spi.TaskDispatcherProvider;
import org.orcrt.spi.WrapperFunctionLinker;
import org.orcrt.wire.Providers;

/// Finds what plugs in. A provider that cannot even be made is reported and passed over; the others still count.
final class Plugins {

    private Plugins() {}

    static List<ExecutorPlugin> executorPlugins(ErrorReporter reporter) {
        return Providers.found(ServiceLoader.load(ExecutorPlugin.class), reporter);
    }

    /// The linker of `org.orcrt.ffm`, or, without that module, one that knows only Java functions.
    static WrapperFunctionLinker linker(ErrorReporter reporter) {
        List<WrapperFunctionLinker> linkers =
                Providers.found(ServiceLoader.load(WrapperFunctionLinker.class), reporter);
        if (linkers.size() > 1) {
            throw new SessionException(
                    SessionException.PLUGIN,
                    "more than one linker on the module path: "
                            + linkers.stream().map(Providers::describe).collect(Collectors.joining(", ")));
        }
        if (linkers.isEmpty()) {
            return new JavaOnlyLinker();
        }
        WrapperFunctionLinker linker = linkers.getFirst();
        linker.unavailable().ifPresent(reason -> {
            throw new SessionException(
                    SessionException.PLUGIN, "linker '%s' cannot work here: %s".formatted(linker.name(), reason));
        });
        return linker;
    }

    /// The provider of exotic connections that serves a spec, or `null` if that is a transport's business.
    static @Nullable ControllerAccessProvider access(ConnectionSpec spec, ErrorReporter reporter) {
        List<ControllerAccessProvider> matches =
                Providers.found(ServiceLoader.load(ControllerAccessProvider.class), reporter).stream()
                        .filter(p -> Providers.serves(p::schemes, spec, reporter))
                        .toList();
        if (matches.size() > 1) {
            throw new TransportException(
                    TransportException.UNAVAILABLE,
                    "%d providers of connections claim '%s': %s; leave one on the module path"
                            .formatted(
                                    matches.size(),
                                    spec.scheme(),
                                    matches.stream().map(Providers::describe).collect(Collectors.joining(", "))));
        }
        if (matches.isEmpty()) {
            return null;
        }
        ControllerAccessProvider provider = matches.getFirst();
        provider.unavailable().ifPresent(reason -> {
            throw new TransportException(
                    TransportException.UNAVAILABLE,
                    "connections '%s' cannot work here: %s".formatted(provider.name(), reason));
        });
        return provider;
    }

    /// Chosen by name: our own dispatchers are on the list, too.
    static TaskDispatcherProvider dispatcher(String name, ErrorReporter reporter) {
        Map<String, List<TaskDispatcherProvider>> known = new TreeMap<>();
        for (TaskDispatcherProvider one : Providers.found(ServiceLoader.load(TaskDispatcherProvider.class), reporter)) {
            try {
                known.computeIfAbsent(one.name(), key -> new ArrayList<>()).add(one);
            } catch (RuntimeException | LinkageError broken) {
                reporter.report(Providers.passedOver(broken));
            }
        }
        List<TaskDispatcherProvider> matches = known.getOrDefault(name, List.of());
        if (matches.isEmpty()) {
            throw new SessionException(
                    SessionException.PLUGIN,
                    "no dispatcher '%s' on the module path; name one that is there, or add its jar; known: %s"
                            .formatted(name, String.join(", ", known.keySet())));
        }
        if (matches.size() > 1) {
            throw new SessionException(
                    SessionException.PLUGIN,
                    "%d dispatchers claim the name '%s': %s; leave one on the module path"
                            .formatted(
                                    matches.size(),
                                    name,
                                    matches.stream().map(Providers::describe).collect(Collectors.joining(", "))));
        }
        TaskDispatcherProvider provider = matches.getFirst();
        provider.unavailable().ifPresent(reason -> {
            throw new SessionException(
                    SessionException.PLUGIN, "dispatcher '%s' cannot work here: %s".formatted(name, reason));
        });
        return provider;
    }

    /// The managers that every session gets; one that cannot work here stops the session.
    static List<ResourceManagerProvider> resourceManagers(ErrorReporter reporter) {
        List<ResourceManagerProvider> all =
                Providers.found(ServiceLoader.load(ResourceManagerProvider.class), reporter);
        for (ResourceManagerProvider provider : all) {
            provider.unavailable().ifPresent(reason -> {
                throw new SessionException(
                        SessionException.PLUGIN,
                        "resource manager '%s' cannot work here: %s".formatted(provider.name(), reason));
            });
        }
        return all;
    }
}
