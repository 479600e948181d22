// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.orcrt.it.Project;

/// `docs/upstream-tests.md` has each case of LLVM's own tests once, and the tests of ours that it names exist.
class UpstreamTestsTest {

    private static final int CASES = 488;
    private static final int ANSWERED_AT_LEAST = 270;

    private static final Pattern HEADING = Pattern.compile("^## (.+)$");
    private static final Pattern ROW = Pattern.compile("^\\| ([^|]+) \\| ([^|]+) \\| ([^|]*)\\|$");
    private static final String LINK = "\\[(\\w+)]\\(\\.\\./([^)]+)\\)\\.(\\w+)";
    private static final Pattern ONE_LINK = Pattern.compile(LINK);
    private static final Pattern LINKS = Pattern.compile(LINK + "(?:, " + LINK + ")*");
    private static final Pattern REASON = Pattern.compile("(?:C\\+\\+|Java|Not ours|Platform|Later): .+\\. ");

    /// One row.
    ///
    /// @param upstream the file and the case, with a slash between them
    /// @param ours tests, or `-`
    private record Row(String upstream, String ours, String note) {

        boolean isAnswered() {
            return !ours.equals("-");
        }
    }

    /// The sources of our tests, by path below the root.
    private final Map<String, String> sources = sources();

    @Test
    void the_page_has_every_case_of_llvm_once_and_every_test_of_ours_that_it_names_exists() throws IOException {
        List<String> cases =
                Files.readAllLines(Project.root().resolve("orc-rt-it/src/test/resources/upstream-tests.txt"));
        assertThat(cases).hasSize(CASES).doesNotHaveDuplicates();
        assertThat(complaints(page(), cases)).isEmpty();
    }

    @Test
    void the_page_says_how_many_cases_have_a_test_and_they_are_enough() throws IOException {
        long answered = rows(page()).stream().filter(Row::isAnswered).count();
        assertThat(answered).isGreaterThanOrEqualTo(ANSWERED_AT_LEAST);
        assertThat(page().replace('\n', ' '))
                .contains(
                        CASES + " test cases of LLVM's own",
                        answered + " of them have a test",
                        "for the other " + (CASES - answered) + " ");
    }

    @Test
    void planted_errors_are_caught() {
        String own = "orc-rt-it/src/test/java/org/orcrt/it/architecture/UpstreamTestsTest.java";
        String page = """
                ## ATest

                | upstream case | ours | note |
                |---|---|---|
                | Good | [UpstreamTestsTest](../%1$s).planted_errors_are_caught | |
                | Twice | [UpstreamTestsTest](../%1$s).planted_errors_are_caught | Once. |
                | Twice | - | Java: twice. |
                | Unknown | - | C++: not in the list. |
                | NoReason | - | Because. |
                | NoLink | UpstreamTestsTest.planted_errors_are_caught | |
                | NoTest | [UpstreamTestsTest](../%1$s).complaints | |
                | Moved | [UpstreamTestsTest](../orc-rt-old/UpstreamTestsTest.java).planted_errors_are_caught | |
                | Renamed | [OldTest](../%1$s).planted_errors_are_caught | |
                | Cut |
                """.formatted(own);
        List<String> cases = Stream.of(
                        "Good", "Twice", "NoReason", "NoLink", "NoTest", "Moved", "Renamed", "Cut", "Missing")
                .map(name -> "ATest/" + name)
                .toList();
        String here = "; a test of this name is in [" + own + "]";
        assertThat(complaints(page, cases))
                .containsExactly(
                        "not a row: | Cut |",
                        "ATest/Twice is there twice",
                        "ATest/Unknown is no case of LLVM; the list is upstream-tests.txt",
                        "ATest/NoReason has no test and no reason; begin the note with one of the words of the page",
                        "ATest/NoLink: write [Class](../path/Class.java).method_name, and a comma between two",
                        "ATest/NoTest: no test complaints in " + own + "; a test of this name is in []",
                        "ATest/Moved: no test planted_errors_are_caught in orc-rt-old/UpstreamTestsTest.java" + here,
                        "ATest/Renamed: the link says OldTest and leads to " + own,
                        "ATest/Cut is missing",
                        "ATest/Missing is missing");
    }

    private List<String> complaints(String page, List<String> cases) {
        List<String> complaints = new ArrayList<>();
        page.lines()
                .filter(line -> line.startsWith("|") && !ROW.matcher(line).matches() && !line.startsWith("|---"))
                .forEach(line -> complaints.add("not a row: " + line));
        Set<String> seen = new HashSet<>();
        for (Row row : rows(page)) {
            if (!seen.add(row.upstream)) {
                complaints.add(row.upstream + " is there twice");
            }
            if (!cases.contains(row.upstream)) {
                complaints.add(row.upstream + " is no case of LLVM; the list is upstream-tests.txt");
            }
            complaintsOf(row).forEach(complaint -> complaints.add(row.upstream + complaint));
        }
        cases.stream().filter(name -> !seen.contains(name)).forEach(name -> complaints.add(name + " is missing"));
        return complaints;
    }

    private List<String> complaintsOf(Row row) {
        if (!row.isAnswered()) {
            return REASON.matcher(row.note).matches()
                    ? List.of()
                    : List.of(" has no test and no reason; begin the note with one of the words of the page");
        }
        if (!LINKS.matcher(row.ours).matches()) {
            return List.of(": write [Class](../path/Class.java).method_name, and a comma between two");
        }
        return ONE_LINK.matcher(row.ours)
                .results()
                .flatMap(this::complaintsOf)
                .map(complaint -> ": " + complaint)
                .toList();
    }

    private Stream<String> complaintsOf(MatchResult link) {
        String path = link.group(2);
        if (!path.endsWith("/" + link.group(1) + ".java")) {
            return Stream.of("the link says " + link.group(1) + " and leads to " + path);
        }
        String method = link.group(3);
        if (isTest(sources.getOrDefault(path, ""), method)) {
            return Stream.empty();
        }
        List<String> others = sources.entrySet().stream()
                .filter(source -> isTest(source.getValue(), method))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return Stream.of("no test " + method + " in " + path + "; a test of this name is in " + others);
    }

    /// Whether there is such a method below an annotation of JUnit's, with no empty line between the two.
    private static boolean isTest(String source, String method) {
        int at = source.indexOf("void " + method + "(");
        String before = source.substring(Math.max(0, source.lastIndexOf("\n\n", at)), Math.max(0, at));
        return before.contains("@Test") || before.contains("@ParameterizedTest");
    }

    private static List<Row> rows(String page) {
        List<Row> rows = new ArrayList<>();
        String file = "";
        for (String line : page.lines().toList()) {
            var heading = HEADING.matcher(line);
            var row = ROW.matcher(line);
            if (heading.matches()) {
                file = heading.group(1);
            } else if (row.matches() && !row.group(1).equals("upstream case")) {
                rows.add(new Row(file + "/" + row.group(1), row.group(2), row.group(3)));
            }
        }
        return rows;
    }

    private static String page() throws IOException {
        return Files.readString(Project.root().resolve("docs/upstream-tests.md"));
    }

    private static Map<String, String> sources() {
        Path root = Project.root();
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(UpstreamTestsTest::mayHoldTests)
                    .collect(Collectors.toMap(file -> root.relativize(file).toString(), UpstreamTestsTest::text));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// Tests, and contracts that a kit has in its main code.
    private static boolean mayHoldTests(Path file) {
        return file.toString().matches(".*/src/(test|main)/java/.*(Test|Contract)\\.java");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
