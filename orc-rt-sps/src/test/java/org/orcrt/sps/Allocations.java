// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/// Asks the JVM how much a thread allocated.
final class Allocations {

    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    private Allocations() {}

    /// How much this thread has allocated.
    static long soFar() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    /// How much `work` allocates on this thread.
    static long bytesOf(Runnable work) {
        long before = soFar();
        work.run();
        return soFar() - before;
    }
}
