// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.function.Predicate;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.orcrt.it.Project;
import org.orcrt.it.architecture.SourceSizes.FileSize;
import org.orcrt.it.architecture.SourceSizes.MethodSize;
import org.orcrt.it.architecture.SourceSizes.TopLevelClass;

/// The budget of the modules' main code. Whoever hits it splits by the headings that the code already has; the budget
/// stays. What is exempt is said at [SourceSizes].
class SizeBudgetTest {

    private static final int MAX_FILE_LINES = 500;
    private static final int MEDIAN_FILE_LINES = 120;
    private static final int MAX_METHOD_LINES = 60;
    private static final int LONG_METHOD_LINES = 40;
    private static final int MEDIAN_METHOD_LINES = 5;
    private static final int MAX_PARAMETERS = 5;

    private static SourceSizes main;

    @BeforeAll
    static void measure() throws IOException {
        try (var files = ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null)) {
            main = SourceSizes.of(files.getJavaFileObjectsFromPaths(Project.mainSources()));
        }
    }

    @Test
    void no_file_is_over_500_lines() {
        assertThat(tooLong(main)).isEmpty();
    }

    @Test
    void half_of_the_files_have_at_most_120_lines() {
        assertThat(median(main.files().stream().map(FileSize::lines).toList())).isBetween(1, MEDIAN_FILE_LINES);
    }

    @Test
    void no_method_is_over_60_lines() {
        assertThat(main.methods()).filteredOn(isOver(MAX_METHOD_LINES)).isEmpty();
    }

    @Test
    void of_a_hundred_methods_99_have_at_most_40_lines() {
        long withBody = main.methods().stream().filter(isOver(0)).count();
        List<MethodSize> longOnes =
                main.methods().stream().filter(isOver(LONG_METHOD_LINES)).toList();
        assertThat(longOnes).hasSizeLessThanOrEqualTo((int) (withBody / 100));
    }

    @Test
    void half_of_the_methods_have_at_most_5_lines() {
        assertThat(median(main.methods().stream()
                        .filter(isOver(0))
                        .map(MethodSize::lines)
                        .toList()))
                .isBetween(1, MEDIAN_METHOD_LINES);
    }

    @Test
    void no_method_takes_more_than_5_parameters() {
        assertThat(manyParameters(main)).isEmpty();
    }

    @Test
    void two_thirds_of_the_classes_are_package_private_or_final() {
        List<TopLevelClass> open =
                main.classes().stream().filter(type -> !type.closed()).toList();
        assertThat(open).hasSizeLessThanOrEqualTo(main.classes().size() / 3);
    }

    @Test
    void a_planted_long_method_and_a_planted_long_file_are_caught() throws IOException {
        SourceSizes planted = sizes("planted", "final class Planted {\n    void run() {" + "\n".repeat(60) + "}\n}\n");
        assertThat(planted.methods()).containsExactly(new MethodSize("planted.Planted.run", 61, 0));
        assertThat(planted.methods()).filteredOn(isOver(MAX_METHOD_LINES)).hasSize(1);
        assertThat(planted.classes()).containsExactly(new TopLevelClass("planted.Planted", true));
        assertThat(tooLong(sizes("planted", "class Planted {\n" + "\n".repeat(500) + "}\n")))
                .hasSize(1);
    }

    @Test
    void parameters_are_counted_with_the_exemptions() throws IOException {
        String six = "int a, int b, int c, int d, int e, int f";
        String bytes = "Object tag, MemorySegment args, long offset, long length, Object handler, long context";
        SourceSizes planted = sizes("planted", """
                interface Planted {
                    void six(%1$s);
                    void bytes(%2$s);
                    record Six(%1$s) {
                        Six(%1$s) {}
                    }
                }
                """.formatted(six, bytes));
        assertThat(manyParameters(planted)).containsExactly(new MethodSize("planted.Planted.six", 0, 6));
    }

    @Test
    void only_native_calls_may_take_six_register_arguments() throws IOException {
        String call = "class Calls { static long call(Object function, %s) { return 0; } }";
        String words = call.formatted("long a, int b, MemorySegment c, long d, long e, long f");
        String objects = call.formatted("long a, long b, long c, long d, long e, Object f");
        assertThat(manyParameters(sizes("org.orcrt.ffm", words))).isEmpty();
        assertThat(manyParameters(sizes("org.orcrt.ffm", objects))).hasSize(1);
        assertThat(manyParameters(sizes("org.orcrt.wire", words))).hasSize(1);
    }

    private static List<FileSize> tooLong(SourceSizes sizes) {
        return sizes.files().stream()
                .filter(file -> file.lines() > MAX_FILE_LINES)
                .toList();
    }

    private static List<MethodSize> manyParameters(SourceSizes sizes) {
        return sizes.methods().stream()
                .filter(method -> method.parameters() > MAX_PARAMETERS)
                .toList();
    }

    private static Predicate<MethodSize> isOver(int lines) {
        return method -> method.lines() > lines;
    }

    private static int median(List<Integer> numbers) {
        return numbers.stream()
                .sorted()
                .skip((numbers.size() - 1) / 2)
                .findFirst()
                .orElse(0);
    }

    private static SourceSizes sizes(String packageName, String source) throws IOException {
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Planted.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return "package " + packageName + ";\n" + source;
                    }
                };
        return SourceSizes.of(List.of(file));
    }
}
