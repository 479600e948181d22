// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `bin/build` and `bin/check` in a copy of `bin/`, with a Maven, a package manager and a JDK that are scripts.
class BuildScriptsTest {

    private static final String MAVEN_THAT_BUILDS = """
            echo '[INFO] Building orc-rt-api 0.1 [1/1]'
            echo '[INFO] --- chatter ---'
            mkdir -p build/modules
            touch build/modules/orc-rt-executor-1.jar build/modules/.complete
            """;

    private static final String MAVEN_THAT_FAILS = """
            echo '[ERROR] planted failure'
            exit 3
            """;

    @TempDir
    private Path root;

    private Path tools;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void only_known_tools() throws IOException {
        ScriptRun.copyBin(root);
        tools = Files.createDirectory(root.resolve("tools"));
        for (String tool : List.of("awk", "cat", "dirname", "flock", "mkdir", "rm", "sleep", "touch")) {
            ScriptRun.lend(tool, tools);
        }
        Path jdk = ScriptRun.fakeJdk(root.resolve("jdk"), "25.0.3");
        environment.put("PATH", tools + ":" + jdk.resolve("bin"));
        environment.put("JAVA_HOME", jdk.toString());
        environment.put("ORC_RT_LOCK_SECONDS", "60");
        tool("id", "echo 0");
        tool("dpkg-query", "for package; do :; done; grep -qx \"$package\" absent && exit 1; echo installed");
        tool("apt-get", "echo \"apt-get $*\"; case $* in *install*) : >absent ;; esac");
        ScriptRun.lend("grep", tools);
        Files.createFile(root.resolve("absent"));
    }

    @Test
    void a_build_says_what_it_does_and_leaves_out_the_chatter() throws Exception {
        tool("mvn", MAVEN_THAT_BUILDS);
        ScriptRun run = run("build");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .containsExactly(
                        "orc-rt: building all modules into %s/build/modules (no tests; Java from %s/jdk)"
                                .formatted(root.toRealPath(), root),
                        "Building orc-rt-api 0.1 [1/1]",
                        "orc-rt: built 1 jars; start bin/orc-executor");
    }

    @Test
    void a_failed_build_shows_the_error_and_leaves_no_build() throws Exception {
        tool("mvn", MAVEN_THAT_BUILDS);
        run("build");
        tool("mvn", MAVEN_THAT_FAILS);
        ScriptRun run = run("build");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("[ERROR] planted failure", "orc-rt: the build failed (Maven exited 3)");
        assertThat(root.resolve("build/modules/.complete")).doesNotExist();
    }

    @Test
    void a_build_of_a_part_is_no_build() throws Exception {
        tool("mvn", "echo '[INFO] BUILD SUCCESS'");
        assertThat(run("build").exitCode()).isEqualTo(70);
    }

