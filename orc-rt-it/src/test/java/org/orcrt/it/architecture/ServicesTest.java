// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.orcrt.it.Project;

/// Plug-ins are found on the module path through `provides` and on the class path through `META-INF/services`: each
/// jar must say the same in both.
class ServicesTest {

    private static final String SERVICES = "META-INF/services/";

    @Test
    void provides_and_meta_inf_services_say_the_same() throws IOException {
        List<String> differences = new ArrayList<>();
        for (Path jar : Project.jars()) {
            differences.addAll(differences(jar.getFileName().toString(), provided(jar), listed(jar)));
        }
        assertThat(differences).isEmpty();
    }

    @Test
    void a_difference_is_caught_both_ways_and_says_what_to_add() {
        Map<String, Set<String>> one = Map.of("a.Service", Set.of("b.Provider"));
        Map<String, Set<String>> other = Map.of("a.Service", Set.of("b.Provider", "b.Other"));
        assertThat(differences("x.jar", one, Map.of()))
                .containsExactly("x.jar: add b.Provider to src/main/resources/META-INF/services/a.Service");
        assertThat(differences("x.jar", one, other))
                .containsExactly("x.jar: add to module-info: provides a.Service with b.Other");
        assertThat(differences("x.jar", other, other)).isEmpty();
    }

    private static List<String> differences(
            String jar, Map<String, Set<String>> provided, Map<String, Set<String>> listed) {
        List<String> differences = new ArrayList<>();
        provided.forEach((service, providers) -> providers.stream()
                .filter(provider -> !listed.getOrDefault(service, Set.of()).contains(provider))
                .forEach(provider -> differences.add(
                        "%s: add %s to src/main/resources/%s%s".formatted(jar, provider, SERVICES, service))));
        listed.forEach((service, providers) -> providers.stream()
                .filter(provider -> !provided.getOrDefault(service, Set.of()).contains(provider))
                .forEach(provider -> differences.add(
                        "%s: add to module-info: provides %s with %s".formatted(jar, service, provider))));
        return differences;
    }

    private static Map<String, Set<String>> provided(Path jar) {
        ModuleDescriptor module =
                ModuleFinder.of(jar).findAll().iterator().next().descriptor();
        Map<String, Set<String>> provided = new TreeMap<>();
        module.provides().forEach(service -> provided.put(service.service(), new TreeSet<>(service.providers())));
        return provided;
    }

    private static Map<String, Set<String>> listed(Path jar) throws IOException {
        Map<String, Set<String>> listed = new TreeMap<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                if (entry.getName().startsWith(SERVICES) && !entry.isDirectory()) {
                    listed.put(entry.getName().substring(SERVICES.length()), names(file, entry));
                }
            }
        }
        return listed;
    }

    private static Set<String> names(JarFile file, JarEntry entry) throws IOException {
        Set<String> names = new TreeSet<>();
        try (InputStream bytes = file.getInputStream(entry)) {
            String text = new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
            text.lines().map(line -> line.replaceFirst("#.*", "").strip()).forEach(names::add);
        }
        names.remove("");
        return names;
    }
}
