// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.util.ArrayList;
import java.util.List;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.api.memory.AllocAction;

/// What one initialize has put into a slab. State, pages, order and who knows of it are guarded by the slab
/// table's lock.
final class Region {

    /// Where a region stands. Only [SlabTable] moves it.
    ///
    /// ```
    /// INITIALIZING --> LIVE --> DEINITIALIZING --> GONE
    ///      |                                        ^
    ///      +----------------------------------------+
    /// ```
    enum State {
        /// Its pages are claimed; one thread fills them and runs the initialize actions.
        INITIALIZING,
        /// It can be deinitialized.
        LIVE,
        /// One thread runs the deinitialize actions and gives the pages back.
        DEINITIALIZING,
        /// Its key means nothing any more.
        GONE;

        boolean canMoveTo(State next) {
            return switch (this) {
                case INITIALIZING -> next == LIVE || next == GONE;
                case LIVE -> next == DEINITIALIZING;
                case DEINITIALIZING -> next == GONE;
                case GONE -> false;
            };
        }
    }

    final ExecutorAddress key;
    final Slab slab;

    /// What takes the initialize actions back, in the order in which they ran. Touched only by the thread that
    /// initializes or deinitializes.
    final List<AllocAction> undo = new ArrayList<>();

    /// The pages that it holds.
    List<ExecutorAddressRange> pages;

    /// The thread that initializes or deinitializes.
    Thread worker = Thread.currentThread();

    /// Whether foreign code may know its addresses.
    boolean isKnown;

    /// Rises with every region that becomes live.
    long order;

    private State state = State.INITIALIZING;

    Region(ExecutorAddress key, Slab slab, List<ExecutorAddressRange> pages) {
        this.key = key;
        this.slab = slab;
        this.pages = pages;
    }

    State state() {
        return state;
    }

    void move(State next) {
        if (!state.canMoveTo(next)) {
            throw new IllegalStateException("no transition " + state + " -> " + next + " of region " + key);
        }
        state = next;
    }
}
