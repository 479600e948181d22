// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The rules of some pages, the tests that carry their numbers, and what is wrong with both.
final class Spec {

    private static final Pattern RULE = Pattern.compile("^- \\*\\*([A-Z]{2}-[0-9]+)\\*\\* ");
    private static final Pattern INTENT = Pattern.compile("(?m)^  Intent: .+[.]$");
    private static final Pattern WORD = Pattern.compile("\\b(MUST|SHOULD|MAY)\\b");
    private static final Pattern UNTESTABLE = Pattern.compile("\\(untestable: [^)]{8,}\\)");
    private static final Pattern TAG = Pattern.compile("@Tag\\(\"([A-Z]{2}-[0-9]+)\"\\)");
    private static final Pattern CONTRACT = Pattern.compile("public abstract class (\\w+)");
    private static final Pattern EXTENDS = Pattern.compile("\\bextends (?:\\w+\\.)*(\\w+)");

    private final Map<String, String> rules = new LinkedHashMap<>();
    private final Map<String, Set<String>> tests = new TreeMap<>();
    private final Set<String> contracts = new TreeSet<>();
    private final Set<String> extended = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();

    /// The pages below a directory, without its README.
    static List<Path> pages(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".md") && !file.endsWith("README.md"))
                    .sorted()
                    .toList();
        }
    }

    /// Reads a page. All rules of a page have one prefix.
    void page(String name, List<String> lines) {
        Set<String> prefixes = new TreeSet<>();
        String open = null;
        for (String line : lines) {
            Matcher rule = RULE.matcher(line);
            if (rule.find()) {
                open = rule.group(1);
                prefixes.add(open.substring(0, 2));
                if (rules.put(open, line) != null) {
                    problems.add(open + " is there twice");
                }
            } else if (open != null && line.startsWith("  ")) {
                rules.merge(open, line, (before, more) -> before + "\n" + more);
            } else {
                open = null;
            }
        }
        if (prefixes.size() != 1) {
            problems.add(name + " has rules with the prefixes " + prefixes + " and should have one");
        }
    }

    /// Reads a test, or a contract.
    void source(String name, String text) {
        Matcher tag = TAG.matcher(text);
        boolean proves = false;
        while (tag.find()) {
            tests.computeIfAbsent(tag.group(1), key -> new TreeSet<>()).add(name);
            proves = true;
        }
        Matcher contract = CONTRACT.matcher(text);
        if (contract.find()) {
            if (proves) {
                contracts.add(contract.group(1));
            }
        } else {
            Matcher parent = EXTENDS.matcher(text);
            while (parent.find()) {
                extended.add(parent.group(1));
            }
        }
    }

    Set<String> numbers() {
        return rules.keySet();
    }

    /// What is wrong, one line each.
    List<String> problems() {
        List<String> all = new ArrayList<>(problems);
        rules.forEach((number, text) -> {
            boolean untestable = UNTESTABLE.matcher(text).find();
            if (untestable == tests.containsKey(number)) {
                all.add(number + (untestable ? " is marked untestable and has a test" : " has neither test nor mark"));
            }
            if (!INTENT.matcher(text).find()) {
                all.add(number + " has no line 'Intent: ...' that ends with a full stop");
            }
            if (!WORD.matcher(text.replaceFirst("(?s)\n  Intent: .*", "")).find()) {
                all.add(number + " says neither MUST nor SHOULD nor MAY");
            }
        });
        tests.forEach((number, names) -> {
            if (!rules.containsKey(number)) {
                all.add(number + " is no rule, but a tag in " + names);
            }
        });
        contracts.stream()
                .filter(name -> !extended.contains(name))
                .forEach(name -> all.add(name + " is extended by nobody"));
        return all;
    }
}
