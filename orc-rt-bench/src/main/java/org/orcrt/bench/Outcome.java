// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// What came of a goal.
///
/// @param goal the goal
/// @param ours one sample of our way for each round
/// @param peer one sample of the peer's way for each round
record Outcome(Goal goal, List<Sample> ours, List<Sample> peer) {

    /// Less than this is what the JVM takes for itself meanwhile, not what an operation takes.
    private static final double NO_BYTES = 0.5;

    /// The ratio of each round.
    List<Double> ratios() {
        return IntStream.range(0, ours.size())
                .mapToObj(round ->
                        ours.get(round).nanos(goal.clock()) / peer.get(round).nanos(goal.clock()))
                .toList();
    }

    double ratio() {
        return median(ratios());
    }

    double heapBytes() {
        return median(ours, Sample::heapBytes);
    }

    boolean isMet() {
        Double bytesMax = goal.bytesMax();
        return ratio() <= goal.ratioMax() && (bytesMax == null || heapBytes() <= bytesMax + NO_BYTES);
    }

    /// What the JSON file says of this goal.
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", goal.name());
        fields.put("benchmark", goal.benchmark());
        fields.put("ours", goal.ours().method());
        fields.put("peer", goal.peer().method());
        fields.put("params", goal.ours().parameters());
        fields.put("clock", goal.clock().name().toLowerCase(Locale.ROOT));
        fields.put("ratio", ratio());
        fields.put("ratioOfRounds", ratios());
        fields.put("ratioMax", goal.ratioMax());
        fields.put("oursHeapBytesPerOperation", heapBytes());
        if (goal.bytesMax() instanceof Double bytes) {
            fields.put("bytesMax", bytes);
        }
        fields.put("met", isMet());
        fields.put("kind", goal.kind().name().toLowerCase(Locale.ROOT));
        fields.put("source", goal.source());
        fields.put("oursCpuNanos", median(ours, Sample::cpuNanos));
        fields.put("peerCpuNanos", median(peer, Sample::cpuNanos));
        fields.put("oursWallNanos", median(ours, Sample::wallNanos));
        fields.put("peerWallNanos", median(peer, Sample::wallNanos));
        return fields;
    }

    private static double median(List<Sample> samples, ToDoubleFunction<Sample> what) {
        return median(samples.stream().map(what::applyAsDouble).toList());
    }

    /// The middle of them, or the mean of the two in the middle.
    static double median(List<Double> numbers) {
        List<Double> sorted = numbers.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
