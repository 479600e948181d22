// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The command line of `bin/soak`, in a copy of `bin/` with a JDK that only passes for one.
class SoakScriptTest {

    @TempDir
    private Path root;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void no_jdk_but_our_own() throws IOException {
        ScriptRun.copyBin(root);
        root = root.toRealPath();
        environment.put("PATH", System.getenv("PATH"));
        environment.put(
                "ORC_RT_JAVA", ScriptRun.fakeJdk(root.resolve("jdk"), "25.0.3").toString());
    }

    @Test
    void help_lists_every_name_with_what_it_does() throws Exception {
        ScriptRun run = run("--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("usage: soak NAME [--count N] [--json FILE] [--record]\n")
                .containsPattern("(?m)^  faults +every system call .+$")
                .containsPattern("(?m)^  fuzz +Jazzer on every decoder, .+$")
                .containsPattern("(?m)^  races +jcstress and Lincheck; .+$")
                .containsPattern("(?m)^  rows +the tests of docs/failure-modes.md .+$")
                .containsPattern("(?m)^  sessions +N whole sessions .+$");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense|unknown name 'nonsense'",
                "../soak/races|unknown name '../soak/races'",
                "races sessions|one name at a time: races, sessions",
                "races --count 0|--count 0 is no number from 1 on",
                "races --count 1x|--count 1x is no number from 1 on",
                "races --count|--count needs a value",
                "rows --count 5|rows takes no --count: each row has its own",
                "races --fast|unknown option --fast",
                "races --record|races has no ledger for --record",
                "--count 1|a name is missing"
            })
    void a_wrong_command_line_is_told_with_the_names_and_exits_64(String line) throws Exception {
        build();
        String[] parts = line.split("\\|");
        ScriptRun run = run(parts[0].split(" "));
        assertThat(run.exitCode()).isEqualTo(64);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("orc-rt: " + parts[1] + "\nusage: soak ")
                .contains("\n  races ");
    }

    @Test
    void without_a_build_it_says_what_to_run_and_exits_78() throws Exception {
        ScriptRun run = run("races");
        assertThat(run.exitCode()).isEqualTo(78);
        assertThat(run.err())
                .isEqualTo("orc-rt: no build found in %1$s (build/modules/.complete is missing); run %1$s/bin/build\n"
                        .formatted(root));
    }

    @Test
    void without_the_test_classes_there_is_no_build_either() throws Exception {
        build();
        Files.delete(root.resolve("orc-rt-jcstress/target/test-classes/META-INF/TestList"));
        ScriptRun run = run("races");
        assertThat(run.exitCode()).isEqualTo(78);
        assertThat(run.err()).contains("(orc-rt-jcstress/target/test-classes/META-INF/TestList is missing)");
    }

    @Test
    void count_and_file_are_handed_on_and_the_classes_are_a_copy() throws Exception {
        build();
        ScriptRun run = run("races", "--count", "7", "--json", "out.json");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        String work = root + "/build/soak/races";
        assertThat(run.out().lines())
                .containsSubsequence(
                        "[" + work + "/test-classes:" + work + "/lib/*]",
                        "[org.orcrt.races.RacesSoak]",
                        "[" + work + "]",
                        "[7]",
                        "[out.json]");
        assertThat(root.resolve("build/soak/races/test-classes/META-INF/TestList"))
                .exists();
        assertThat(run("races").out()).endsWith("[5]\n[]\n");
    }

    @Test
    void sessions_run_from_a_copy_of_the_modules() throws Exception {
        assertThat(run("sessions").exitCode()).isEqualTo(78);
        build();
        assertThat(run("sessions").err()).contains("soak/SessionsSoak.class is missing)");
        Path classes = root.resolve("orc-rt-it/target/test-classes/org/orcrt/it/soak");
        Files.createDirectories(classes);
        Files.createFile(classes.resolve("SessionsSoak.class"));
        ScriptRun run = run("sessions", "--count", "7", "--json", "out.json");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .containsSubsequence(
                        "[" + root + "/build/soak/sessions/modules]",
                        "[" + root + "/build/soak/sessions/classes]",
                        "[org.orcrt.it.soak.SessionsSoak]",
                        "[7]",
                        "[out.json]");
        assertThat(run("sessions").out()).endsWith("[100000]\n[]\n");
    }

