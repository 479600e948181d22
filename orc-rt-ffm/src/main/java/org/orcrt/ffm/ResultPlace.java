// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A thread's own 16 bytes for the result of a native call: a block of the C heap for each call would cost more than
/// the call. Held from the call until the result is delivered; a call within that takes a block of its own.
final class ResultPlace {

    private static final ThreadLocal<ResultPlace> OF_THREAD = new ThreadLocal<>();

    /// Null before the thread's second call: a thread that is made for one call never has it. Goes with the thread.
    private @Nullable MemorySegment memory;

    private long address;
    private boolean taken;

    private ResultPlace() {}

    /// This thread's place, to be given back.
    ///
    /// @return `null` if the thread holds it already, or makes its first call
    static @Nullable ResultPlace take() {
        ResultPlace place = OF_THREAD.get();
        if (place == null) {
            OF_THREAD.set(new ResultPlace());
            return null;
        }
        if (place.taken) {
            return null;
        }
        if (place.memory == null) {
            place.memory = Arena.ofAuto().allocate(WrapperResult.LAYOUT);
            place.address = place.memory.address();
        }
        place.taken = true;
        return place;
    }

    long address() {
        return address;
    }

    void giveBack() {
        taken = false;
    }
}
