// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orcrt.it.Case.Job;

/// Runs each program of the [Corpus] natively, under LLVM's executor, and under ours: standard output and exit code
/// must be what is written down, and ours must be LLVM's.
///
/// A case that LLVM's own executor fails does not count for ours; it fails in LLVM's column. A missing tool or library
/// skips what needs it, and says so. For developers: with `-Dorcrt.executor=FILE` another executor runs in our place,
/// and with `-Djunit.jupiter.tempdir.cleanup.mode.default=never` the objects of a failure's command line stay.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CorpusTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Map<Job, Finished> underLlvm = new HashMap<>();
    private Llvm llvm;
    private Build build;

    @BeforeAll
    void prepare(@TempDir Path directory) throws URISyntaxException {
        llvm = new Llvm(directory);
        build = new Build(llvm, Path.of(getClass().getResource("/corpus").toURI()), directory);
    }

    static Stream<Case> nativeCases() {
        return Corpus.cases().stream().filter(each -> each.countsIn(Column.NATIVE));
    }

    static Stream<Job> jobsForBoth() {
        return Corpus.cases().stream()
                .filter(each -> each.countsIn(Column.LLVM))
                .flatMap(Case::jobs);
    }

    static Stream<Job> jobsForOursAlone() {
        return Corpus.cases().stream()
                .filter(each -> !each.countsIn(Column.LLVM))
                .flatMap(Case::jobs);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nativeCases")
    void natively_a_program_ends_as_it_is_written_down(Case each) {
        Finished finished = runNatively(each);
        assertThat(finished.outcome()).as("%s natively%n%s", each, finished).isEqualTo(each.written());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jobsForBoth")
    void under_llvms_executor_a_program_ends_as_it_is_written_down(Job job) {
        Finished finished = runUnderLlvm(job);
        assertThat(finished.outcome())
                .as("%s%n%s", job, finished)
                .isEqualTo(job.of().written());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jobsForBoth")
    void under_our_executor_a_program_ends_as_under_llvms_and_as_it_is_written_down(Job job) {
        Finished theirs = runUnderLlvm(job);
        if (!theirs.endsAs(job.of().written())) {
            throw Skip.because(job + " does not count, LLVM's own executor fails it:\n" + theirs);
        }
        Finished ours = runUnderOurs(job);
        assertThat(ours.outcome())
                .as("%s%n%s", job, ours)
                .isEqualTo(theirs.outcome())
                .isEqualTo(job.of().written());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jobsForOursAlone")
    void under_our_executor_a_program_that_llvms_executor_cannot_run_ends_as_it_is_written_down(Job job) {
        Finished ours = runUnderOurs(job);
        assertThat(ours.outcome()).as("%s%n%s", job, ours).isEqualTo(job.of().written());
    }

    private Finished runNatively(Case each) {
        List<String> words = each.args();
        String name = words.isEmpty() ? "native" : words.getFirst();
        List<String> command = new ArrayList<>();
        command.add(build.executable(each.program(), name).toString());
        command.addAll(words.subList(Math.min(1, words.size()), words.size()));
        return Processes.run(build.folder(each.program()), LIMIT, command);
    }

    private Finished runUnderLlvm(Job job) {
        return underLlvm.computeIfAbsent(job, each -> runUnder(llvm.executor(), each));
    }

    /// Also sees to what llvm-jitlink does not tell: that our executor neither complained nor crashed at its end.
    private Finished runUnderOurs(Job job) {
        Finished ours = runUnder(Project.executor(), job);
        assertThat(ours.stderr())
                .as("%s%n%s", job, ours)
                .doesNotContain("orc-rt:")
                .doesNotContain("fatal error");
        assertThat(build.folder(job.of().program()).toFile().list((folder, name) -> name.startsWith("hs_err")))
                .as("crash reports of %s", job)
                .isEmpty();
        return ours;
    }

    private Finished runUnder(Path executor, Job job) {
        Program program = job.of().program();
        List<String> command = new ArrayList<>();
        command.add(llvm.jitlink().toString());
        command.add("--oop-executor=" + executor);
        command.addAll(job.mode().flags(llvm));
        command.addAll(build.jitLine(program));
        if (!job.of().args().isEmpty()) {
            command.add("--args");
            command.addAll(job.of().args());
        }
        return Processes.run(build.folder(program), LIMIT, command);
    }
}