    @Test
    void faults_run_from_a_copy_of_classes_and_modules() throws Exception {
        build();
        assertThat(run("faults").err()).contains("testing/FaultsSoak.class is missing)");
        for (String file : List.of(
                "orc-rt-api/target/test-classes/org/orcrt/testing/FaultsSoak.class",
                "orc-rt-memory/target/test-classes/org/orcrt/memory/MemoryFaults.class",
                "orc-rt-it/target/test-classes/org/orcrt/transport/socket/AttachFaults.class",
                "orc-rt-it/target/test-classes/faults/META-INF")) {
            Files.createDirectories(root.resolve(file).getParent());
            Files.createFile(root.resolve(file));
        }
        ScriptRun run = run("faults", "--count", "7", "--json", "out.json");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        String work = root + "/build/soak/faults";
        assertThat(run.out().lines())
                .containsSubsequence(
                        "[" + work + "/classes:" + work + "/modules/*]",
                        "[org.orcrt.testing.FaultsSoak]",
                        "[7]",
                        "[out.json]",
                        "[org.orcrt.memory.MemoryFaults]",
                        "[org.orcrt.transport.socket.AttachFaults]");
        assertThat(Path.of(work, "classes/org/orcrt/transport/socket/AttachFaults.class"))
                .exists();
    }

    @Test
    void fuzz_runs_from_a_copy_with_all_classes_beside_each_other() throws Exception {
        build();
        assertThat(run("fuzz").err()).contains("fuzz/FuzzSoak.class is missing)");
        for (String module : List.of("api", "sps", "wire", "transport-socket", "it")) {
            Files.createDirectories(root.resolve("orc-rt-" + module + "/target/test-classes/org/orcrt/it/fuzz"));
        }
        Files.createFile(root.resolve("orc-rt-it/target/test-classes/org/orcrt/it/fuzz/FuzzSoak.class"));
        assertThat(run("fuzz").err()).contains("(orc-rt-it/target/jazzer is missing)");
        Files.createDirectories(root.resolve("orc-rt-it/target/jazzer"));
        ScriptRun run = run("fuzz", "--count", "7", "--record");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        String work = root + "/build/soak/fuzz";
        assertThat(run.out().lines())
                .containsSubsequence(
                        "[" + work + "/classes:" + work + "/modules/*:" + work + "/jazzer/*]",
                        "[org.orcrt.it.fuzz.FuzzSoak]",
                        "[" + work + "]",
                        "[" + root + "/build/fuzz-corpus]",
                        "[7]",
                        "[]",
                        "[" + root + "/docs/fuzz-ledger.json]",
                        "[unknown]");
        assertThat(run("fuzz").out()).endsWith("[300000]\n[]\n[]\n[unknown]\n");
    }

    @Test
    void a_file_that_cannot_be_written_is_told_before_anything_runs() throws Exception {
        build();
        ScriptRun run = run("races", "--json", "no/such/directory/out.json");
        assertThat(run.exitCode()).isEqualTo(73);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("no/such/directory/out.json");
    }

    private void build() throws IOException {
        Files.createDirectories(root.resolve("build/modules"));
        Files.createFile(root.resolve("build/modules/.complete"));
        Path races = root.resolve("orc-rt-jcstress/target");
        Files.createDirectories(races.resolve("lib"));
        Files.createDirectories(races.resolve("test-classes/META-INF"));
        Files.createFile(races.resolve("test-classes/META-INF/TestList"));
    }

    private ScriptRun run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(root + "/bin/soak"));
        command.addAll(List.of(arguments));
        return ScriptRun.run(root, environment, command);
    }
}
