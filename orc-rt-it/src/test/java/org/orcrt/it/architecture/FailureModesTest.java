// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.orcrt.it.Project;

/// `docs/failure-modes.md` names, for each row, exactly the test classes that carry its tag.
class FailureModesTest {

    private static final Pattern ROW = Pattern.compile("^\\| ([A-Z]+[0-9]+) \\|.*\\| ([^|]+) \\|$", Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\[(\\w+)]");
    private static final Pattern TAG = Pattern.compile("@Tag\\(\"([A-Z]+[0-9]+)\"\\)");

    /// The rows that must be there, whatever the tests carry.
    private static final List<String> REQUIRED =
            List.of(("W1 W2 W3 W4 W5 W6 W7 W8 W9 W10 W11 W12 C1 C2 C3 C4 C5 C6 C7 C8 C9 C10 D1 D2 D3 "
                            + "D4 D5 D6 D7 X1 X2 X3 X4 X5 X6 X7 X8 X11 M1 M2 M3 M4 M5 M6 M7 M8 M9 M10 M11 M12 "
                            + "M13 M14 M15 M16 M17 N2 N3 N4 N5 N6 N7 N13 L1 J1 J2 J3 J4 J5 J6 J7 J9 J10")
                    .split(" "));

    @Test
    void each_row_names_the_tests_that_prove_it() throws IOException {
        Map<String, TreeSet<String>> written = written();
        assertThat(written.keySet()).containsAll(REQUIRED);
        Map<String, TreeSet<String>> tagged = tagged();
        written.forEach((row, tests) -> assertThat(tests)
                .as("tests of row %s: what the page names against what carries the tag", row)
                .isNotEmpty()
                .isEqualTo(tagged.get(row)));
    }

    private static Map<String, TreeSet<String>> written() throws IOException {
        Map<String, TreeSet<String>> rows = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(Project.root().resolve("docs/failure-modes.md")));
        while (row.find()) {
            Matcher link = LINK.matcher(row.group(2));
            while (link.find()) {
                rows.computeIfAbsent(row.group(1), key -> new TreeSet<>()).add(link.group(1));
            }
        }
        return rows;
    }

    private static Map<String, TreeSet<String>> tagged() throws IOException {
        Map<String, TreeSet<String>> rows = new TreeMap<>();
        for (Path file : Project.testSources()) {
            String name = file.getFileName().toString().replace(".java", "");
            Matcher tag = TAG.matcher(Files.readString(file));
            while (tag.find()) {
                rows.computeIfAbsent(tag.group(1), key -> new TreeSet<>()).add(name);
            }
        }
        return rows;
    }
}
