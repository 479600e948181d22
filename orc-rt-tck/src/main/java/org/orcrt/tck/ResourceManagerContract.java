// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.api.ResourceManager;
import org.orcrt.tck.Patience.Running;

/// What every resource manager promises: `docs/spec/resource-manager.md`. What the session promises to managers is
/// proven by the tests of the session.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ResourceManagerContract {

    /// For subclasses.
    protected ResourceManagerContract() {}

    /// Makes a manager that holds something.
    ///
    /// @return the manager; the contract ends it
    /// @throws Exception if that fails
    protected abstract ResourceManager make() throws Exception;

    /// Tells whether what the manager held is still held.
    ///
    /// @param manager what [#make()] returned
    /// @return `false` once everything was given back
    protected abstract boolean holdsAnything(ResourceManager manager);

    @Test
    @Tag("RM-1")
    @Tag("RM-2")
    void a_detach_keeps_what_running_code_uses_and_a_shutdown_gives_it_back() throws Exception {
        ResourceManager manager = make();
        assertTrue(holdsAnything(manager), "it holds something");
        manager.detach();
        assertTrue(holdsAnything(manager), "after the detach");
        manager.shutdown();
        assertTrue(!holdsAnything(manager), "nothing after the shutdown");
    }

    @Test
    @Tag("RM-3")
    void both_ends_may_come_on_different_threads() throws Exception {
        ResourceManager manager = make();
        Running<Boolean> detach = Patience.start(() -> {
            manager.detach();
            return true;
        });
        assertTrue(detach.get());
        Running<Boolean> shutdown = Patience.start(() -> {
            manager.shutdown();
            return true;
        });
        assertTrue(shutdown.get());
        assertTrue(!holdsAnything(manager), "nothing after the shutdown");
    }
}
