// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A system that makes no thread for us, and does again later: no task is lost, none is run that was refused.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThreadStarvationTest {

    @ParameterizedTest
    @Tag("D6")
    @CsvSource({
        // of eight tasks: accepted, ran, discarded; then the same for one that ran and seven that waited for it
        "thread-pool,     starved 0 0 0, queued 8 8 0",
        "thread-per-call, starved 0 0 0, queued 8 1 7",
        "virtual-thread,  starved (\\d) \\1 0, queued 8 [1-8] [0-7]" // depends on how many carriers there were
    })
    void without_threads_tasks_are_refused_or_discarded_and_later_run_again(
            String dispatcher, String starved, String queued) throws Exception {
        List<String> lines = new ArrayList<>();
        Process child = start(dispatcher);
        try {
            serve(child, lines);
        } finally {
            end(child);
        }
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).isEqualTo("plenty 8 8 0 ok");
        assertThat(lines.get(1)).matches(starved + " ok");
        assertThat(lines.get(2)).matches(queued + " ok");
        assertThat(lines.get(3)).isEqualTo("fed 8 8 0 ok");
        assertThat(child.exitValue()).isZero();
    }

    /// Does what the child asks for, and keeps its other lines.
    private static void serve(Process child, List<String> lines) throws Exception {
        try (ThreadLimit limit = ThreadLimit.of(child);
                BufferedReader out = child.inputReader(StandardCharsets.UTF_8);
                PrintStream in = new PrintStream(child.getOutputStream(), true, StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                switch (line) {
                    case "starve" -> limit.starve();
                    case "feed" -> limit.feed();
                    default -> {
                        lines.add(line);
                        continue;
                    }
                }
                in.println("done");
            }
        }
    }

    private static void end(Process child) throws InterruptedException {
        if (!child.waitFor(1, TimeUnit.SECONDS)) {
            child.destroyForcibly();
            assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /// On the class path, where a plain program sees what is internal here.
    private static Process start(String dispatcher) throws Exception {
        Path module = Path.of(System.getProperty("orcrt.root"), "orc-rt-core", "target");
        List<String> path = new ArrayList<>();
        path.add(module.resolve("test-classes").toString());
        path.add(module.resolve("classes").toString());
        path.addAll(List.of(System.getProperty("jdk.module.path", "").split(File.pathSeparator)));
        path.addAll(List.of(System.getProperty("java.class.path", "").split(File.pathSeparator)));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:disable", // its warnings of threads that cannot be made are no news
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "-Djdk.virtualThreadScheduler.parallelism=8", // so that carriers are missing
                        "-cp",
                        String.join(File.pathSeparator, path),
                        StarvedProgram.class.getName(),
                        dispatcher)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
