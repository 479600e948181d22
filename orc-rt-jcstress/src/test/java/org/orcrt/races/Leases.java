// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races;

import org.jspecify.annotations.Nullable;

/// What the races ask of whatever gives things an address for a time.
///
/// @param <T> the things
public interface Leases<T> {

    /// Gives an address that no other thing has.
    long lease(T thing);

    /// What has an address.
    @Nullable T at(long address);

    /// Takes an address back.
    void release(long address);
}
