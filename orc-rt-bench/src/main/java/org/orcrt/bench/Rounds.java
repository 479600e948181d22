// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Measures points in rounds, each point once in a round and in a JVM of its own: A, B, A, B, ... What disturbs the
/// machine for longer than a round then disturbs both sides of a ratio.
final class Rounds {

    private static final String HEAP_BYTES = "gc.alloc.rate.norm";

    private final Effort effort;
    private final Path library;

    /// @param library the peers in C
    Rounds(Effort effort, Path library) {
        this.effort = effort;
        this.library = library;
    }

    /// Measures what goals need.
    ///
    /// @param goals all of one benchmark
    /// @param progress hears of each round before it begins
    /// @return what came of each goal, in their order
    List<Outcome> run(List<Goal> goals, int rounds, Consumer<String> progress) {
        Set<Point> points = new LinkedHashSet<>();
        goals.forEach(goal -> Stream.of(goal.ours(), goal.peer()).forEach(points::add));
        Map<Point, List<Sample>> samples = new LinkedHashMap<>();
        points.forEach(point -> samples.put(point, new ArrayList<>()));
        for (int round = 1; round <= rounds; round++) {
            progress.accept("%s: round %d of %d".formatted(goals.getFirst().benchmark(), round, rounds));
            samples.forEach((point, taken) -> taken.add(measure(point)));
        }
        return goals.stream()
                .map(goal -> new Outcome(goal, of(samples, goal.ours()), of(samples, goal.peer())))
                .toList();
    }

    private static List<Sample> of(Map<Point, List<Sample>> samples, Point point) {
        return samples.getOrDefault(point, List.of());
    }

    private Sample measure(Point point) {
        TimeValue time = TimeValue.milliseconds(effort.iterationMs());
        String pattern = "^" + Rounds.class.getPackageName() + "." + point.method() + "$";
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(pattern.replace(".", "\\."))
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .warmupIterations(effort.warmups())
                .warmupTime(time)
                .measurementIterations(effort.iterations())
                .measurementTime(time)
                .threads(1)
                .forks(1)
                .addProfiler(GCProfiler.class)
                .addProfiler(WorkerTimeProfiler.class)
                .shouldFailOnError(true)
                .jvmArgsAppend("-D" + NativeCode.LIBRARY_PROPERTY + "=" + library);
        point.parameters().forEach(options::param);
        var said = new ByteArrayOutputStream();
        try (var print = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            RunResult result = new Runner(
                            options.build(), OutputFormatFactory.createFormatInstance(print, VerboseMode.NORMAL))
                    .runSingle();
            return new Sample(
                    result.getPrimaryResult().getScore(),
                    secondary(result, WorkerTimeProfiler.RESULT),
                    secondary(result, HEAP_BYTES));
        } catch (RunnerException failed) {
            throw new BenchException(
                    BenchException.INTERNAL,
                    "%s failed: %s%n%s".formatted(point, failed.getMessage(), said.toString(StandardCharsets.UTF_8)));
        }
    }

    private static double secondary(RunResult result, String name) throws RunnerException {
        Result<?> found = result.getSecondaryResults().get(name);
        if (found == null) {
            throw new RunnerException("no " + name);
        }
        return found.getScore();
    }
}