    @Test
    void without_maven_the_build_says_so_and_exits_69() throws Exception {
        ScriptRun run = run("build");
        assertThat(run.exitCode()).isEqualTo(69);
        assertThat(run.err()).isEqualTo("orc-rt: Maven 3.8 or newer is needed: no mvn on PATH\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void one_build_at_a_time(boolean withFlock) throws Exception {
        if (!withFlock) {
            Files.deleteIfExists(tools.resolve("flock"));
        }
        tool("mvn", "touch started; until [ -f go ]; do sleep 0.05; done\n" + MAVEN_THAT_BUILDS);
        Path err = root.resolve("first.err");
        Process first =
                ScriptRun.start(root, environment, List.of(root + "/bin/build"), root.resolve("first.out"), err);
        try {
            var wait = List.of("/bin/sh", "-c", "until [ -f started ]; do sleep 0.05; done");
            assertThat(ScriptRun.run(root, environment, wait).exitCode()).isZero();
            environment.put("ORC_RT_LOCK_SECONDS", "1");
            ScriptRun second = run("build");
            assertThat(second.exitCode()).isEqualTo(75);
            assertThat(second.err()).contains("orc-rt: another build runs here", "gave up");
        } finally {
            Files.createFile(root.resolve("go"));
        }
        assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(first.exitValue()).as(Files.readString(err)).isZero();
        assertThat(run("build").exitCode()).isZero();
    }

    @Test
    void a_lock_directory_that_was_left_behind_is_told_at_once() throws Exception {
        Files.deleteIfExists(tools.resolve("flock"));
        tool("mvn", MAVEN_THAT_BUILDS);
        Path lock = Files.createDirectories(root.resolve("build/.lock.d"));
        Files.writeString(lock.resolve("pid"), "2147483646\n");
        ScriptRun run = run("build");
        assertThat(run.exitCode()).isEqualTo(75);
        assertThat(run.err()).contains("left its lock behind; remove it: rm -r " + lock.toRealPath());
    }

    @Test
    void a_check_installs_what_is_missing_and_says_so_before() throws Exception {
        tool("mvn", MAVEN_THAT_BUILDS);
        Files.writeString(root.resolve("absent"), "clang-22\ng++\n");
        ScriptRun run = run("check");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .startsWith(
                        "orc-rt: installing what the tests need (apt-get update, then apt-get install): clang-22 g++",
                        "apt-get -q update",
                        "apt-get -q -y --no-install-recommends install clang-22 g++");
        assertThat(run.out()).doesNotContain("MISSING");
    }

    @Test
    void a_check_that_may_not_install_says_what_is_missing_and_goes_on() throws Exception {
        tool("mvn", MAVEN_THAT_BUILDS);
        tool("id", "echo 1000");
        Files.writeString(root.resolve("absent"), "llvm-22\n");
        ScriptRun run = run("check");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("orc-rt: MISSING packages: llvm-22; the tests that need them will be skipped")
                .contains("[INFO] --- chatter ---")
                .doesNotContain("apt-get")
                .endsWith("orc-rt: MISSING on this machine: llvm-22\n");
    }

    @Test
    void a_check_elsewhere_names_the_commands_that_are_missing() throws Exception {
        tool("mvn", MAVEN_THAT_BUILDS);
        Files.delete(tools.resolve("dpkg-query"));
        tool("gcc", "");
        ScriptRun run = run("check");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("orc-rt: MISSING commands: clang-22 clang-repl-22 llvm-jitlink-22 g++;");
    }

    @Test
    void a_check_counts_the_tests_and_names_the_skipped_ones() throws Exception {
        Path old = Files.createDirectories(root.resolve("orc-rt-old/target/surefire-reports"));
        Files.writeString(old.resolve("TEST-old.xml"), "<testsuite name=\"o\" tests=\"100\">\n");
        Files.writeString(root.resolve("report"), """
                <testsuite xmlns:x="y" name="a.BTest" time="1" tests="3" errors="1" skipped="1" failures="0">
                  <testcase name="no &lt;tool&gt;(int)[1]" classname="a.BTest" time="0">
                    <skipped message="needs &quot;x&quot;&#10;&amp; y" type="t"><![CDATA[trace
                    <testcase name="printed" classname="not.a.Test"/> <skipped message="printed"/>
                    ]]></skipped>
                  </testcase>
                  <testcase name="fails" classname="a.BTest"><error message="planted"/></testcase>
                </testsuite>
                """);
        tool("mvn", """
                mkdir -p orc-rt-a/target/surefire-reports orc-rt-b/target/surefire-reports
                cat report >orc-rt-a/target/surefire-reports/TEST-a.xml
                echo '<testsuite name="c" tests="4" errors="0" skipped="0" failures="0">' \
                    >orc-rt-b/target/surefire-reports/TEST-c.xml
                exit 1
                """);
        ScriptRun run = run("check");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ")).skip(2))
                .containsExactly(
                        "orc-rt: module tests failed skipped",
                        "orc-rt: orc-rt-a 3 1 1",
                        "orc-rt: orc-rt-b 4 0 0",
                        "orc-rt: total 7 1 1",
                        "orc-rt: ===== 1 SKIPPED =====",
                        "orc-rt: SKIPPED a.BTest.no <tool>(int)[1]: needs \"x\" & y",
                        "orc-rt: the check FAILED (Maven exited 1)");
    }

    /// So Surefire writes a skip by an exception, which is how JUnit's assumptions skip.
    @Test
    void a_skip_by_an_exception_has_its_reason_too() throws Exception {
        Path reports = Files.createDirectories(root.resolve("orc-rt-a/target/surefire-reports"));
        Files.writeString(reports.resolve("TEST-a.xml"), """
                <testsuite name="a.BTest" tests="1" errors="0" skipped="1" failures="0">
                  <testcase name="t" classname="a.BTest" time="0">
                    <skipped type="e.Aborted"><![CDATA[e.Aborted: a tool is missing; install it
                	at a.BTest.t(BTest.java:1)
                    ]]></skipped>
                  </testcase>
                </testsuite>
                """);
        ScriptRun run = ScriptRun.run(root, environment, List.of(root + "/bin/lib/test-summary", root.toString()));
        assertThat(run.out()).endsWith("SKIPPED a.BTest.t: a tool is missing; install it\n");
    }

    private ScriptRun run(String script) throws Exception {
        return ScriptRun.run(root, environment, List.of(root + "/bin/" + script));
    }

    private void tool(String name, String text) throws IOException {
        ScriptRun.script(tools.resolve(name), text);
    }
}
