// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.VarHandle;
import java.nio.Buffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.orcrt.it.Project;

/// What the classes of the built jars may refer to. Each rule is held against the real code, and against the planted
/// violations in `org.orcrt.it.architecture.planted`, which it must catch.
@Tag("J4")
@Tag("M15")
@Tag("J6")
class ArchitectureTest {

    private static final String MAIN = "org.orcrt";
    private static final String PLANTED = MAIN + ".it.architecture.planted";

    /// A rule, made for a root package, and the planted classes that break it.
    enum Rule {
        NO_PACKAGE_CYCLES(
                root -> slices().matching(root + ".(**)").should().beFreeOfCycles(), "cycle.first", "cycle.second"),
        NOTHING_KNOWS_A_TRANSPORT(
                root -> noClasses()
                        .that()
                        .resideOutsideOfPackage(root + ".transport..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(root + ".transport.."),
                "KnowsTransport"),
        TRANSPORTS_DO_NOT_KNOW_EACH_OTHER(
                root -> slices().matching(root + ".transport.(*)..").should().notDependOnEachOther(), "KnowsSibling"),
        THE_API_POINTS_ONE_WAY(Rule::apiArrows, "KindKnowsThing", "ThingKnowsRequest", "PortKnowsRequest"),
        ONLY_FFM_AND_THE_PEERS_OF_BENCHMARKS_CALL_NATIVE_CODE(
                root -> noClasses()
                        .that()
                        .resideOutsideOfPackage(root + ".ffm..")
                        .and()
                        .doNotHaveFullyQualifiedName(root + ".bench.RawFfm")
                        .should()
                        .dependOnClassesThat(type(Linker.class).or(type(SymbolLookup.class)))
                        .orShould()
                        .accessTargetWhere(uses(MemorySegment.class, "reinterpret")
                                .or(uses(AddressLayout.class, "withTargetLayout"))
                                .or(uses(System.class, "load", "loadLibrary"))
                                .or(uses(Runtime.class, "load", "loadLibrary"))
                                .or(uses(ModuleLayer.Controller.class, "enableNativeAccess"))),
                "Links",
                "LooksUp",
                "Reinterprets",
                "Loads",
                "bench.AlsoLinks"),
        UPCALLS_ARE_MADE_IN_ONE_PLACE_WHICH_NEVER_FREES_THEM(
                root -> noClasses()
                        .that()
                        .doNotHaveFullyQualifiedName(root + ".ffm.NativeFunctions")
                        .and()
                        .doNotHaveFullyQualifiedName(root + ".bench.RawFfm")
                        .should()
                        .accessTargetWhere(uses(Linker.class, "upcallStub")),
                "MakesUpcall"),
        NOTHING_ABOVE_A_WRAPPER_FUNCTION_LOOKS_INTO_ITS_BYTES(
                Rule::bytesAreOpaque, "core.ReadsBytes", "core.KnowsCodec"),
        NO_MISMATCH_BECAUSE_A_TRUNCATED_MAPPING_KILLS_THE_JVM(
                root -> noClasses().should().accessTargetWhere(uses(MemorySegment.class, "mismatch")),
                "Mismatches",
                "MismatchesByReference"),
        NO_SHARED_ARENA_BECAUSE_ITS_CLOSE_STOPS_ALL_THREADS(
                root -> noClasses().should().accessTargetWhere(uses(Arena.class, "ofShared")), "SharesArena"),
        MEMORY_OF_A_REGION_IS_HANDED_OUT_NOWHERE(
                Rule::regionsStayInside,
                "HandsOutMemory$ByMethod",
                "HandsOutMemory$AsBuffer",
                "HandsOutMemory$ByField",
                "HandsOutMemory$ForEver"),
        ONLY_COMMANDS_PRINT(
                root -> noClasses()
                        .that()
                        .resideOutsideOfPackages(root + ".executor..", root + ".cli..", root + ".bench..")
                        .should(ACCESS_STANDARD_STREAMS),
                "PrintsOut",
                "PrintsErr",
                "PrintsStackTrace"),
        NO_SLEEP(
                root -> noClasses()
                        .should()
                        .accessTargetWhere(uses(Thread.class, "sleep").or(uses(TimeUnit.class, "sleep"))),
                "Sleeps",
                "SleepsUnits"),
        NO_JAVA_UTIL_LOGGING(
                root -> noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging.."), "Logs");

        private final Function<String, ArchRule> rule;
        private final List<String> violators;

        Rule(Function<String, ArchRule> rule, String... violators) {
            this.rule = rule;
            this.violators = List.of(violators);
        }

        /// The messages about `classes` below the package `root`.
        List<String> violations(JavaClasses classes, String root) {
            return rule.apply(root)
                    .allowEmptyShould(true)
                    .evaluate(classes)
                    .getFailureReport()
                    .getDetails();
        }

        /// Session, dispatchers and interfaces may copy the bytes of a call, as a whole; they know no format of them.
        private static ArchRule bytesAreOpaque(String root) {
            String[] above = {root + ".core..", root + ".api..", root + ".spi.."};
            return noClasses()
                    .that()
                    .resideInAnyPackage(above)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(root + ".sps..")
                    .orShould()
                    .accessTargetWhere(uses(
                            MemorySegment.class,
                            "get",
                            "getAtIndex",
                            "getString",
                            "set",
                            "setAtIndex",
                            "setString",
                            "toArray",
                            "asByteBuffer",
                            "elements",
                            "spliterator"))
                    .orShould()
                    .dependOnClassesThat(type(VarHandle.class));
        }

        /// Whoever gets no view of a region cannot use it after its release: what touches region memory copies between
        /// the request's content, whose arena is the caller's, and an address, within one call.
        private static ArchRule regionsStayInside(String root) {
            String memory = root + ".memory..";
            DescribedPredicate<JavaClass> view =
                    assignableTo(MemorySegment.class).or(assignableTo(Buffer.class));
            return CompositeArchRule.of(noMethods()
                            .that()
                            .areDeclaredInClassesThat()
                            .resideInAPackage(memory)
                            .should()
                            .haveRawReturnType(view)
                            .allowEmptyShould(true))
                    .and(noFields()
                            .that()
                            .areDeclaredInClassesThat()
                            .resideInAPackage(memory)
                            .should()
                            .haveRawType(view)
                            .allowEmptyShould(true))
                    .and(noClasses()
                            .that()
                            .resideInAPackage(memory)
                            .should()
                            .accessTargetWhere(uses(Arena.class, "global", "ofAuto"))
                            .allowEmptyShould(true));
        }

        /// `api.type <- api <- {api.memory, spi}`
        private static ArchRule apiArrows(String root) {
            String type = root + ".api.type";
            String api = root + ".api";
            String memory = root + ".api.memory";
            String spi = root + ".spi";
            return CompositeArchRule.of(never(type, api, memory, spi))
                    .and(never(api, memory, spi))
                    .and(never(memory, spi))
                    .and(never(spi, memory));
        }

        private static ArchRule never(String from, String... to) {
            return noClasses()
                    .that()
                    .resideInAPackage(from)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(to)
                    .allowEmptyShould(true);
        }

        private static DescribedPredicate<JavaAccess<?>> uses(Class<?> owner, String... names) {
            return describe(
                    owner.getSimpleName() + "." + String.join("|", names),
                    access -> access.getTargetOwner().isAssignableTo(owner)
                            && List.of(names).contains(access.getTarget().getName()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void main_code_keeps_the_rule(Rule rule) {
        assertThat(rule.violations(MainClasses.ALL, MAIN)).as(rule.name()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void the_rule_catches_what_was_planted(Rule rule) {
        List<String> violations = rule.violations(new ClassFileImporter().importPackages(PLANTED), PLANTED);
        for (String violator : rule.violators) {
            assertThat(violations).anySatisfy(violation -> assertThat(violation).contains(violator));
        }
    }

    /// Read once.
    private static final class MainClasses {

        static final JavaClasses ALL = read();

        private static JavaClasses read() {
            List<JarFile> jars = new ArrayList<>();
            try {
                for (Path jar : Project.jars()) {
                    jars.add(new JarFile(jar.toFile()));
                }
                JavaClasses classes = new ClassFileImporter().importJars(jars);
                for (JarFile jar : jars) {
                    jar.close();
                }
                return classes;
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
    }
}
