// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `bin/orc-rt bench`: that it works, not what it measures.
class BenchTest {

    @TempDir
    private Path directory;

    private final Map<String, String> environment =
            new HashMap<>(Map.of("PATH", System.getenv("PATH"), "ORC_RT_JAVA", System.getProperty("java.home")));

    @Test
    void a_short_run_prints_a_table_and_writes_the_figures() throws Exception {
        Path clang = new Llvm(directory).clang();
        environment.merge("PATH", clang.getParent().toString(), (path, more) -> path + File.pathSeparator + more);
        Path json = directory.resolve("figures.json");
        ScriptRun run = bench("--only", "wrapper-call", "--rounds", "1", "--smoke", "--json", json.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines().map(line -> line.replaceFirst(" .*", ""))).containsExactly("name", "wrapper-call");
        assertThat(run.err()).isEqualTo("orc-rt: wrapper-call: round 1 of 1\n");
        assertThat(Files.readString(json))
                .contains("\"name\": \"wrapper-call\"", "\"kind\": \"close\"", "\"ratioMax\": 1.1", "\"params\": {}")
                .contains("\"jdk\": ", "\"cpu\": ", "\"cores\": ", "\"kernel\": ", "\"met\": ", "\"source\": ")
                .containsPattern("\"ratio\": 0*[1-9.]")
                .containsPattern("\"ratioOfRounds\": \\[[^,\\]]+]")
                .containsPattern("\"oursHeapBytesPerOperation\": \\d");
    }

    @Test
    void the_names_are_listed() throws Exception {
        ScriptRun run = bench("--list");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().filter(line -> !line.startsWith(" ")))
                .containsExactly("slab-cycle", "wrapper-call", "upcall", "codec");
    }

    @Test
    void arguments_behind_jmh_go_to_jmh() throws Exception {
        ScriptRun run = bench("jmh", "--", "-l");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("org.orcrt.bench.SlabCycleBenchmark.ours");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--only nonsense|unknown name 'nonsense'",
                "--rounds 0|--rounds 0 is no number from 1 to 1000",
                "--rounds x|--rounds x is no number from 1 to 1000",
                "--json|--json needs a value",
                "upcall|unknown argument 'upcall'",
                "jmh -l|jmh wants -- before its arguments"
            })
    void a_wrong_command_line_is_told_in_one_line_and_exits_64(String words) throws Exception {
        String[] parts = words.split("\\|");
        ScriptRun run = bench(parts[0].split(" "));
        assertThat(run.exitCode()).isEqualTo(64);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("orc-rt: " + parts[1]).hasLineCount(1);
    }

    @Test
    void without_a_c_compiler_it_says_so_and_exits_69() throws Exception {
        Path tools = Files.createDirectory(directory.resolve("tools"));
        ScriptRun.lend("readlink", tools);
        environment.put("PATH", tools.toString());
        ScriptRun run = bench("--only", "upcall");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(69);
        assertThat(run.err())
                .startsWith("orc-rt: the peers are written in C and there is no compiler")
                .hasLineCount(1);
    }

    private ScriptRun bench(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(Project.root() + "/bin/orc-rt", "bench"));
        command.addAll(List.of(words));
        return ScriptRun.run(directory, environment, command);
    }
}
