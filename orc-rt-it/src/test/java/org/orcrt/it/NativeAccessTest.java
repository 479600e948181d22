// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A JVM that does not let us make native calls: one line that says which flag is missing, and no half a session.
@Tag("J9")
class NativeAccessTest {

    private static final int CONFIGURATION = 78;
    private static final String LINE = "orc-rt: linker 'ffm' cannot work here: native access is not granted to "
            + "org.orcrt.ffm; start java with --enable-native-access=%s%n";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"deny", "warn", "allow"})
    void on_the_module_path_the_module_is_the_flags_value(String illegal) throws Exception {
        ScriptRun run = run(
                illegal,
                "--module-path",
                Project.modules().toString(),
                "--module",
                "org.orcrt.executor/org.orcrt.executor.OrcExecutor");
        assertRefused(run, "org.orcrt.ffm");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deny", "warn"})
    void on_the_class_path_the_flags_value_is_all_unnamed(String illegal) throws Exception {
        ScriptRun run = run(
                illegal,
                // another module is granted access: else everybody is, and only warned
                "--enable-native-access=java.logging",
                "-cp",
                Project.modules() + "/*",
                "org.orcrt.executor.OrcExecutor");
        assertRefused(run, "ALL-UNNAMED");
    }

    private static void assertRefused(ScriptRun run, String value) {
        assertThat(run.err()).isEqualTo(LINE.formatted(value));
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(CONFIGURATION);
    }

    private ScriptRun run(String illegal, String... program) throws Exception {
        List<String> command = new ArrayList<>(List.of(Child.java(), "--illegal-native-access=" + illegal));
        command.addAll(List.of(program));
        command.add("filedescs=0,1");
        return ScriptRun.run(directory, Map.of(), command);
    }
}
