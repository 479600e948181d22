// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.TransportException;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.MessageChannelProvider;

/// Finds the transport that a connection spec asks for.
public final class Transports {

    private Transports() {}

    /// Finds a transport on the module path.
    ///
    /// @param spec where somebody wants to go, or to listen
    /// @param reporter hears of broken plug-ins, which are passed over
    /// @return the one that serves the spec's scheme
    /// @throws TransportException of kind `UNAVAILABLE` if there is none, or more than one, or it cannot work here
    public static MessageChannelProvider forSpec(ConnectionSpec spec, ErrorReporter reporter) {
        List<MessageChannelProvider> all = Providers.found(ServiceLoader.load(MessageChannelProvider.class), reporter);
        List<MessageChannelProvider> matches = all.stream()
                .filter(p -> Providers.serves(p::schemes, spec, reporter))
                .toList();
        if (matches.isEmpty()) {
            throw new TransportException(
                    TransportException.UNAVAILABLE,
                    "no transport for '%s' on the module path; add the jar of one that serves it; found: %s"
                            .formatted(
                                    spec.scheme(),
                                    all.isEmpty()
                                            ? "none"
                                            : all.stream()
                                                    .map(p -> p.schemes() + " (" + Providers.describe(p) + ")")
                                                    .collect(Collectors.joining(", "))));
        }
        if (matches.size() > 1) {
            throw new TransportException(
                    TransportException.UNAVAILABLE,
                    "%d transports claim '%s': %s; leave one on the module path"
                            .formatted(
                                    matches.size(),
                                    spec.scheme(),
                                    matches.stream().map(Providers::describe).collect(Collectors.joining(", "))));
        }
        MessageChannelProvider provider = matches.getFirst();
        provider.unavailable().ifPresent(reason -> {
            throw new TransportException(
                    TransportException.UNAVAILABLE,
                    "transport '%s' cannot work here: %s".formatted(provider.name(), reason));
        });
        return provider;
    }
}
