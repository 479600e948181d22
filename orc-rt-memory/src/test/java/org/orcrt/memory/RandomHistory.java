// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.orcrt.memory.MapFixture.PAGE;
import static org.orcrt.memory.MapFixture.bytes;
import static org.orcrt.memory.MapFixture.segment;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.AllocActionPair;
import org.orcrt.api.memory.AllocGroup;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.NativeMemoryMap;
import org.orcrt.api.memory.SegmentRequest;
import org.orcrt.api.type.TypeId;
import org.orcrt.memory.MapModel.Outcome;

/// Random operations, half of them wrong, on a memory map and on [MapModel].
final class RandomHistory {

    private static final int MAX_SLABS = 6;

    private final MapFixture fixture;
    private final NativeMemoryMap map;
    private final MapModel model;
    private final Random random;
    private final long seed;

    /// Slabs, also released ones.
    private final List<ExecutorAddress> slabs = new ArrayList<>();

    /// Keys, also of regions that are gone.
    private final List<ExecutorAddress> keys = new ArrayList<>();

    private int names;
    private boolean withContent = true;

    RandomHistory(MapFixture fixture, MapModel model, long seed) {
        this.fixture = fixture;
        this.map = fixture.map;
        this.model = model;
        this.seed = seed;
        this.random = new Random(seed);
    }

    /// For memory that is not there.
    RandomHistory withoutContent() {
        withContent = false;
        return this;
    }

    /// Goes on to the end, and checks outcomes, actions and statistics after each step.
    ///
    /// @param checkMemory runs now and then
    /// @return how many regions there were
    int run(int steps, Consumer<String> checkMemory) {
        for (int step = 0; step < steps; step++) {
            String what = "seed " + seed + ", step " + step;
            switch (random.nextInt(10)) {
                case 0 -> reserve();
                case 1, 2, 3, 4, 5 -> initialize(what);
                case 6, 7, 8 -> deinitialize(what);
                default -> release(what);
            }
            if (!fixture.runner.ran().equals(model.ran)) {
                assertThat(fixture.runner.ran()).as(what).isEqualTo(model.ran);
            }
            checkStatistics(what);
            if (step % 20 == 0) {
                checkMemory.accept(what);
            }
        }
        check("shutdown", model.shutdown(), map::shutdown);
        assertThat(fixture.runner.ran()).isEqualTo(model.ran);
        checkStatistics("shutdown");
        assertThat(fixture.calls.mapped()).isEmpty();
        assertThat(fixture.reported).isEmpty();
        return model.successes;
    }

    private void checkStatistics(String what) {
        MemoryStatistics statistics = fixture.statistics();
        List<Long> counted = List.of(
                statistics.slabs(),
                statistics.reservedBytes(),
                statistics.retiredBytes(),
                statistics.regions(),
                statistics.initializedBytes(),
                statistics.reserves() - statistics.releases(),
                statistics.initializes() - statistics.deinitializes(),
                statistics.initializes());
        List<Long> expected = List.of(
                (long) model.slabs.size(),
                model.pages() * PAGE,
                model.retiredPages() * PAGE,
                model.regions(),
                model.usedPages() * PAGE,
                (long) model.slabs.size(),
                model.regions(),
                (long) model.successes);
        if (!counted.equals(expected)) { // assertThat a million times takes its time
            assertThat(counted).as(what).isEqualTo(expected);
        }
    }

    private void reserve() {
        if (model.slabs.size() < MAX_SLABS) {
            int pages = 1 + random.nextInt(40);
            ExecutorAddress slab = map.reserve(pages * PAGE - random.nextInt(2));
            model.reserve(slab, pages);
            slabs.add(slab);
        }
    }

