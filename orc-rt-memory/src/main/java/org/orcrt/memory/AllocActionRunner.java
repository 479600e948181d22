// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import org.orcrt.api.memory.AllocAction;

/// Runs allocation actions. Any thread; many at once.
@FunctionalInterface
public interface AllocActionRunner {

    /// Runs one action on this thread.
    ///
    /// @param action what to call; never none
    /// @throws org.orcrt.api.MemoryMapException of kind `ACTION_FAILED` if the action says that it failed
    void run(AllocAction action);

    /// Memory is about to be given back: waits, for a bounded time, for code in it that still runs although nobody
    /// waits
    /// for it any more, as destructors of thread-local data do.
    default void awaitCode() {}
}
