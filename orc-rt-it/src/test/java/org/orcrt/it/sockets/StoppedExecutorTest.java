// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.controller.Controller;
import org.orcrt.it.Rows;

/// An executor that takes nothing for a while, and a controller that calls it as fast as it can.
@Tag("C9")
class StoppedExecutorTest {

    private static final int CALL_BYTES = 64 << 10;

    /// What the kernel, one frame and the pending calls may hold, generously.
    private static final long WINDOW_BYTES = 32L << 20;

    /// Below the 20 seconds after which a peer that takes nothing counts as hung.
    private static final long STOPPED_MS = Rows.tenthOf(15_000);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void a_stopped_executor_holds_the_caller_back_and_nothing_is_lost(Sockets sockets) throws Exception {
        try (ExecutorProcess executor =
                        new ExecutorProcess(directory, sockets.listen(directory).toString());
                Controller controller = Controller.builder().connect(executor.awaitListening())) {
            ExecutorAddress target = controller.published("__llvm_orc_bootstrap_mem_write_buffers_wrapper");
            ExecutorAddress slab = controller.memory().reserve(CALL_BYTES);
            MemorySegment args = MemorySegment.ofArray(new byte[CALL_BYTES]);
            AtomicLong sent = new AtomicLong();
            AtomicLong answered = new AtomicLong();
            AtomicLong wrong = new AtomicLong();
            executor.signal("STOP");
            long residentBefore = residentBytes();
            long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOPPED_MS);
            FutureTask<Void> calling = new FutureTask<>(() -> {
                while (System.nanoTime() - deadlineNs < 0) {
                    SendStatus status = controller
                            .control()
                            .callWrapper(
                                    target,
                                    args,
                                    0,
                                    CALL_BYTES,
                                    (how, bytes, offset, length, context) -> {
                                        answered.incrementAndGet();
                                        if (how != CallStatus.RESULT && how != CallStatus.OUT_OF_BAND_ERROR) {
                                            wrong.incrementAndGet();
                                        }
                                    },
                                    0,
                                    Session.NO_TIMEOUT);
                    if (status == SendStatus.SENT) {
                        sent.incrementAndGet();
                    }
                }
                return null;
            });
            Thread.ofPlatform().daemon().name("caller").start(calling);
            Thread.sleep(STOPPED_MS); // what is tested is that time passes
            assertThat(sent.get() * CALL_BYTES).isBetween(1L, WINDOW_BYTES);
            assertThat(answered).hasValue(0);
            assertThat(residentBytes() - residentBefore).isLessThan(WINDOW_BYTES);
            executor.signal("CONT");
            calling.get(30, TimeUnit.SECONDS);
            awaitEqual(sent, answered);
            assertThat(wrong).hasValue(0);
            controller.memory().release(List.of(slab));
        }
    }

    private static void awaitEqual(AtomicLong wanted, AtomicLong got) throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (got.get() != wanted.get()) {
            assertThat(System.nanoTime()).as("%s of %s", got, wanted).isLessThan(deadlineNs);
            Thread.sleep(2);
        }
    }

    private static long residentBytes() throws Exception {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(each -> each.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
    }
}
