// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.util.Map;

/// What differs between generations of LLVM, as data; one file per generation.
///
/// @param name for messages
/// @param outOfBandKind whether a result's `target` field tells an error text (1) from a value (0); if not, it must be
///     0, and an out-of-band error is an empty result whose text is lost
/// @param typedErrors whether a result's `target` field may tell an error with its kind (2); only between ends of ours
/// @param hangupRequired whether the peer ends a session with a hang-up frame; if not, the end of the stream between
///     two frames is an orderly end
/// @param serviceNames what each service is called
public record Dialect(
        String name,
        boolean outOfBandKind,
        boolean typedErrors,
        boolean hangupRequired,
        Map<Service, String> serviceNames) {

    /// Copies the names.
    public Dialect {
        serviceNames = Map.copyOf(serviceNames);
    }

    /// What this generation calls a service.
    ///
    /// @param service the service
    /// @return its name
    public String nameOf(Service service) {
        String name = serviceNames.get(service);
        if (name == null) {
            throw new IllegalArgumentException("dialect " + this.name + " has no name for " + service);
        }
        return name;
    }
}
