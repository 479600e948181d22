// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import org.jspecify.annotations.Nullable;
import org.orcrt.api.ExecutorAddress;

/// Hears of one operation of a memory map, on the thread that does it.
interface OperationWatch {

    /// Nobody listens.
    OperationWatch NONE = new OperationWatch() {
        @Override
        public void isAbout(ExecutorAddress address, long bytes) {}

        @Override
        public void ended(@Nullable Throwable failure) {}
    };

    /// What the operation is about, as far as known; the last word counts.
    ///
    /// @param address a slab or a region
    /// @param bytes the size of its pages
    void isAbout(ExecutorAddress address, long bytes);

    /// The operation is over.
    ///
    /// @param failure the first thing that went wrong, or `null`
    void ended(@Nullable Throwable failure);
}
