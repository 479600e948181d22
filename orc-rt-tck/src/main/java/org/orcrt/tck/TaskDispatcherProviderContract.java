// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.spi.DispatcherLimits;
import org.orcrt.spi.TaskDispatcherProvider;

/// What a provider of dispatchers promises: `docs/spec/task-dispatcher.md`.
public abstract class TaskDispatcherProviderContract {

    private static final DispatcherLimits LIMITS = new DispatcherLimits(2, 2, 1 << 18);

    /// For subclasses.
    protected TaskDispatcherProviderContract() {}

    /// Makes a provider, as the service loader does.
    ///
    /// @return the provider
    protected abstract TaskDispatcherProvider provider();

    @Test
    @Tag("TD-21")
    void the_name_is_one_word_and_always_the_same() {
        Names.check(provider().name(), provider().name());
    }

    @Test
    @Tag("TD-22")
    void each_dispatcher_is_a_new_one_and_no_thread_is_started_before_the_first_task() {
        Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
        TaskDispatcher first = provider().create(LIMITS, failure -> {});
        TaskDispatcher second = provider().create(LIMITS, failure -> {});
        Set<Thread> started = new HashSet<>(Thread.getAllStackTraces().keySet());
        started.removeAll(before);
        assertEquals(Set.of(), started, "threads");
        assertNotSame(first, second);
        assertEquals(List.of(), first.shutdown(Duration.ZERO));
        assertFalse(second.runsOn(Thread.currentThread()), "inside a task");
        assertEquals(List.of(), second.shutdown(Duration.ZERO));
    }
}
