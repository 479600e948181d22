// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

/// What JMX shows of a memory map: [MemoryStatistics], attribute by attribute. The names are
/// `org.orcrt:type=MemoryMap,kind=private,map=1` and the like; `kind` is `private` or `shared`, `map` numbers the
/// memory maps of the process as the events of Flight Recorder do. Any thread.
public interface MemoryMapMXBean {

    /// Slabs that are mapped.
    ///
    /// @return how many
    long getSlabs();

    /// The address space of these slabs.
    ///
    /// @return in bytes
    long getReservedBytes();

    /// How much of it no region gets again until its slab is released.
    ///
    /// @return in bytes
    long getRetiredBytes();

    /// Regions that are not gone.
    ///
    /// @return how many
    long getRegions();

    /// Pages that hold something.
    ///
    /// @return in bytes
    long getInitializedBytes();

    /// Slabs reserved so far.
    ///
    /// @return how many
    long getReserves();

    /// Regions initialized so far.
    ///
    /// @return how many
    long getInitializes();

    /// Regions deinitialized so far.
    ///
    /// @return how many
    long getDeinitializes();

    /// Slabs released so far.
    ///
    /// @return how many
    long getReleases();

    /// Operations that ended with an error so far.
    ///
    /// @return how many
    long getFailures();

    /// The quota of [#getReservedBytes].
    ///
    /// @return in bytes
    long getMaxReservedBytes();

    /// The quota of [#getInitializedBytes].
    ///
    /// @return in bytes
    long getMaxInitializedBytes();

    /// The quota of [#getSlabs].
    ///
    /// @return how many
    long getMaxSlabs();

    /// The quota of [#getRegions].
    ///
    /// @return how many
    long getMaxRegions();
}
