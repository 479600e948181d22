// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Supplier;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orcrt.api.CallException;
import org.orcrt.api.OrcException;
import org.orcrt.api.TransportException;
import org.orcrt.api.type.TypeId;
import org.orcrt.api.type.TypeKey;
import org.orcrt.api.type.Typed;
import org.orcrt.spi.ExecutorPlugin;

/// One plug-in module in two module layers, as two copies of a program in one JVM have it: `instanceof` sees two
/// plug-ins, kinds see one.
class TwoModuleLayersTest {

    private static final String MODULE = """
            module vendor.shapes {
                requires org.orcrt.api;
                provides org.orcrt.spi.ExecutorPlugin with vendor.shapes.Shapes;
            }
            """;

    private static final String PLUGIN = """
            package vendor.shapes;

            import java.util.function.Supplier;
            import org.orcrt.api.OrcException;
            import org.orcrt.api.TransportException;
            import org.orcrt.api.type.TypeId;
            import org.orcrt.api.type.Typed;
            import org.orcrt.spi.ExecutorPlugin;
            import org.orcrt.spi.ExecutorSetup;

            public final class Shapes implements ExecutorPlugin, Typed, Supplier<OrcException> {
                static final TypeId SHAPES = TypeId.root("vendor.shapes");

                public static final class Bent extends TransportException {
                    static final TypeId BENT = new TypeId("vendor.bent", KIND.child("vendor"));
                    public Bent() { super(BENT, "bent"); }
                }

                public String name() { return "shapes"; }
                public TypeId typeId() { return SHAPES; }
                public OrcException get() { return new Bent(); }
                public void install(ExecutorSetup setup) {
                    setup.kind(Bent.BENT);
                    setup.function("vendor_bend", (args, offset, length, reply) -> { throw new Bent(); });
                }
            }
            """;

    @TempDir
    Path directory;

    private final InProcessHarness harness = new InProcessHarness();
    private ExecutorPlugin one;
    private ExecutorPlugin other;

    @BeforeEach
    void load() throws IOException {
        Path classes = compiled();
        one = plugin(classes);
        other = plugin(classes);
    }

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void each_layer_has_a_module_and_a_class_of_its_own_and_the_kinds_are_equal() {
        assertThat(one.getClass().getModule()).isNotEqualTo(other.getClass().getModule());
        assertThat(one.getClass().getModule().getName()).isEqualTo("vendor.shapes");
        assertThat(other).isNotInstanceOf(one.getClass());
        assertThat(kindOf(one)).isNotSameAs(kindOf(other)).isEqualTo(kindOf(other));
    }

    @Test
    void the_class_of_the_other_layer_is_empty_and_what_both_know_is_there() {
        Typed typed = (Typed) one;
        assertThat(typed.as(TypeKey.of(kindOf(other), other.getClass()))).isEmpty();
        assertThat(typed.as(TypeKey.of(kindOf(other), one.getClass()))).isPresent();
        assertThat(typed.as(TypeKey.of(kindOf(other), ExecutorPlugin.class))).containsSame(one);
    }

    @Test
    void an_error_of_one_layer_is_of_the_kind_of_the_other() {
        OrcException mine = (OrcException) ((Supplier<?>) one).get();
        OrcException its = (OrcException) ((Supplier<?>) other).get();
        assertThat(mine).isNotInstanceOf(its.getClass());
        assertThat(mine.isA(its.typeId())).isTrue();
        assertThat(its.isA(mine.typeId())).isTrue();
        assertThat(mine.isA(TransportException.KIND)).isTrue();
    }

    @Test
    void an_error_of_a_plug_in_reaches_a_controller_that_knows_the_other_copy() {
        one.install(harness.setup);
        harness.setup.kind(((OrcException) ((Supplier<?>) other).get()).typeId()); // the same, so no conflict
        harness.attach();
        CallException failure = catchThrowableOfType(
                CallException.class,
                () -> harness.callAndWait(
                        harness.session.bootstrapInfo().symbols().get("vendor_bend"), new byte[0]));
        OrcException known = (OrcException) ((Supplier<?>) other).get();
        assertThat(failure.remoteKind())
                .hasValueSatisfying(kind -> assertThat(kind.isA(known.typeId())).isTrue());
    }

    private static TypeId kindOf(ExecutorPlugin plugin) {
        return ((Typed) plugin).typeId();
    }

    private static ExecutorPlugin plugin(Path classes) {
        ModuleLayer ours = ExecutorPlugin.class.getModule().getLayer();
        ModuleLayer layer = ours.defineModulesWithOneLoader(
                ours.configuration().resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("vendor.shapes")),
                ExecutorPlugin.class.getClassLoader());
        return ServiceLoader.load(layer, ExecutorPlugin.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(plugin -> plugin.name().equals("shapes"))
                .findFirst()
                .orElseThrow();
    }

    private Path compiled() throws IOException {
        // of this module javac wants to know that it is there
        Path stub = compile("stub", Map.of("module-info.java", "module org.jspecify {}"), locationOf("org.orcrt.api"));
        return compile(
                "classes",
                Map.of("module-info.java", MODULE, "Shapes.java", PLUGIN),
                locationOf("org.orcrt.api") + File.pathSeparator + stub);
    }

    private Path compile(String name, Map<String, String> sources, String modulePath) throws IOException {
        Path classes = directory.resolve(name);
        Path source = Files.createDirectories(directory.resolve(name + "-source"));
        List<String> args = new ArrayList<>(List.of("-p", modulePath, "-d", classes.toString()));
        for (Map.Entry<String, String> file : sources.entrySet()) {
            args.add(Files.writeString(source.resolve(file.getKey()), file.getValue())
                    .toString());
        }
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int exit = ToolProvider.findFirst("javac").orElseThrow().run(out, out, args.toArray(String[]::new));
        assertThat(exit).as("javac: %s", said).isZero();
        return classes;
    }

    private static String locationOf(String module) {
        return Path.of(ExecutorPlugin.class
                        .getModule()
                        .getLayer()
                        .configuration()
                        .findModule(module)
                        .orElseThrow()
                        .reference()
                        .location()
                        .orElseThrow())
                .toString();
    }
}
