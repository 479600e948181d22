// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.orcrt.api.ResourceManager;
import org.orcrt.ffm.NativeLibraries;
import org.orcrt.ffm.Stdio;
import org.orcrt.ffm.StubPool;
import org.orcrt.ffm.Upcall;

/// What JIT'd code gets in the place of C's `exit`, `_exit`, `_Exit` and `quick_exit`: functions that end the program
/// and
/// leave the process, and with it the JVM, alone. The calling thread never returns; it cannot be unwound either, so it
/// stands still until the process ends.
///
/// Functions registered by `atexit`, and destructors of static objects, are not run.
final class ProgramExit implements ResourceManager {

    private static final long FLUSH_BOUND_MS = 1000;

    private final ProgramRuns runs;
    private final long flushingExit;
    private final long plainExit;

    ProgramExit(ProgramRuns runs) {
        this.runs = runs;
        Upcall flushing = (status, b, c, d, result) -> {
            flushEverything();
            end((int) status);
        };
        Upcall plain = (status, b, c, d, result) -> end((int) status);
        flushingExit = StubPool.lease(flushing);
        plainExit = StubPool.lease(plain);
    }

    /// The process's own functions, by address, and what stands in for each.
    Map<Long, Long> replacements() {
        Map<Long, Long> replacements = new LinkedHashMap<>();
        replacements.put(NativeLibraries.symbol(NativeLibraries.PROCESS, "exit"), flushingExit);
        for (String name : new String[] {"_exit", "_Exit", "quick_exit"}) {
            replacements.put(NativeLibraries.symbol(NativeLibraries.PROCESS, name), plainExit);
        }
        replacements.remove(0L);
        return replacements;
    }

    @Override
    public void detach() {}

    @Override
    public void shutdown() {
        StubPool.release(flushingExit);
        StubPool.release(plainExit);
    }

    private void end(int status) {
        runs.exit(status);
        while (true) {
            LockSupport.park("a program that has called exit(" + status + ")");
        }
    }

    /// Flushing all streams waits for a thread that reads from one of them, so it gets a thread and a bound of its own.
    private static void flushEverything() {
        Stdio.flushOutput();
        Thread flusher = Thread.ofPlatform().name("orc-exit-flush").daemon().start(Stdio::flushAll);
        try {
            TimeUnit.MILLISECONDS.timedJoin(flusher, FLUSH_BOUND_MS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
