// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `bin/orc-executor` does before there is a JVM: in a copy of `bin/`, with JDKs that only pass for some.
class LauncherTest {

    @TempDir
    private Path root;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void no_jdk_but_our_own() throws IOException {
        ScriptRun.copyBin(root);
        environment.put("PATH", root.resolve("nothing").toString());
        environment.put("ORC_RT_JVM_DIRS", root.resolve("jvm").toString());
    }

    @Test
    void without_a_build_it_says_what_to_run_and_exits_78() throws Exception {
        ScriptRun run = run();
        assertThat(run.exitCode()).isEqualTo(78);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo("orc-rt: no build found in %1$s/build/modules; run %1$s/bin/build\n"
                        .formatted(root.toRealPath()));
    }

    @Test
    void half_a_build_is_no_build() throws Exception {
        build();
        Files.delete(root.resolve("build/modules/.complete"));
        assertThat(run().exitCode()).isEqualTo(78);
        build();
        Files.delete(root.resolve("build/modules/orc-rt-executor-1.jar"));
        assertThat(run().exitCode()).isEqualTo(78);
    }

    @Test
    void with_java_17_alone_it_says_where_it_looked_and_exits_78() throws Exception {
        build();
        Path old = ScriptRun.fakeJdk(root.resolve("jvm/java-17"), "17.0.15");
        environment.put("PATH", old.resolve("bin").toString());
        environment.put("JAVA_HOME", old.toString());
        ScriptRun run = run();
        assertThat(run.exitCode()).isEqualTo(78);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("orc-rt: no JDK 25 or newer found")
                .contains(old.toString(), root.resolve("jvm").toString(), "ORC_RT_JAVA")
                .hasLineCount(1);
    }

    @Test
    void a_jdk_that_was_asked_for_but_is_too_old_is_an_error() throws Exception {
        build();
        ScriptRun.fakeJdk(root.resolve("jvm/java-25"), "25.0.3");
        environment.put(
                "ORC_RT_JAVA", ScriptRun.fakeJdk(root.resolve("old"), "24.0.2").toString());
        ScriptRun run = run();
        assertThat(run.exitCode()).isEqualTo(78);
        assertThat(run.err()).startsWith("orc-rt: ORC_RT_JAVA=" + root.resolve("old"));
    }

    @Test
    void a_jdk_is_found_in_each_of_its_places() throws Exception {
        build();
        Path jdk = ScriptRun.fakeJdk(root.resolve("any where/jdk"), "25");
        assertFound(Map.of("ORC_RT_JAVA", jdk.toString()));
        assertFound(Map.of("ORC_RT_JAVA", jdk.resolve("bin/java").toString()));
        assertFound(Map.of("JAVA_HOME", jdk.toString()));
        assertFound(Map.of("PATH", environment.get("PATH") + ":" + jdk.resolve("bin")));
        assertFound(Map.of("ORC_RT_JVM_DIRS", root.resolve("nothing") + ":" + jdk.getParent()));
        Path old = ScriptRun.fakeJdk(root.resolve("old"), "1.8.0_392");
        assertFound(Map.of(
                "JAVA_HOME", old.toString(), "ORC_RT_JVM_DIRS", jdk.getParent().toString()));
        Path ofMacOs = ScriptRun.fakeJdk(root.resolve("mac/jdk-26.jdk/Contents/Home"), "26-ea");
        assertFound(Map.of(
                "ORC_RT_JVM_DIRS", ofMacOs.getParent().getParent().getParent().toString()));
    }

    @Test
    void a_java_on_the_path_may_be_a_link_into_a_jdk() throws Exception {
        build();
        Path jdk = ScriptRun.fakeJdk(root.resolve("jdk"), "25.0.3");
        Path links = Files.createDirectory(root.resolve("links"));
        Files.createSymbolicLink(links.resolve("java"), jdk.resolve("bin/java"));
        ScriptRun.lend("readlink", links);
        assertFound(Map.of("PATH", links.toString()));
        assertFound(Map.of("PATH", links.toString(), "ORC_RT_JVM_DIRS", root.toString()));
    }

    @Test
    void a_java_without_a_release_file_is_asked() throws Exception {
        build();
        Path shims = root.resolve("shims");
        ScriptRun.script(shims.resolve("java"), "echo \"run: $*\"\necho 'openjdk version \"25.0.1\" 2025-10-21' >&2\n");
        environment.put("PATH", shims.toString());
        assertThat(run("filedescs=3,6").out()).contains("run: -XX:+UseSerialGC").contains("filedescs=3,6");
        ScriptRun.script(shims.resolve("java"), "echo 'openjdk version \"21.0.5\" 2024-10-15' >&2\n");
        assertThat(run().exitCode()).isEqualTo(78);
    }

