// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.ObjectName;
import org.orcrt.api.ResourceManager;

/// A memory map in the JVM's own MBean server, until the session shuts down. Loaded only if somebody asks for it: JMX
/// is a lot of code for the start of a process.
final class MemoryBean implements MemoryMapMXBean, ResourceManager {

    private final Supplier<MemoryStatistics> source;
    private final ObjectName name;

    private MemoryBean(Supplier<MemoryStatistics> source, ObjectName name) {
        this.source = source;
        this.name = name;
    }

    /// Registers a memory map.
    ///
    /// @return takes it out at shutdown
    static ResourceManager register(MemoryEvents events, Supplier<MemoryStatistics> source) {
        try {
            ObjectName name = new ObjectName("org.orcrt:type=MemoryMap,kind=" + events.kind() + ",map=" + events.map());
            MemoryBean bean = new MemoryBean(source, name);
            ManagementFactory.getPlatformMBeanServer().registerMBean(bean, name);
            return bean;
        } catch (JMException impossible) {
            throw new IllegalStateException(impossible); // a number comes once in a process
        }
    }

    @Override
    public void detach() {
        // the code goes on running, and its memory is still of interest
    }

    @Override
    public void shutdown() {
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
        } catch (JMException gone) {
            // somebody else took it out, as anybody may
        }
    }

    @Override
    public long getSlabs() {
        return source.get().slabs();
    }

    @Override
    public long getReservedBytes() {
        return source.get().reservedBytes();
    }

    @Override
    public long getRetiredBytes() {
        return source.get().retiredBytes();
    }

    @Override
    public long getRegions() {
        return source.get().regions();
    }

    @Override
    public long getInitializedBytes() {
        return source.get().initializedBytes();
    }

    @Override
    public long getReserves() {
        return source.get().reserves();
    }

    @Override
    public long getInitializes() {
        return source.get().initializes();
    }

    @Override
    public long getDeinitializes() {
        return source.get().deinitializes();
    }

    @Override
    public long getReleases() {
        return source.get().releases();
    }

    @Override
    public long getFailures() {
        return source.get().failures();
    }

    @Override
    public long getMaxReservedBytes() {
        return source.get().quotas().maxReservedBytes();
    }

    @Override
    public long getMaxInitializedBytes() {
        return source.get().quotas().maxInitializedBytes();
    }

    @Override
    public long getMaxSlabs() {
        return source.get().quotas().maxSlabs();
    }

    @Override
    public long getMaxRegions() {
        return source.get().quotas().maxRegions();
    }
}
