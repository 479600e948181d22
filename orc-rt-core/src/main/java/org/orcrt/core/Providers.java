// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/// Walks over the providers of a service. An entry that cannot be read is told and passed over; the others still come.
final class Providers {

    /// Where the walk ends: nobody has so many broken plug-ins, but an iterator may stand still.
    private static final int MAX_BROKEN = 100;

    private Providers() {}

    /// @param loader the service
    /// @param each takes what was found; not made yet
    /// @param broken takes what is wrong with an entry that has not even a type
    static <T> void forEach(
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
}
