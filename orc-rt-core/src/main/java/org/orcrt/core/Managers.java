// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ResourceManager;

/// The resource managers of a session. Each hears of the detach once and, after that, of the shutdown once, both in
/// reverse order of addition; one that comes late hears at once of what has happened. One that fails keeps no other
/// from hearing. Loops, not recursion, however many there are. Any thread.
final class Managers {

    /// Held while managers hear of the detach: who comes second waits until all have heard of it.
    private final Object telling = new Object();

    /// Guarded by `telling`.
    private boolean told;

    /// In order of addition. This and the next two are guarded by this object, which is never held while a manager
    /// runs.
    private final List<ResourceManager> all = new ArrayList<>();

    /// Set with the beginning of the telling: who comes later is told on its own.
    private boolean detached;

    private boolean shutDown;

    /// Whether this thread is telling a manager of the detach right now.
    boolean isTellingHere() {
        return Thread.holdsLock(telling);
    }

    /// Adds a manager; tells it of what it missed, on this thread. Waits for nobody.
    void add(ResourceManager manager, ErrorReporter reporter) {
        if (addAttached(manager)) {
            return;
        }
        detach(manager, reporter);
        if (!addDetached(manager)) {
            guarded(manager::shutdown, reporter);
        }
    }

    /// The manager added first that is a `T`.
    synchronized <T> Optional<T> find(Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    /// Tells each manager of the detach, unless that was done.
    ///
    /// @param first runs before the managers hear, once
    void detachAll(Runnable first, ErrorReporter reporter) {
        synchronized (telling) {
            if (told) {
                return;
            }
            told = true;
            List<ResourceManager> present = beginDetach();
            guarded(first, reporter);
            for (ResourceManager manager : present.reversed()) {
                detach(manager, reporter);
            }
        }
    }

    /// Shuts each manager down, also those that come meanwhile.
    ///
    /// @param failures takes what they throw
    void shutDownAll(List<Throwable> failures) {
        for (ResourceManager last = takeLast(); last != null; last = takeLast()) {
            ResourceManager manager = last;
            guarded(manager::shutdown, failures::add);
        }
    }

    private synchronized @Nullable ResourceManager takeLast() {
        if (all.isEmpty()) {
            shutDown = true;
            return null;
        }
        return all.removeLast();
    }

    private synchronized List<ResourceManager> beginDetach() {
        detached = true;
        return List.copyOf(all);
    }

    /// @return whether it was added: before the detach has begun
    private synchronized boolean addAttached(ResourceManager manager) {
        return !detached && all.add(manager);
    }

    /// @return whether it was added: before the shutdown is over
    private synchronized boolean addDetached(ResourceManager manager) {
        return !shutDown && all.add(manager);
    }

    private static void detach(ResourceManager manager, ErrorReporter reporter) {
        guarded(manager::detach, reporter);
    }

    private static void guarded(Runnable step, ErrorReporter reporter) {
        try {
            step.run();
        } catch (RuntimeException | Error failure) {
            reporter.report(failure);
        }
    }
}
