// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.orcrt.it.Project;

/// The descriptors of the built modules, against the golden files in `src/test/resources/descriptors`: a change of what
/// a module requires, exports, uses or provides shows in the diff of a review. After a change that is meant:
/// `mvn verify -Dorcrt.update-descriptors=true`.
class ModuleDescriptorTest {

    private static final Path GOLDEN = Project.root().resolve("orc-rt-it/src/test/resources/descriptors");

    @Test
    void descriptors_are_the_golden_ones() throws IOException {
        Map<String, List<String>> built = built();
        if (Boolean.getBoolean("orcrt.update-descriptors")) {
            update(built);
        }
        Map<String, List<String>> golden = golden();
        List<String> differences = new ArrayList<>();
        for (String module : golden.keySet()) {
            if (!built.containsKey(module)) {
                differences.add(module + ": has a golden file but is not built");
            }
        }
        built.forEach((module, lines) -> {
            List<String> difference = difference(golden.getOrDefault(module, List.of()), lines);
            if (!difference.isEmpty()) {
                differences.add(module + ":\n  " + String.join("\n  ", difference));
            }
        });
        assertThat(differences)
                .as("golden descriptors (-) against the built modules (+); if the change is meant, run"
                        + " mvn verify -Dorcrt.update-descriptors=true and commit the golden files")
                .isEmpty();
    }

    @Test
    void a_changed_descriptor_is_told_line_by_line() {
        var before = ModuleDescriptor.newModule("m").exports("a").requires("x").build();
        var after = ModuleDescriptor.newModule("m").exports("b").requires("x").build();
        assertThat(difference(lines(before), lines(after))).containsExactly("- exports a", "+ exports b");
    }

    private static Map<String, List<String>> built() {
        Map<String, List<String>> built = new TreeMap<>();
        for (ModuleReference module : Project.built().findAll()) {
            ModuleDescriptor descriptor = module.descriptor();
            if (descriptor.name().startsWith("org.orcrt.")) {
                built.put(descriptor.name(), lines(descriptor));
            }
        }
        return built;
    }

    private static Map<String, List<String>> golden() throws IOException {
        Map<String, List<String>> golden = new TreeMap<>();
        for (Path file : goldenFiles()) {
            String name = file.getFileName().toString();
            golden.put(name.substring(0, name.length() - ".txt".length()), Files.readAllLines(file));
        }
        return golden;
    }

    private static void update(Map<String, List<String>> built) throws IOException {
        Files.createDirectories(GOLDEN);
        for (Path old : goldenFiles()) {
            Files.delete(old);
        }
        for (var module : built.entrySet()) {
            Files.write(GOLDEN.resolve(module.getKey() + ".txt"), module.getValue());
        }
    }

    private static List<Path> goldenFiles() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            return files.filter(file -> file.toString().endsWith(".txt")).toList();
        }
    }

    private static List<String> difference(List<String> before, List<String> after) {
        return Stream.concat(
                        before.stream().filter(line -> !after.contains(line)).map(line -> "- " + line),
                        after.stream().filter(line -> !before.contains(line)).map(line -> "+ " + line))
                .toList();
    }

    /// One line per directive, in a fixed order. Versions of the compiler's modules are left out.
    private static List<String> lines(ModuleDescriptor module) {
        List<String> lines = new ArrayList<>();
        lines.add((module.isOpen() ? "open module " : "module ") + module.name());
        lines.addAll(sorted(module.requires().stream()
                .map(required -> "requires " + required.name() + modifiers(required.modifiers()))));
        lines.addAll(sorted(module.exports().stream()
                .map(exported -> "exports " + exported.source() + names(" to ", exported.targets()))));
        lines.addAll(sorted(
                module.opens().stream().map(opened -> "opens " + opened.source() + names(" to ", opened.targets()))));
        lines.addAll(sorted(module.uses().stream().map(used -> "uses " + used)));
        lines.addAll(sorted(module.provides().stream()
                .map(provided -> "provides " + provided.service() + names(" with ", provided.providers()))));
        return lines;
    }

    private static List<String> sorted(Stream<String> lines) {
        return lines.sorted().toList();
    }

    private static String modifiers(Collection<? extends Enum<?>> modifiers) {
        return modifiers.stream()
                .map(modifier -> " " + modifier.name().toLowerCase(Locale.ROOT))
                .sorted()
                .collect(joining());
    }

    private static String names(String keyword, Collection<String> names) {
        return names.isEmpty() ? "" : names.stream().sorted().collect(joining(", ", keyword, ""));
    }
}
