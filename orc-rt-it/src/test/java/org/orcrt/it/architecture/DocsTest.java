// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orcrt.it.Project;

/// What the pages say exists does exist.
class DocsTest {

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)[^)]*\\)");
    private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`\n]+`");
    private static final Pattern PATH = Pattern.compile("(?:\\./)?(?:(?:bin|docs|examples|\\.ci|\\.mvn|orc-rt-[a-z-]+)/"
            + "[^\\s=,;\"'`()]*|[A-Z]+\\.md|pom\\.xml)(?::\\d+)?");
    /// In the path: stands for many paths, is made by the build, or is no path but a word of a pattern.
    private static final Pattern NO_PATH = Pattern.compile("[*<>{}$|]|\\.\\.\\.|NNNN|/target(/|$)");

    @Test
    void links_and_paths_in_the_pages_exist() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages(Project.root())) {
            broken.addAll(broken(Project.root(), page));
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void planted_dead_links_and_paths_are_caught(@TempDir Path root) throws IOException {
        Files.createDirectories(root.resolve("docs"));
        Files.writeString(root.resolve("docs/other.md"), "one line\n");
        Path page = Files.writeString(root.resolve("docs/page.md"), """
                [dead](dead.md) [alive](other.md#part) [outside](https://example.org/x) [here](#part)
                `bin/dead --flag`, `docs/other.md`, `docs/other.md:1`, `docs/other.md:2`, `docs/adr/NNNN-title.md`, `word`
                ```sh
                llvm-jitlink --oop-executor=bin/gone hello.o
                ```
                """);
        assertThat(broken(root, page))
                .containsExactly(
                        "docs/page.md: dead.md",
                        "docs/page.md: bin/dead",
                        "docs/page.md: docs/other.md:2",
                        "docs/page.md: bin/gone");
    }

    @Test
    void every_file_below_bin_can_be_started() throws IOException {
        try (Stream<Path> files = Files.walk(Project.root().resolve("bin"))) {
            assertThat(files.filter(Files::isRegularFile)).allMatch(Files::isExecutable);
        }
        assertThat(Project.root().resolve(".ci/run")).isExecutable();
    }

    private static List<Path> pages(Path root) throws IOException {
        List<Path> pages = new ArrayList<>();
        for (String name : List.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")) {
            pages.add(root.resolve(name));
        }
        if (Files.isDirectory(root.resolve("docs"))) {
            try (Stream<Path> files = Files.walk(root.resolve("docs"))) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
            }
        }
        return pages.stream().filter(Files::isRegularFile).sorted().toList();
    }

    private static List<String> broken(Path root, Path page) throws IOException {
        String text = Files.readString(page);
        Path here = page.getParent();
        Stream<String> links = matches(LINK, CODE.matcher(text).replaceAll(""))
                .map(match -> match.group(1).replaceFirst("#.*", ""))
                .filter(link -> !link.isEmpty() && !link.matches("[a-z]+:.*"))
                .filter(link -> !exists(here, link));
        Stream<String> paths = matches(CODE, text)
                .flatMap(code -> matches(PATH, code.group()).filter(match -> startsWord(code.group(), match.start())))
                .map(match -> match.group().replaceFirst("[.:]+$", ""))
                .filter(path -> !NO_PATH.matcher(path).find())
                .filter(path -> !exists(root, path) && !exists(here, path));
        return Stream.concat(links, paths)
                .map(path -> root.relativize(page) + ": " + path)
                .toList();
    }

    private static Stream<MatchResult> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results();
    }

    private static boolean startsWord(String text, int at) {
        return "\n\t `=(\"'".indexOf(text.charAt(at - 1)) >= 0;
    }

    /// A path, with or without `:LINE` behind it.
    private static boolean exists(Path base, String path) {
        int colon = path.lastIndexOf(':');
        if (colon < 0) {
            return Files.exists(base.resolve(path));
        }
        try (Stream<String> lines = Files.lines(base.resolve(path.substring(0, colon)))) {
            return lines.count() >= Integer.parseInt(path.substring(colon + 1));
        } catch (IOException missing) {
            return false;
        }
    }
}
