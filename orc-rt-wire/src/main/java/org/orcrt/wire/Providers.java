// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.SessionException;
import org.orcrt.spi.ConnectionSpec;

/// Walks over the providers of a service. An entry that cannot be read is told and passed over; the others still come.
public final class Providers {

    /// Where the walk ends: nobody has so many broken plug-ins, but an iterator may stand still.
    private static final int MAX_BROKEN = 100;

    private Providers() {}

    /// Walks.
    ///
    /// @param <T> the service
    /// @param loader finds its providers
    /// @param each takes what was found; not made yet
    /// @param broken takes what is wrong with an entry that has not even a type
    public static <T> void forEach(
            ServiceLoader<T> loader,
            Consumer<ServiceLoader.Provider<T>> each,
            Consumer<ServiceConfigurationError> broken) {
        Iterator<ServiceLoader.Provider<T>> providers = loader.stream().iterator();
        for (int unreadable = 0; unreadable < MAX_BROKEN; ) {
            ServiceLoader.Provider<T> provider;
            try {
                if (!providers.hasNext()) {
                    return;
                }
                provider = providers.next();
            } catch (ServiceConfigurationError failure) {
                unreadable++; // the iterator goes on behind it
                broken.accept(failure);
                continue;
            }
            each.accept(provider);
        }
    }

    /// Makes all providers. One that cannot even be made is reported and passed over.
    ///
    /// @param <T> the service
    /// @param loader finds its providers
    /// @param reporter hears of broken ones
    /// @return the others
    public static <T> List<T> found(ServiceLoader<T> loader, ErrorReporter reporter) {
        List<T> providers = new ArrayList<>();
        forEach(
                loader,
                provider -> {
                    try {
                        providers.add(provider.get());
                    } catch (ServiceConfigurationError | LinkageError broken) {
                        reporter.report(passedOver(broken));
                    }
                },
                broken -> reporter.report(passedOver(broken)));
        return providers;
    }

    /// Tells whether a provider serves a spec. One that cannot even say what it serves serves nothing, and
    /// is reported.
    ///
    /// @param schemes asks the provider
    /// @param spec where somebody wants to go
    /// @param reporter hears of what the provider throws
    /// @return whether the spec's scheme is among them
    public static boolean serves(Supplier<Set<String>> schemes, ConnectionSpec spec, ErrorReporter reporter) {
        try {
            return schemes.get().contains(spec.scheme());
        } catch (RuntimeException | LinkageError broken) {
            reporter.report(passedOver(broken));
            return false;
        }
    }

    /// What the reporter hears of a provider that is passed over.
    ///
    /// @param broken what it threw
    /// @return the report
    public static SessionException passedOver(Throwable broken) {
        return new SessionException(
                SessionException.PLUGIN, "passed over a broken plug-in: " + broken.getMessage(), broken);
    }

    /// Names a provider.
    ///
    /// @param provider any
    /// @return its module, or its class if it has none
    public static String describe(Object provider) {
        Module module = provider.getClass().getModule();
        return module.isNamed() ? module.getName() : provider.getClass().getName();
    }
}
