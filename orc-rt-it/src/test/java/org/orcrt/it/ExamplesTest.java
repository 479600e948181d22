// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples do what the README says.
class ExamplesTest {

    private static final Duration LIMIT = Duration.ofSeconds(120);

    @TempDir
    private Path scratch;

    @Test
    void hello_runs_inside_a_jvm_and_its_exit_code_comes_back() {
        Finished finished = run("examples/hello/run", "one", "two");
        assertThat(finished.exitCode()).as(finished.toString()).contains(42);
        assertThat(finished.stdout().lines().toList())
                .satisfiesExactly(
                        first -> assertThat(first).matches("hello from JIT'd code inside /.*/bin/java"),
                        one -> assertThat(one).isEqualTo("  argument 1: one"),
                        two -> assertThat(two).isEqualTo("  argument 2: two"));
    }

    @Test
    void a_java_program_embeds_an_executor_and_outlives_the_controller() {
        Finished finished = run("examples/embed/run");
        assertThat(finished.exitCode()).as(finished.toString()).contains(42);
        assertThat(finished.stdout().lines().toList())
                .as(finished.toString())
                .satisfiesExactly(
                        serving -> assertThat(serving).startsWith("serving "),
                        hello -> assertThat(hello).startsWith("hello from JIT'd code inside "),
                        gone -> assertThat(gone).isEqualTo("the controller is gone, this program goes on"));
    }

    @Test
    void a_java_program_calls_jit_code_after_the_controller_was_killed_and_leaves_nothing_of_it() {
        Finished finished = run("examples/after-controller/run");
        assertThat(finished.exitCode()).as(finished.toString()).contains(0);
        List<String> lines = finished.stdout().lines().toList();
        // two processes and two threads write: only what one of them says, or waits for, has an order
        assertThat(lines)
                .as(finished.toString())
                .containsSubsequence(
                        "kept a function; llvm-jitlink may be killed now",
                        "the controller is gone",
                        "called JIT'd code until it said 1000000",
                        "mapped: true, known to the unwinder: true",
                        "shut down, clean: true",
                        "mapped: false, known to the unwinder: false",
                        "java ended with 0")
                .containsSubsequence("main returns, without a controller", "shut down, clean: true")
                .contains("llvm-jitlink ended with 137") // 128 + SIGKILL
                .hasSize(9);
    }

    @Test
    void java_methods_are_called_through_proxies_both_ways_and_by_name_from_c() {
        Finished finished = run("examples/typed/run");
        assertThat(finished.exitCode()).as(finished.toString()).contains(42);
        assertThat(finished.stdout().lines().toList())
                .as(finished.toString())
                .containsExactly(
                        "executor: 40 + 2 = 42",
                        "executor: later 42",
                        "executor: Point[x=2, y=1]",
                        "executor: 1 / 0 failed: divisor is 0",
                        "controller: 40 + 2 = 42",
                        "controller: later 42",
                        "controller: Point[x=2, y=1]",
                        "controller: 1 / 0 failed: divisor is 0",
                        "C: 40 + 2 = 42",
                        "C: 1 / 0 failed: divisor is 0");
    }

    private Finished run(String script, String... arguments) {
        new Llvm(scratch).jitlink(); // skips loudly where it is missing
        List<String> command =
                new ArrayList<>(List.of(Project.root().resolve(script).toString()));
        command.addAll(List.of(arguments));
        return Processes.run(scratch, LIMIT, command);
    }
}
