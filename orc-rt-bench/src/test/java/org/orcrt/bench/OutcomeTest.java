// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// From samples to what is said of a goal.
class OutcomeTest {

    @Test
    void a_ratio_is_that_of_one_round_and_the_median_counts() {
        Outcome outcome = outcome(1.1, null, samples(0, 10, 22, 99), samples(0, 10, 20, 33));
        assertThat(outcome.ratios()).containsExactly(1.0, 1.1, 3.0);
        assertThat(outcome.ratio()).isEqualTo(1.1);
        assertThat(outcome.isMet()).isTrue();
        assertThat(outcome(1.0, null, outcome.ours(), outcome.peer()).isMet()).isFalse();
    }

    @Test
    void the_goal_says_which_time_counts() {
        Sample sample = new Sample(1, 2, 3);
        assertThat(sample.nanos(Clock.WALL)).isEqualTo(1);
        assertThat(sample.nanos(Clock.CPU)).isEqualTo(2);
    }

    @Test
    void the_median_of_an_even_number_is_the_mean_of_the_middle_two() {
        assertThat(Outcome.median(List.of(9.0, 1.0, 2.0, 4.0))).isEqualTo(3.0);
    }

    @Test
    void a_goal_for_the_heap_is_missed_by_one_byte_and_not_by_what_the_jvm_takes_meanwhile() {
        assertThat(outcome(1, 0.0, samples(0.4, 1), samples(0, 1)).isMet()).isTrue();
        assertThat(outcome(1, 0.0, samples(1, 1), samples(0, 1)).isMet()).isFalse();
        assertThat(outcome(1, null, samples(1, 1), samples(0, 1)).isMet()).isTrue();
    }

    @Test
    void table_and_json_say_the_same() {
        var missed = outcome(0.5, 0.0, samples(0, 10, 20, 30), samples(0, 10, 10, 10));
        Report report = new Report(List.of(missed), 3);
        assertThat(report.isMet()).isFalse();
        assertThat(report.table().lines().toList().getLast())
                .matches("name +ours +peer +2\\.00 \\[1\\.00\\.\\.3\\.00] +<= 0\\.50, 0 B +0\\.0 +NO");
        Map<?, ?> json = Json.readObject(report.json(Instant.EPOCH));
        Map<?, ?> result = (Map<?, ?>) ((List<?>) json.get("results")).getFirst();
        assertThat(result.get("ratio")).isEqualTo(2.0);
        assertThat(result.get("ratioOfRounds")).isEqualTo(List.of(1.0, 2.0, 3.0));
        assertThat(result.get("met")).isEqualTo(false);
        assertThat(result.get("params")).isEqualTo(Map.of("size", "4"));
        assertThat(json.get("started")).isEqualTo("1970-01-01T00:00:00Z");
    }

    private static Outcome outcome(double ratioMax, @Nullable Double bytesMax, List<Sample> ours, List<Sample> peer) {
        Map<String, String> size = Map.of("size", "4");
        Point our = new Point("Some.ours", size);
        Point their = new Point("Some.peer", size);
        return new Outcome(
                new Goal("name", "some", our, their, Clock.CPU, ratioMax, bytesMax, Goal.Kind.AIM, "a test"),
                ours,
                peer);
    }

    private static List<Sample> samples(double heapBytes, double... nanos) {
        return DoubleStream.of(nanos)
                .mapToObj(each -> new Sample(1, each, heapBytes))
                .toList();
    }
}
