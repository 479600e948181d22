// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races.planted;

import org.jspecify.annotations.Nullable;
import org.orcrt.races.Leases;
import org.orcrt.races.Planted;

/// Planted: takes the first free place without a lock.
///
/// @param <T> the things
public final class UnlockedLeases<T> implements Leases<T> {

    private final @Nullable Object[] places = new Object[8];

    @Override
    public long lease(T thing) {
        int place = 0;
        while (places[place] != null) {
            place++;
        }
        Planted.window();
        places[place] = thing;
        return place;
    }

    @Override
    @SuppressWarnings("unchecked")
    public @Nullable T at(long address) {
        return (T) places[(int) address];
    }

    @Override
    public void release(long address) {
        places[(int) address] = null;
    }
}
