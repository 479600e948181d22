// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/// Keeps a process from making threads, for a while: by a control group if this machine has those of the
/// first version and we may write there, else, for a user other than root, by a limit of its own. (No such
/// limit binds root.)
interface ThreadLimit extends AutoCloseable {

    /// From now on no thread.
    void starve() throws Exception;

    /// From now on as many as it likes.
    void feed() throws Exception;

    @Override
    void close() throws IOException;

    /// @throws TestAbortedException if there is no way: the test is skipped, counted, and says why
    static ThreadLimit of(Process process) throws Exception {
        Path root = Path.of("/sys/fs/cgroup/pids");
        if (Files.isWritable(root.resolve("cgroup.procs"))) {
            return new Group(process, Files.createDirectory(root.resolve("orcrt-test-" + process.pid())));
        }
        if (Files.readString(Path.of("/proc/self/status")).lines().anyMatch(line -> line.matches("Uid:\\s+0\\s.*"))) {
            throw new TestAbortedException("no way to keep a process of root from making threads: " + root
                    + " is not writable; mount the pids controller (cgroup v1) there, or run the tests as a user");
        }
        return new Resource(process);
    }

    /// A control group with the process in it.
    record Group(Process process, Path directory) implements ThreadLimit {

        private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

        @Override
        public void starve() throws IOException {
            Files.writeString(directory.resolve("cgroup.procs"), Long.toString(process.pid()));
            Files.writeString(directory.resolve("pids.max"), "1");
        }

        @Override
        public void feed() throws IOException {
            Files.writeString(directory.resolve("pids.max"), "max");
        }

        @Override
        public void close() throws IOException {
            long deadlineNs = System.nanoTime() + PATIENCE_NS;
            while (true) {
                try {
                    Files.delete(directory); // refused while a thread of the process is still being taken down
                    return;
                } catch (IOException busy) {
                    if (System.nanoTime() - deadlineNs > 0) {
                        throw busy;
                    }
                    Thread.yield();
                }
            }
        }
    }

    /// A soft limit on the processes of the user.
    record Resource(Process process) implements ThreadLimit {

        @Override
        public void starve() throws Exception {
            limit("1:");
        }

        @Override
        public void feed() throws Exception {
            Process shown = new ProcessBuilder(
                            "prlimit", "--pid", pid(), "--nproc", "--output=HARD", "--noheadings", "--raw")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            limit(new String(shown.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip() + ":");
        }

        @Override
        public void close() {}

        private String pid() {
            return Long.toString(process.pid());
        }

        private void limit(String softAndHard) throws Exception {
            Process changed = new ProcessBuilder("prlimit", "--pid", pid(), "--nproc=" + softAndHard)
                    .inheritIO()
                    .start();
            assertThat(changed.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(changed.exitValue()).as("prlimit").isZero();
        }
    }
}