    private void initialize(String what) {
        if (slabs.isEmpty()) {
            return;
        }
        List<ExecutorAddress> live = List.copyOf(model.slabs.keySet());
        ExecutorAddress slab = (live.isEmpty() || random.nextInt(20) == 0 ? slabs : live)
                .get(random.nextInt(live.isEmpty() ? 1 : live.size()));
        int pages = model.slabs.containsKey(slab) ? model.slabs.get(slab).length : 3;
        List<SegmentRequest> segments = new ArrayList<>();
        for (int k = random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(3); k > 0; k--) {
            segments.add(randomSegment(slab, pages));
        }
        List<AllocActionPair> actions = new ArrayList<>();
        for (int k = random.nextInt(4); k > 0; k--) {
            String name = Integer.toString(names++);
            actions.add(RecordingRunner.pair(
                    (random.nextInt(12) == 0 ? "!+" : "+") + name, (random.nextInt(12) == 0 ? "!-" : "-") + name));
        }
        InitializeRequest request = new InitializeRequest(segments, actions);
        Outcome expected = model.initialize(request);
        check(what + " " + request, expected, () -> {
            ExecutorAddress key = map.initialize(request);
            assertThat(key).as(what).isEqualTo(expected.key());
            keys.add(key);
        });
    }

    private SegmentRequest randomSegment(ExecutorAddress slab, int pages) {
        int protection = random.nextInt(40) == 0 ? 7 : new int[] {0, 1, 3, 5, 3, 1}[random.nextInt(6)];
        AllocGroup group = AllocGroup.ofId(protection | (random.nextInt(4) == 0 ? 8 : 0));
        long offset = (random.nextInt(pages) + (random.nextInt(40) == 0 ? pages : 0)) * PAGE;
        offset -= random.nextInt(40) == 0 ? 2 * PAGE : 0;
        if (random.nextInt(40) == 0) {
            offset += 8;
        }
        long sizeBytes = random.nextInt(6) == 0 ? 0 : 1 + random.nextLong(2 * PAGE);
        if (random.nextInt(40) == 0) {
            sizeBytes = -random.nextLong(3 * PAGE);
        }
        int[] content = random.ints(withContent ? random.nextInt(5) : 0, 1, 100).toArray();
        return segment(group, slab.plus(offset), sizeBytes, content);
    }

    private void deinitialize(String what) {
        List<ExecutorAddress> some = some(keys);
        check(what + " deinitialize " + some, model.deinitialize(some), () -> map.deinitializeAll(some));
    }

    private void release(String what) {
        List<ExecutorAddress> some = random.nextInt(3) == 0 ? some(slabs) : List.of();
        check(what + " release " + some, model.release(some), () -> map.releaseAll(some));
    }

    /// A few of the latest addresses, the same one twice now and then.
    private List<ExecutorAddress> some(List<ExecutorAddress> all) {
        List<ExecutorAddress> some = new ArrayList<>();
        for (int k = all.isEmpty() ? 0 : random.nextInt(3); k > 0; k--) {
            some.add(all.get(all.size() - 1 - random.nextInt(Math.min(all.size(), 12))));
        }
        return some;
    }

    private static void check(String what, Outcome expected, Runnable operation) {
        List<TypeId> kinds = new ArrayList<>();
        try {
            operation.run();
        } catch (MemoryMapException failure) {
            kinds.add(failure.typeId());
            for (Throwable suppressed : failure.getSuppressed()) {
                kinds.add(((MemoryMapException) suppressed).typeId());
            }
        }
        if (expected.anyOf().isEmpty()) {
            assertThat(kinds).as(what).isEqualTo(expected.failures());
        } else {
            assertThat(kinds).as(what).singleElement().isIn(expected.anyOf());
        }
    }

    /// Compares every byte that can be read, and the protection of every page as the kernel tells it.
    ///
    /// @param sharing `p` for private mappings, `s` for shared ones
    void checkMemory(String what, char sharing) {
        model.slabs.forEach((slab, pages) -> {
            List<String> mappings = new ArrayList<>();
            int from = 0;
            for (int k = 0; k < pages.length; k++) {
                MapModel.ModelPage page = pages[k];
                if (page != null && page.protection().startsWith("r")) {
                    assertThat(bytes(slab.plus(k * PAGE), PAGE)).as(what).isEqualTo(page.bytes());
                }
                if (k + 1 == pages.length || !protection(page).equals(protection(pages[k + 1]))) {
                    mappings.add("%x+%x %s%c".formatted(from * PAGE, (k + 1 - from) * PAGE, protection(page), sharing));
                    from = k + 1;
                }
            }
            assertThat(MapFixture.mapsOf(slab, pages.length)).as(what).isEqualTo(mappings);
        });
    }

    private static String protection(MapModel.@Nullable ModelPage page) {
        return page == null ? "---" : page.protection();
    }
}
