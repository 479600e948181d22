// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.orcrt.it.Project;

/// `docs/kinds.md` lists every kind that the main code makes, with its parent.
class KindsTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| (?:`([^`]+)`)? *\\| \\S.*\\|$");
    private static final Pattern CONSTANT =
            Pattern.compile("TypeId (\\w+) =\\s+(?:TypeId\\.root|(?:(\\w+)\\.)?(\\w+)\\.child)\\(\"([^\"]+)\"\\);");
    private static final Pattern ROOT_IN_A_KEY = Pattern.compile("TypeKey\\.of\\(TypeId\\.root\\(\"([^\"]+)\"\\)");

    /// Whatever makes a kind of a name that stands there, in a form that the patterns above may have missed.
    private static final Pattern MADE = Pattern.compile("(?:TypeId\\.root|\\.child|new TypeId)\\(\\s*\"");

    @Test
    void the_page_lists_every_kind_of_the_code_with_its_parent_and_no_other() throws IOException {
        String page = Files.readString(Project.root().resolve("docs/kinds.md"));
        List<String> listed = listed(page);
        assertThat(listed).hasSizeGreaterThan(30).doesNotHaveDuplicates();
        assertThat(listed).containsExactlyInAnyOrderElementsOf(made(sources()));
    }

    @Test
    void planted_kinds_are_found() {
        Map<String, String> sources = Map.of(
                "A", "TypeId BASE = TypeId.root(\"a\"); TypeId LEAF = BASE.child(\"leaf\");",
                "B", "TypeId OTHER =\n            A.LEAF.child(\"b\"); TypeKey.of(TypeId.root(\"key\"), B.class)");
        assertThat(made(sources))
                .containsExactlyInAnyOrder("a below ", "a.leaf below a", "a.leaf.b below a.leaf", "key below ");
        assertThat(made(Map.of("C", "f(new TypeId(\"hidden\", null))")))
                .containsExactly("1 kinds of C that are no constants");
        assertThat(listed("## All kinds\n| `a` | | All. |\n| `a.b` | `a` | One. |\n"))
                .containsExactly("a below ", "a.b below a");
    }

    private static List<String> listed(String page) {
        List<String> rows = new ArrayList<>();
        Matcher row = ROW.matcher(page.substring(page.indexOf("## All kinds")));
        while (row.find()) {
            rows.add(below(row.group(1), row.group(2) == null ? "" : row.group(2)));
        }
        return rows;
    }

    /// @param sources of classes, by their simple names
    private static List<String> made(Map<String, String> sources) {
        Map<String, String> names = new HashMap<>();
        names.put("ERROR", "orc.error"); // inherited by the classes below
        List<String> kinds = new ArrayList<>();
        int before;
        do { // a parent may be in a file that comes later
            before = names.size();
            kinds.clear();
            sources.forEach((type, source) -> kinds.addAll(madeIn(type, source, names)));
        } while (names.size() > before);
        return kinds;
    }

    private static List<String> madeIn(String type, String source, Map<String, String> names) {
        List<String> kinds = new ArrayList<>();
        Matcher constant = CONSTANT.matcher(source);
        while (constant.find()) {
            String parent = "";
            if (constant.group(3) != null) {
                String owner = constant.group(2) == null ? type : constant.group(2);
                parent =
                        names.getOrDefault(owner + "." + constant.group(3), names.getOrDefault(constant.group(3), "?"));
            }
            String name = parent.isEmpty() ? constant.group(4) : parent + "." + constant.group(4);
            if (!parent.equals("?")) {
                names.put(type + "." + constant.group(1), name);
            }
            kinds.add(below(name, parent));
        }
        ROOT_IN_A_KEY.matcher(source).results().forEach(key -> kinds.add(below(key.group(1), "")));
        long missed = MADE.matcher(source).results().count() - kinds.size();
        if (missed > 0) {
            kinds.add(missed + " kinds of " + type + " that are no constants");
        }
        return kinds;
    }

    private static String below(String name, String parent) {
        return name + " below " + parent;
    }

    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> modules = Files.list(Project.root())) {
            for (Path main : modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                read(main, sources);
            }
        }
        return sources;
    }

    private static void read(Path main, Map<String, String> sources) throws IOException {
        try (Stream<Path> files = Files.walk(main)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String type = file.getFileName().toString().replace(".java", "");
                sources.merge(type, Files.readString(file), String::concat);
            }
        }
    }
}
