// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.orcrt.api.ResourceManager;
import org.orcrt.ffm.NativeLibraries;
import org.orcrt.ffm.Stdio;
import org.orcrt.ffm.StubPool;
import org.orcrt.ffm.Upcall;

/// What JIT'd code gets in the place of C's `exit`, `_exit`, `_Exit` and `quick_exit`: functions that end the program
/// and leave the process, and with it the JVM, alone. The calling thread never returns; it cannot be unwound either,
/// so it stands still until the process ends.
///
/// Functions registered by `atexit`, and destructors of static objects, are not run.
final class ProgramExit implements ResourceManager {

    private static final Duration FLUSH_BOUND = Duration.ofSeconds(1);

    private final ProgramRuns runs;
    private final long flushingExit;
    private final long plainExit;

    ProgramExit(ProgramRuns runs) {
        this.runs = runs;
        Upcall flushing = (status, b, c, d, result) -> {
            try {
                CxxRuntime.flushStreams();
                Stdio.flushOutput();
                Stdio.flushAllWithin(FLUSH_BOUND);
            } finally {
                end((int) status);
            }
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

    /// The addresses of a program that has called `exit` stay leased: its other threads may call them at any time.
    @Override
    public void shutdown() {
        if (!runs.hasExited()) {
            StubPool.release(flushingExit);
            StubPool.release(plainExit);
        }
    }

    /// Never returns, whatever happens: the caller's C code relies on it.
    private void end(int status) {
        try {
            runs.exit(status);
        } finally {
            park(status);
        }
    }

    private static void park(int status) {
        while (true) {
            LockSupport.park("a program that has called exit(" + status + ")");
        }
    }
}
