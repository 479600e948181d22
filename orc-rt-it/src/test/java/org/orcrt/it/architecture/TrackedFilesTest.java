// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.orcrt.it.Project;

/// What every file that belongs to the tree must and must not contain.
class TrackedFilesTest {

    private static final String HEADER = "// SPDX-License-Identifier: Apache-2.0\n";

    /// Written in pieces, so that this file has none of them in it.
    private static final Pattern HOST = Pattern.compile(String.join(
            "|", "repo1?[.]maven", "central[.]sonatype", "(deb|security)[.]debian", "archive[.]ubuntu", "apt[.]llvm"));

    private static final Pattern MACHINE_PATH = Pattern.compile("(?<![\\w.}*])/(work|root|farm)/");

    @Test
    void no_file_names_a_registry_or_a_path_of_one_machine() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : tracked()) {
            String text = Files.readString(file, ISO_8859_1);
            if (text.indexOf('\0') < 0) {
                forbidden(text).forEach(what -> found.add(file + ": " + what));
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void planted_hosts_and_paths_are_caught() {
        String dot = ".";
        String slash = "/";
        String planted = "https://repo" + dot + "maven/x file:" + slash + "root/x \"" + slash + "work/y";
        assertThat(forbidden(planted)).containsExactly("repo" + dot + "maven", slash + "root/", slash + "work/");
        assertThat(forbidden("orcrt/root/x ${home}/work/y")).isEmpty();
    }

    @Test
    void every_java_file_begins_with_the_licence() throws IOException {
        assertThat(tracked().stream().filter(TrackedFilesTest::needsHeader))
                .allSatisfy(file -> assertThat(file).content(UTF_8).startsWith(HEADER));
    }

    /// The formatter, which writes the header, leaves these two alone.
    private static boolean needsHeader(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".java") && !name.equals("module-info.java") && !name.equals("package-info.java");
    }

    private static List<String> forbidden(String text) {
        return Stream.of(HOST, MACHINE_PATH)
                .flatMap(pattern -> pattern.matcher(text).results())
                .map(match -> match.group())
                .toList();
    }

    /// What git tracks or would add. Without git: all files but those of the build.
    private static List<Path> tracked() throws IOException {
        Path root = Project.root();
        Process git = new ProcessBuilder("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
                .directory(root.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String names = new String(git.getInputStream().readAllBytes(), UTF_8);
        List<Path> files = Stream.of(names.split("\0"))
                .filter(name -> !name.isEmpty())
                .map(root::resolve)
                .filter(Files::isRegularFile)
                .toList();
        return files.isEmpty() ? untracked(root) : files;
    }

    private static List<Path> untracked(Path root) throws IOException {
        Pattern made = Pattern.compile("(^|/)(\\.git|target)/|^build/");
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .filter(file ->
                            !made.matcher(root.relativize(file).toString()).find())
                    .toList();
        }
    }
}
