// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static org.orcrt.api.MemoryMapException.ALREADY_RELEASED;
import static org.orcrt.api.MemoryMapException.OUT_OF_SLAB;
import static org.orcrt.api.MemoryMapException.OVERLAP;
import static org.orcrt.api.MemoryMapException.UNKNOWN_BASE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.AllocAction;
import org.orcrt.api.memory.AllocActionPair;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.Lifetime;
import org.orcrt.api.memory.NativeMemoryMap;
import org.orcrt.api.memory.SegmentRequest;

/// The contract of memory maps notices what it is for: each map here breaks one rule.
class PlantedMapsTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 5, 6, 8, 9, 10, 11, 12, 14, 15, 17})
    void the_map_that_the_broken_ones_extend_keeps_the_rule(int rule) {
        Planted.passes(Sound.class, "MM-" + rule);
    }

    @Test
    void a_map_whose_slabs_overlap_is_caught() {
        Planted.isCaught(OverlappingSlabs.class, "MM-1");
    }

    @Test
    void a_map_that_leaves_old_bytes_behind_the_content_is_caught() {
        Planted.isCaught(OldBytes.class, "MM-12");
    }

    @Test
    void a_map_whose_key_is_the_first_segment_is_caught() {
        Planted.isCaught(FirstIsKey.class, "MM-5");
    }

    @Test
    void a_map_that_writes_before_it_checks_is_caught() {
        Planted.isCaught(WritesFirst.class, "MM-6");
    }

    @Test
    void a_map_that_undoes_in_the_order_of_doing_is_caught() {
        Planted.isCaught(UndoesForwards.class, "MM-8");
        Planted.isCaught(UndoesForwards.class, "MM-14");
    }

    @Test
    void a_map_that_undoes_nothing_after_a_failure_is_caught() {
        Planted.isCaught(UndoesNothing.class, "MM-9");
    }

    @Test
    void a_map_that_forgets_actions_at_the_end_is_caught() {
        Planted.isCaught(ForgetsAtTheEnd.class, "MM-17");
    }

    /// A map over bytes that stand for memory: right as far as the rules above go, with a place for each mistake.
    static class Small implements NativeMemoryMap {

        static final int PAGE = 4096;

        private static final class Region {
            private final List<Long> pages = new ArrayList<>();
            private final List<AllocAction> undo = new ArrayList<>();
        }

        final Map<Long, byte[]> memory = new HashMap<>();
        private final Map<Long, Runnable> actions;
        private final Map<Long, Long> slabs = new HashMap<>();
        private final Map<Long, Region> regions = new LinkedHashMap<>();
        private long next = 1 << 20;
        private boolean closed;

        Small(Map<Long, Runnable> actions) {
            this.actions = actions;
        }

        long step(long sizeBytes) {
            return (sizeBytes + PAGE - 1) / PAGE * PAGE;
        }

        @Override
        public ExecutorAddress reserve(long sizeBytes) {
            if (sizeBytes < 0 || closed) {
                throw new MemoryMapException(MemoryMapException.RESERVE, "no room");
            }
            if (sizeBytes == 0) {
                return ExecutorAddress.NULL;
            }
            long slab = next;
            next += step(sizeBytes);
            slabs.put(slab, slab + (sizeBytes + PAGE - 1) / PAGE * PAGE);
            return new ExecutorAddress(slab);
        }

        @Override
        public ExecutorAddress initialize(InitializeRequest request) {
            request.segments().forEach(this::check);
            if (request.segments().stream()
                            .map(SegmentRequest::address)
                            .distinct()
                            .count()
                    < request.segments().size()) {
                throw new MemoryMapException(OVERLAP, "two segments at one address");
            }
            Region region = new Region();
            request.segments().forEach(segment -> write(segment, region));
            long key = key(request.segments());
            regions.put(key, region);
            for (AllocActionPair pair : request.actions()) {
                try {
                    run(pair.initialize());
                    region.undo.add(pair.deinitialize());
                } catch (MemoryMapException failure) {
                    onFailure(key);
                    throw failure;
                }
            }
            return new ExecutorAddress(key);
        }

        void onFailure(long key) {
            end(key);
        }

        void check(SegmentRequest segment) {
            long from = segment.address().value();
            if (from % PAGE != 0) {
                throw new MemoryMapException(MemoryMapException.MISALIGNED, "no page: " + segment.address());
            }
            if (segment.sizeBytes() < segment.content().byteSize()) {
                throw new MemoryMapException(MemoryMapException.SIZE_OVERFLOW, "too long: " + segment.address());
            }
            if (segment.group().writable() && segment.group().executable()) {
                throw new MemoryMapException(MemoryMapException.WRITE_EXECUTE, "open: " + segment.address());
            }
            boolean inside = slabs.entrySet().stream()
                    .anyMatch(slab -> slab.getKey() <= from && from + segment.sizeBytes() <= slab.getValue());
            if (!inside) {
                throw new MemoryMapException(OUT_OF_SLAB, "no slab at " + segment.address());
            }
            for (long page = from; page < from + segment.sizeBytes(); page += PAGE) {
                if (inUse(page)) {
                    throw new MemoryMapException(OVERLAP, "in use: " + segment.address());
                }
            }
        }

        private boolean inUse(long page) {
            return regions.values().stream().anyMatch(region -> region.pages.contains(page));
        }

        void write(SegmentRequest segment, Region region) {
            long from = segment.address().value();
            for (long at = 0; at < segment.sizeBytes(); at += PAGE) {
                region.pages.add(from + at);
                byte[] page = fresh(from + at);
                long length = Math.clamp(segment.content().byteSize() - at, 0, PAGE);
                if (length > 0) {
                    MemorySegment.copy(segment.content(), ValueLayout.JAVA_BYTE, at, page, 0, (int) length);
                }
            }
        }

        byte[] fresh(long page) {
            byte[] bytes = new byte[PAGE];
            memory.put(page, bytes);
            return bytes;
        }

        long key(List<SegmentRequest> segments) {
            return segments.stream()
                    .filter(segment -> segment.group().lifetime() == Lifetime.STANDARD)
                    .mapToLong(segment -> segment.address().value())
                    .min()
                    .orElseGet(() -> segments.stream()
                            .mapToLong(segment -> segment.address().value())
                            .min()
                            .orElseThrow());
        }

        void run(AllocAction action) {
            if (!action.isNone()) {
                actions.get(action.function().value()).run();
            }
        }

        private void end(long key) {
            Region region = regions.get(key);
            if (region == null) {
                throw new MemoryMapException(UNKNOWN_BASE, "no region at " + key);
            }
            MemoryMapException failed = null;
            for (AllocAction action : undoOrder(region.undo)) {
                try {
                    run(action);
                } catch (MemoryMapException failure) {
                    failed = failure;
                }
            }
            regions.remove(key);
            if (failed != null) {
                throw failed;
            }
        }

        <T> List<T> undoOrder(List<T> done) {
            return done.reversed();
        }

        @Override
        public void deinitializeAll(List<ExecutorAddress> keys) {
            keys.reversed().forEach(key -> end(key.value()));
        }

        @Override
        public void releaseAll(List<ExecutorAddress> all) {
            all.reversed().stream().filter(slab -> !slab.isNull()).forEach(slab -> release(slab.value()));
        }

        private void release(long slab) {
            Long end = slabs.get(slab);
            if (end == null) {
                throw new MemoryMapException(ALREADY_RELEASED, "no slab at " + slab);
            }
            endAll(key -> slab <= key && key < end);
            slabs.remove(slab);
        }

        private void endAll(LongPredicate which) {
            List<Long> keys = regions.keySet().stream().filter(which::test).toList();
            undoOrder(keys).forEach(this::end);
        }

        @Override
        public void detach() {}

        @Override
        public void shutdown() {
            closed = true;
            atTheEnd();
        }

        void atTheEnd() {
            endAll(key -> true);
        }

        @Override
        public void abandon() {}
    }

    static class Sound extends NativeMemoryMapContract {

        final Map<Long, Runnable> actions = new HashMap<>();
        private Small map;

        @Override
        protected NativeMemoryMap make() {
            map = small();
            return map;
        }

        Small small() {
            return new Small(actions);
        }

        @Override
        protected long pageBytes() {
            return Small.PAGE;
        }

        @Override
        protected byte[] read(ExecutorAddress address, int sizeBytes) {
            byte[] bytes = new byte[sizeBytes];
            for (int k = 0; k < sizeBytes; k++) {
                long at = address.value() + k;
                bytes[k] = map.memory.get(at / Small.PAGE * Small.PAGE)[(int) (at % Small.PAGE)];
            }
            return bytes;
        }

        @Override
        protected AllocAction action(Runnable effect) {
            long address = actions.size() + 1;
            actions.put(address, effect);
            return new AllocAction(new ExecutorAddress(address), new byte[0]);
        }
    }

    static class OverlappingSlabs extends Sound {
        @Override
        Small small() {
            return new Small(actions) {
                @Override
                long step(long sizeBytes) {
                    return sizeBytes / PAGE * PAGE; // a page short
                }
            };
        }
    }

    static class OldBytes extends Sound {
        @Override
        Small small() {
            return new Small(actions) {
                @Override
                byte[] fresh(long page) {
                    return memory.computeIfAbsent(page, key -> new byte[PAGE]);
                }
            };
        }
    }

    static class FirstIsKey extends Sound {
        @Override
        Small small() {
            return new Small(actions) {
                @Override
                long key(List<SegmentRequest> segments) {
                    return segments.getFirst().address().value();
                }
            };
        }
    }

    static class WritesFirst extends Sound {
        @Override
        Small small() {
            return new Small(actions) {
                @Override
                void check(SegmentRequest segment) {
                    fresh(segment.address().value())[0] = 9;
                    super.check(segment);
                }
            };
        }
    }

    static class UndoesForwards extends Sound {
        @Override
        Small small() {
            return new Small(actions) {
                @Override
                <T> List<T> undoOrder(List<T> done) {
                    return done;
                }
            };
        }
    }

    static class UndoesNothing extends Sound {
        @Override
        Small small() {
            return new Small(actions) {
                @Override
                void onFailure(long key) {}
            };
        }
    }

    static class ForgetsAtTheEnd extends Sound {
        @Override
        Small small() {
            return new Small(actions) {
                @Override
                void atTheEnd() {}
            };
        }
    }
}
