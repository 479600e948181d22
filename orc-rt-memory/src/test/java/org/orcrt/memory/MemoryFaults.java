// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.orcrt.memory.MapFixture.PAGE;
import static org.orcrt.memory.MapFixture.R;
import static org.orcrt.memory.MapFixture.RW;
import static org.orcrt.memory.MapFixture.RX;
import static org.orcrt.memory.MapFixture.segment;
import static org.orcrt.memory.MapFixture.temporary;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.memory.SegmentRequest;
import org.orcrt.memory.MapFaultScenario.Kind;
import org.orcrt.testing.FaultSuite;
import org.orcrt.testing.FaultSweep;

/// What both memory maps do that makes system calls.
public final class MemoryFaults implements FaultSuite {

    private static final int MAX_SEGMENTS = 4;
    private static final int[] ONE_BYTE = {7};
    private static final int[] NOTHING = {};

    private final List<FaultSweep.Scenario> scenarios = new ArrayList<>();

    /// For whoever has only the name.
    public MemoryFaults() {
        for (boolean shared : new boolean[] {false, true}) {
            reserves(shared);
            initializes(shared);
            deinitializes(shared);
            releases(shared);
        }
        populates();
        emptyInPlace();
        add("detach", true, Kind.DETACH, rig -> slabs(rig, 3), rig -> rig.map.detach());
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public List<FaultSweep.Scenario> scenarios() {
        return List.copyOf(scenarios);
    }

    private void reserves(boolean shared) {
        add("reserve", shared, Kind.RESERVE, rig -> {}, FaultRig::reserve);
        add("reserve one more", shared, Kind.RESERVE, rig -> slabs(rig, 2), FaultRig::reserve);
        Consumer<FaultRig> released = rig -> {
            slabs(rig, 2);
            rig.map.release(rig.slabs.getFirst());
        };
        add("reserve after a release", shared, Kind.RESERVE, released, FaultRig::reserve);
    }

    private void initializes(boolean shared) {
        for (int count = 1; count <= MAX_SEGMENTS; count++) {
            for (int[] content : new int[][] {NOTHING, ONE_BYTE}) {
                for (boolean temporary : new boolean[] {false, true}) {
                    initialize(shared, count, content, temporary);
                }
            }
        }
    }

    private void initialize(boolean shared, int count, int[] content, boolean temporary) {
        String what = "%d segments, %s content%s"
                .formatted(count, content.length == 0 ? "no" : "with", temporary ? ", 2 of finalize lifetime" : "");
        for (String[] actions : count == 2 ? new String[][] {{}, {"a", "b"}} : new String[][] {{"a", "b"}}) {
            Consumer<FaultRig> prepare = rig -> {
                rig.reserveWithNeighbours();
                expect(rig, count, temporary, actions);
            };
            Consumer<FaultRig> step = rig -> rig.initialize(0, segments(rig, count, content, temporary), actions);
            String name = "initialize: %s, %d actions".formatted(what, actions.length);
            add(name, shared, Kind.INITIALIZE, prepare, step);
            Consumer<FaultRig> again = rig -> {
                prepare.accept(rig);
                rig.map.deinitialize(rig.initialize(0, segments(rig, count, ONE_BYTE, temporary), actions));
            };
            if (count == 2) {
                add(name + ", after a deinitialize", shared, Kind.INITIALIZE, again, step);
            }
        }
    }

    /// Segments from page 0 on: the first three touch, the second has two pages; there is a gap before the fourth and
    /// around those of finalize lifetime.
    private static List<SegmentRequest> segments(FaultRig rig, int count, int[] content, boolean temporary) {
        List<SegmentRequest> all = List.of(
                segment(RX, rig.page(0, 0), PAGE, content),
                segment(R, rig.page(0, 1), PAGE + 1, content),
                segment(RW, rig.page(0, 3), 100, content),
                segment(RX, rig.page(0, 5), PAGE, content));
        List<SegmentRequest> wanted = new ArrayList<>(all.subList(0, count));
        if (temporary) {
            wanted.add(segment(temporary(R), rig.page(0, 7), PAGE, content));
            wanted.add(segment(temporary(RX), rig.page(0, 10), PAGE + 1, content));
        }
        return wanted;
    }

    private static void expect(FaultRig rig, int count, boolean temporary, String... actions) {
        rig.actions.addAll(List.of(actions));
        int[] ends = {1, 3, 4};
        rig.kept.set(0, ends[Math.min(count, ends.length) - 1]);
        rig.kept.set(5, count == MAX_SEGMENTS ? 6 : 5);
        rig.touched.or(rig.kept);
        if (temporary) {
            rig.touched.set(7);
            rig.touched.set(10, 12);
        }
    }

    /// So much content that its pages are populated first.
    private void populates() {
        Consumer<FaultRig> prepare = rig -> {
            rig.reserveWithNeighbours();
            rig.actions.add("a");
            rig.kept.set(0, 8);
            rig.touched.or(rig.kept);
        };
        Consumer<FaultRig> step = rig -> rig.initialize(
                0,
                List.of(
                        segment(RX, rig.page(0, 0), 3 * PAGE, new int[3 * (int) PAGE]),
                        segment(RW, rig.page(0, 3), 5 * PAGE, new int[3 * (int) PAGE])),
                "a");
        add("initialize much content", false, Kind.INITIALIZE, prepare, step);
    }

    /// The same on a system that maps nothing over pages: then what takes them back are two calls, and either may fail.
    private void emptyInPlace() {
        for (boolean temporary : new boolean[] {false, true}) {
            Consumer<FaultRig> prepare = rig -> {
                rig.reserveWithNeighbours();
                expect(rig, 2, temporary, "a");
                refuseToMapOver(rig);
            };
            Consumer<FaultRig> step = rig -> rig.initialize(0, segments(rig, 2, ONE_BYTE, temporary), "a");
            String name = "not over: initialize 2 segments" + (temporary ? ", 2 of finalize lifetime" : "");
            add(name, false, Kind.INITIALIZE, prepare, step);
        }
        Consumer<FaultRig> three = rig -> {
            threeRegions(rig);
            refuseToMapOver(rig);
        };
        add("not over: deinitialize three regions", false, Kind.DEINITIALIZE, three, MemoryFaults::deinitialize);
        Consumer<FaultRig> two = rig -> {
            slabs(rig, 2);
            rig.keys.addAll(rig.slabs);
            rig.actions.addAll(List.of("a0", "b0", "a1", "b1"));
            refuseToMapOver(rig);
        };
        add("not over: release 2 slabs", false, Kind.RELEASE, two, rig -> rig.map.releaseAll(rig.keys));
    }

    private static void refuseToMapOver(FaultRig rig) {
        rig.kernel.refuse(index -> rig.kernel.log().getLast().startsWith("mmapOver"));
    }

    private static void deinitialize(FaultRig rig) {
        rig.map.deinitializeAll(rig.keys);
    }

    private void deinitializes(boolean shared) {
        for (int count = 1; count <= MAX_SEGMENTS; count++) {
            int segments = count;
            Consumer<FaultRig> one = rig -> {
                rig.reserveWithNeighbours();
                rig.keys.add(rig.initialize(0, segments(rig, segments, ONE_BYTE, true), "a", "b"));
                rig.actions.addAll(List.of("a", "b"));
            };
            add(
                    "deinitialize %d segments".formatted(count),
                    shared,
                    Kind.DEINITIALIZE,
                    one,
                    MemoryFaults::deinitialize);
        }
        add(
                "deinitialize three regions",
                shared,
                Kind.DEINITIALIZE,
                MemoryFaults::threeRegions,
                MemoryFaults::deinitialize);
    }

    private static void threeRegions(FaultRig rig) {
        rig.reserveWithNeighbours();
        rig.keys.add(rig.initialize(0, segments(rig, 2, ONE_BYTE, false), "a"));
        rig.keys.add(rig.initialize(0, List.of(segment(RX, rig.page(0, 4), PAGE, 4)), "b"));
        rig.keys.add(rig.initialize(0, List.of(segment(RX, rig.page(0, 10), 2 * PAGE, 5)), "c"));
        rig.actions.addAll(List.of("a", "b", "c"));
    }

    private void releases(boolean shared) {
        Consumer<FaultRig> all = rig -> rig.map.releaseAll(rig.keys);
        Consumer<FaultRig> empty = rig -> {
            rig.reserve();
            rig.keys.addAll(rig.slabs);
        };
        add("release an empty slab", shared, Kind.RELEASE, empty, all);
        for (int count = 1; count <= 3; count++) {
            int released = count;
            Consumer<FaultRig> some = rig -> {
                slabs(rig, 3);
                rig.keys.addAll(rig.slabs.subList(0, released));
                rig.actions.addAll(List.of("a0", "b0", "a1", "b1", "a2", "b2").subList(0, 2 * released));
            };
            add("release %d of 3 slabs".formatted(count), shared, Kind.RELEASE, some, all);
        }
        Consumer<FaultRig> three = rig -> {
            slabs(rig, 3);
            rig.actions.addAll(List.of("a0", "b0", "a1", "b1", "a2", "b2"));
        };
        add("shut down with 3 slabs", shared, Kind.SHUTDOWN, three, rig -> rig.map.shutdown());
    }

    /// Slabs with live regions.
    private static void slabs(FaultRig rig, int count) {
        for (int k = 0; k < count; k++) {
            rig.reserveWithNeighbours();
            ExecutorAddress at = rig.page(k, 2);
            rig.initialize(k, List.of(segment(RX, at, 2 * PAGE, 1, 2, 3)), "a" + k, "b" + k);
        }
    }

    private void add(String name, boolean shared, Kind kind, Consumer<FaultRig> prepare, Consumer<FaultRig> step) {
        scenarios.add(new MapFaultScenario((shared ? "shared: " : "private: ") + name, shared, kind, prepare, step));
    }
}
