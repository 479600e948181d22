// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

/// Makes the addresses of a [StubPool]. Slots are numbered from 0 without gaps. Growing is under the pool's lock, the
/// look-ups are not.
interface Stubs {

    /// Adds stubs.
    ///
    /// @param firstSlot how many there are
    /// @return how many were added, at least 1
    int grow(int firstSlot);

    /// The address of a slot.
    long address(int slot);

    /// The slot of an address, or -1.
    int slotAt(long address);
}
