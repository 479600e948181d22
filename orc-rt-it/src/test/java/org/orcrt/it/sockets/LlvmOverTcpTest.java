// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.controller.Controller;
import org.orcrt.it.Finished;
import org.orcrt.it.Llvm;
import org.orcrt.it.Processes;
import org.orcrt.spi.ConnectionSpec;

/// LLVM's own tools at the other end of a TCP connection, spelled as LLVM spells it.
@Tag("N13")
class LlvmOverTcpTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long TRY_AGAIN_MS = 20;

    @TempDir
    private Path directory;

    /// `llvm-jitlink` closes its socket in a way that sends nothing: without the watch this does not end.
    @Test
    void llvms_controller_runs_a_program_in_our_executor_and_both_end() throws Exception {
        Llvm llvm = new Llvm(directory);
        Path source = Files.writeString(
                directory.resolve("program.c"),
                "int puts(const char *); int main(int n, char **a) { puts(a[n - 1]); return 40 + n; }");
        Path object = directory.resolve("program.o");
        Processes.run(
                        directory,
                        LIMIT,
                        List.of(llvm.clang().toString(), "-fPIC", "-c", "-o", object.toString(), source.toString()))
                .orThrow();
        try (ExecutorProcess executor = new ExecutorProcess(directory, "listen=127.0.0.1:0")) {
            String target = executor.awaitListening().target();
            Finished run = Processes.run(
                    directory,
                    LIMIT,
                    List.of(
                            llvm.jitlink().toString(),
                            "--oop-executor-connect=" + target.substring(2),
                            object.toString(),
                            "--args",
                            "program",
                            "over tcp"));
            assertThat(run.exitCode()).as(run.toString()).hasValue(42);
            assertThat(executor.exitCode()).as(executor.errors()).isZero();
            assertThat(executor.errors()).isEmpty();
        }
    }

    @Test
    void our_controller_drives_llvms_executor() throws Exception {
        Llvm llvm = new Llvm(directory);
        int port = freePort();
        Process executor = new ProcessBuilder(llvm.executor().toString(), "listen=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("llvm.txt").toFile())
                .start();
        try (Controller controller = connect(port)) {
            ExecutorAddress code = MachineCode.load(controller, MachineCode.argumentCount());
            assertThat(controller.runAsMain(code, List.of("program", "one"))).isEqualTo(2);
            ExecutorAddress getpid = controller
                    .libraries()
                    .find(controller.libraries().open(""), "getpid")
                    .orElseThrow();
            ExecutorAddress pid = MachineCode.load(controller, MachineCode.jump(getpid));
            assertThat(controller.runAsMain(pid, List.of("program"))).isEqualTo(executor.pid());
            MachineCode.unload(controller, pid);
            MachineCode.unload(controller, code);
        } finally {
            assertThat(executor.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    /// LLVM's executor says nothing when it listens, so we come until it is there.
    private static Controller connect(int port) throws Exception {
        long deadlineNs = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                return Controller.builder().connect(ConnectionSpec.parse("tcp://127.0.0.1:" + port + "?peer=llvm"));
            } catch (IOException notYet) {
                if (System.nanoTime() - deadlineNs >= 0) {
                    throw notYet;
                }
                Thread.sleep(TRY_AGAIN_MS);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }
}
