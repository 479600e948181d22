// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/// The work of each task of a flood: notes how many are inside at once, and on which threads.
final class Flood implements Runnable {

    /// One permit for each task that ended.
    final Semaphore ended = new Semaphore(0);

    /// How many were inside at once, at most.
    final AtomicInteger most = new AtomicInteger();

    final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    private final AtomicInteger inside = new AtomicInteger();
    private final int maxThreads;

    /// @param maxThreads more threads than this are not noted
    Flood(int maxThreads) {
        this.maxThreads = maxThreads;
    }

    @Override
    public void run() {
        int now = inside.incrementAndGet();
        if (now > most.get()) {
            most.accumulateAndGet(now, Math::max);
        }
        if (threads.size() < maxThreads) {
            threads.add(Thread.currentThread());
        }
        inside.decrementAndGet();
        ended.release();
    }
}
