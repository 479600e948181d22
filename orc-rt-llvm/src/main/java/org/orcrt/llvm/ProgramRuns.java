// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import java.util.ArrayList;
import java.util.List;
import org.orcrt.api.Session;
import org.orcrt.api.memory.NativeMemoryMap;
import org.orcrt.memory.SharedMemoryMapper;
import org.orcrt.memory.SimpleNativeMemoryMap;
import org.orcrt.spi.CallInterceptor;
import org.orcrt.spi.OwnThreadCall;
import org.orcrt.spi.WrapperFunctionLinker;

/// The calls of one session that may run foreign code, so that `exit` can answer for them.
final class ProgramRuns implements CallInterceptor {

    private final Session session;
    private final WrapperFunctionLinker linker;

    /// In the order in which they began; guarded by itself.
    private final List<ProgramRun> running = new ArrayList<>();

    /// Never goes back to `false`.
    private volatile boolean exited;

    ProgramRuns(Session session, WrapperFunctionLinker linker) {
        this.session = session;
        this.linker = linker;
    }

    /// Whether the program has called `exit`.
    boolean hasExited() {
        return exited;
    }

    @Override
    public void around(OwnThreadCall call) {
        ProgramRun run = new ProgramRun(call, linker);
        synchronized (running) {
            running.add(run);
        }
        try {
            run.proceed();
        } finally {
            synchronized (running) {
                running.remove(run);
            }
        }
    }

    /// The program ends: every call that runs a part of it is answered, and nothing of its memory goes any
    /// more, because its threads stand in it for ever. Other calls, say an `initialize`, end by themselves.
    void exit(int status) {
        exited = true;
        List<ProgramRun> ended;
        synchronized (running) {
            ended = new ArrayList<>(running);
        }
        session.resource(SimpleNativeMemoryMap.class).ifPresent(NativeMemoryMap::abandon);
        session.resource(SharedMemoryMapper.class).ifPresent(NativeMemoryMap::abandon);
        for (ProgramRun run : ended) {
            if (run.endsWithProgram()) {
                run.exit(status);
            }
        }
    }
}
