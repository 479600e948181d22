// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.orcrt.spi.WrapperFunctionLinker;

/// The native threads of calls that may run foreign code, from the beginning of a call until the system has ended its
/// thread. Once such a call has been answered, its controller may give back the memory of its code; but the thread may
/// still be running destructors of thread-local data, which are in that memory. Any thread.
final class CallThreads {

    /// What a thread was made for.
    interface Work {

        /// Whether nobody waits for it any more, so that its thread is about to end.
        boolean isOver();
    }

    private static final int FIRST_PRUNE = 128;
    private static final long FIRST_PAUSE_NS = 20_000;
    private static final long MAX_PAUSE_NS = 1_000_000;

    private final WrapperFunctionLinker linker;

    /// What the linker calls each thread. Guarded by this object, as is all below.
    private final Map<Work, Long> threads = new LinkedHashMap<>();

    /// At this size the threads that have ended are taken out: so that costs each call little.
    private int pruneAt = FIRST_PRUNE;

    CallThreads(WrapperFunctionLinker linker) {
        this.linker = linker;
    }

    /// A call begins on this thread, which was made for it.
    void begin(Work call) {
        long thread = linker.nativeThread();
        if (thread == 0) {
            return;
        }
        synchronized (this) {
            if (threads.size() >= pruneAt) {
                threads.values().removeIf(other -> !linker.isThere(other));
                pruneAt = Math.max(FIRST_PRUNE, 2 * threads.size());
            }
            threads.put(call, thread);
        }
    }

    /// A task that runs foreign code for nobody who would wait for it begins on this thread, which was made for it.
    void begin() {
        begin(() -> true);
    }

    /// The thread of a call will never end: nobody waits for it.
    synchronized void forget(Work call) {
        threads.remove(call);
    }

    /// Waits until the system has ended the threads of all calls that have been answered by now.
    ///
    /// @param boundNs at most so long, in nanoseconds
    /// @return names of those that are still there; empty if there are none
    List<String> awaitEnded(long boundNs) {
        long deadlineNs = System.nanoTime() + boundNs;
        Map<Work, Long> awaited = answered();
        for (long pauseNs = FIRST_PAUSE_NS; !awaited.isEmpty(); pauseNs = Math.min(2 * pauseNs, MAX_PAUSE_NS)) {
            removeEnded(awaited);
            long leftNs = deadlineNs - System.nanoTime();
            if (awaited.isEmpty() || leftNs <= 0) {
                break;
            }
            LockSupport.parkNanos(this, Math.min(pauseNs, leftNs));
        }
        return awaited.values().stream()
                .map(thread -> "thread %d of the process, whose call was answered, has not ended".formatted(thread))
                .toList();
    }

    /// All but this thread, which cannot wait for itself.
    private synchronized Map<Work, Long> answered() {
        Map<Work, Long> answered = new LinkedHashMap<>(threads);
        answered.keySet().removeIf(call -> !call.isOver());
        if (!answered.isEmpty()) {
            answered.values().remove(linker.nativeThread());
        }
        return answered;
    }

    private synchronized void removeEnded(Map<Work, Long> awaited) {
        for (Iterator<Map.Entry<Work, Long>> left = awaited.entrySet().iterator(); left.hasNext(); ) {
            Map.Entry<Work, Long> next = left.next();
            if (!threads.containsKey(next.getKey()) || !linker.isThere(next.getValue())) {
                threads.remove(next.getKey());
                left.remove();
            }
        }
    }
}
