// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.orcrt.it.Project;

/// Which module may require which. A new module needs an ADR and a row here.
class ModuleArrowsTest {

    private static final String OURS = "org.orcrt.";

    /// Module names without `org.orcrt.`: what each may require. A module may only name modules of earlier rows.
    private static final Map<String, Set<String>> ROWS = new LinkedHashMap<>();

    /// Beginnings of the names of foreign modules that a module may require.
    private static final Map<String, Set<String>> FOREIGN = Map.of(
            "transport.aeron", Set.of("io.aeron.", "org.agrona"),
            "cli", Set.of("info.picocli"),
            "tck", Set.of("org.junit.", "org.assertj."),
            "bench", Set.of("jmh.", "org.agrona", "com.google.protobuf"));

    static {
        ROWS.put("api", Set.of());
        ROWS.put("sps", Set.of("api"));
        ROWS.put("ffm", Set.of("api"));
        ROWS.put("wire", Set.of("api", "sps"));
        ROWS.put("core", Set.of("api", "wire"));
        ROWS.put("memory", Set.of("api", "sps", "ffm"));
        ROWS.put("llvm", Set.of("api", "sps", "wire", "ffm", "memory"));
        ROWS.put("transport.socket", Set.of("api", "ffm"));
        ROWS.put("transport.shm", Set.of("api", "ffm"));
        ROWS.put("transport.aeron", Set.of("api"));
        ROWS.put("link", Set.of("api"));
        ROWS.put("controller", Set.of("api", "sps", "wire", "link"));
        ROWS.put("executor", Set.of("core"));
        ROWS.put("cli", Set.of("core", "controller", "link"));
        ROWS.put("tck", Set.of("api"));
        ROWS.put("bench", Set.of("api", "sps", "ffm", "memory", "core", "controller"));
    }

    @Test
    void arrows_point_down_only() {
        List<String> above = new ArrayList<>();
        ROWS.forEach((module, mayRequire) -> {
            assertThat(above).as(module).containsAll(mayRequire);
            above.add(module);
        });
    }

    @Test
    void modules_require_only_what_their_row_allows() {
        assertThat(built().stream().flatMap(module -> wrongArrows(module.descriptor()).stream()))
                .isEmpty();
    }

    @Test
    void wrong_arrows_are_caught() {
        var upwards = ModuleDescriptor.newModule("org.orcrt.sps").requires("org.orcrt.core");
        var foreign = ModuleDescriptor.newModule("org.orcrt.core").requires("org.agrona");
        var atRunTime = ModuleDescriptor.newModule("org.orcrt.core").requires("org.jspecify");
        var unknown = ModuleDescriptor.newModule("org.orcrt.planted");
        var towardsTransport = ModuleDescriptor.newModule("org.orcrt.cli").requires("org.orcrt.transport.shm");
        for (var planted : List.of(upwards, foreign, atRunTime, unknown, towardsTransport)) {
            assertThat(wrongArrows(planted.build())).hasSize(1);
        }
    }

    @Test
    void transports_export_nothing() {
        assertThat(built()).extracting(ModuleReference::descriptor).allSatisfy(module -> {
            if (module.name().startsWith("org.orcrt.transport.")) {
                assertThat(module.exports()).as(module.name()).isEmpty();
            }
        });
    }

    @Test
    void every_module_is_null_marked() {
        assertThat(built())
                .allSatisfy(module -> assertThat(annotations(module))
                        .as("annotations of " + module.descriptor().name())
                        .contains("Lorg/jspecify/annotations/NullMarked;"));
    }

    private static List<String> wrongArrows(ModuleDescriptor module) {
        String name = module.name().substring(OURS.length());
        if (!ROWS.containsKey(name)) {
            return List.of(module.name() + " has no row here: add one, and an ADR");
        }
        return module.requires().stream()
                .filter(required -> !mayRequire(name, required))
                .map(required -> module.name() + " may not require " + required)
                .toList();
    }

    private static boolean mayRequire(String module, Requires required) {
        String name = required.name();
        if (name.startsWith(OURS)) {
            return ROWS.get(module).contains(name.substring(OURS.length()));
        }
        return name.startsWith("java.")
                || name.startsWith("jdk.")
                || (name.equals("org.jspecify") && required.modifiers().contains(Requires.Modifier.STATIC))
                || FOREIGN.getOrDefault(module, Set.of()).stream().anyMatch(name::startsWith);
    }

    private static List<ModuleReference> built() {
        return Project.built().findAll().stream()
                .filter(module -> module.descriptor().name().startsWith(OURS))
                .toList();
    }

    private static List<String> annotations(ModuleReference module) {
        try (ModuleReader reader = module.open();
                InputStream bytes = reader.open("module-info.class").orElseThrow()) {
            return ClassFile.of()
                    .parse(bytes.readAllBytes())
                    .findAttribute(Attributes.runtimeVisibleAnnotations())
                    .stream()
                    .flatMap(attribute -> attribute.annotations().stream())
                    .map(annotation -> annotation.className().stringValue())
                    .toList();
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }
}