    @Test
    void arguments_arrive_as_they_are_and_jvm_options_are_split() throws Exception {
        build();
        environment.put(
                "JAVA_HOME", ScriptRun.fakeJdk(root.resolve("jdk"), "25.0.3").toString());
        environment.put("ORC_RT_JAVA_OPTIONS", "-Xmx64m  -Dstar=*");
        Path elsewhere = Files.createDirectory(root.resolve("else where"));
        Path first = Files.createSymbolicLink(elsewhere.resolve("first"), Path.of("../bin/orc-executor"));
        Path second = Files.createSymbolicLink(root.resolve("second"), first);
        environment.put(
                "PATH", ScriptRun.onPath("readlink").orElseThrow().getParent().toString());
        ScriptRun run = ScriptRun.run(elsewhere, environment, List.of(second.toString(), "filedescs=3,6", "a b", ""));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "[-XX:+UseSerialGC]",
                        "[-XX:TieredStopAtLevel=1]",
                        "[-XX:-UsePerfData]",
                        "[-XX:+DisplayVMOutputToStderr]",
                        "[-Xshare:auto]",
                        "[-XX:+ExitOnOutOfMemoryError]",
                        "[--enable-native-access=org.orcrt.ffm]",
                        "[-Xmx64m]",
                        "[-Dstar=*]",
                        "[--module-path]",
                        "[%s/../bin/../build/modules]".formatted(elsewhere),
                        "[--module]",
                        "[org.orcrt.executor/org.orcrt.executor.OrcExecutor]",
                        "[filedescs=3,6]",
                        "[a b]",
                        "[]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sh", "dash", "bash"})
    void every_script_is_understood_by(String shell) throws Exception {
        Path found = ScriptRun.onPath(shell).orElse(null);
        assumeTrue(found != null, () -> "no " + shell + " on this machine");
        try (Stream<Path> files = Files.walk(root.resolve("bin"))) {
            for (Path script : files.filter(Files::isRegularFile).toList()) {
                var check = List.of(found.toString(), "-n", script.toString());
                assertThat(ScriptRun.run(root, environment, check)).isEqualTo(new ScriptRun(0, "", ""));
            }
        }
    }

    @Test
    void the_guard_catches_a_wide_doc_line_and_passes_the_tree() throws Exception {
        environment.put("PATH", System.getenv("PATH"));
        Path sources = Files.createDirectories(root.resolve("orc-rt-api/src/main/java"));
        Files.writeString(sources.resolve("Fits.java"), "/// " + "\u2500".repeat(116) + "\n");
        assertThat(guard(root)).isEqualTo(new ScriptRun(0, "", ""));
        Files.writeString(sources.resolve("Wide.java"), "\n    /// " + "x".repeat(122) + "\n");
        ScriptRun caught = guard(root);
        assertThat(caught.exitCode()).isEqualTo(1);
        assertThat(caught.err())
                .contains("Wide.java:2: a /// line of 130 columns")
                .doesNotContain("Fits");
        assertThat(guard(Project.root())).isEqualTo(new ScriptRun(0, "", ""));
    }

    @Test
    void the_strict_guard_counts_indentation_twice_below_the_first_line() throws Exception {
        environment.put("PATH", System.getenv("PATH"));
        String line = "    /// " + "x".repeat(109) + "\n";
        Files.writeString(root.resolve("Wide.java"), line + line);
        assertThat(guard(root).exitCode()).isZero();
        assertThat(guard(root, "strict").err()).isEqualTo("./Wide.java:2: a /// line of 117 columns (limit 116)\n");
    }

    private ScriptRun guard(Path tree, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(root + "/bin/lib/doc-line-guard", tree.toString()));
        command.addAll(List.of(more));
        return ScriptRun.run(root, environment, command);
    }

    private void assertFound(Map<String, String> changes) throws Exception {
        Map<String, String> changed = new HashMap<>(environment);
        changed.putAll(changes);
        ScriptRun run = ScriptRun.run(root, changed, List.of(root + "/bin/orc-executor", "found"));
        assertThat(run.out()).as("with %s, which says %s", changes, run.err()).endsWith("[found]\n");
        assertThat(run.err()).isEmpty();
    }

    private ScriptRun run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(root + "/bin/orc-executor"));
        command.addAll(List.of(arguments));
        return ScriptRun.run(root, environment, command);
    }

    private void build() throws IOException {
        Path modules = Files.createDirectories(root.resolve("build/modules"));
        for (String name : List.of("orc-rt-executor-1.jar", ".complete")) {
            if (!Files.exists(modules.resolve(name))) {
                Files.createFile(modules.resolve(name));
            }
        }
    }
}
