// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.orcrt.api.MemoryMapException.ACTION_FAILED;
import static org.orcrt.api.MemoryMapException.ALREADY_RELEASED;
import static org.orcrt.api.MemoryMapException.KIND;
import static org.orcrt.api.MemoryMapException.MISALIGNED;
import static org.orcrt.api.MemoryMapException.OUT_OF_SLAB;
import static org.orcrt.api.MemoryMapException.OVERLAP;
import static org.orcrt.api.MemoryMapException.SIZE_OVERFLOW;
import static org.orcrt.api.MemoryMapException.UNKNOWN_BASE;
import static org.orcrt.api.MemoryMapException.WRITE_EXECUTE;
import static org.orcrt.memory.MapFixture.PAGE;

import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.memory.AllocAction;
import org.orcrt.api.memory.AllocActionPair;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.Lifetime;
import org.orcrt.api.memory.SegmentRequest;
import org.orcrt.api.type.TypeId;

/// What a memory map is meant to do, one page at a time and with big integers: slow, simple, and written apart from it.
final class MapModel {

    /// What a page in use holds.
    record ModelPage(ExecutorAddress key, String protection, byte[] bytes) {}

    private record ModelRegion(ExecutorAddress slab, List<String> undo) {}

    /// What an operation leads to.
    ///
    /// @param key what initialize returns
    /// @param failures the kinds of the failure and those suppressed in it, in order
    /// @param anyOf if not empty: one failure of one of these kinds
    record Outcome(@Nullable ExecutorAddress key, List<TypeId> failures, Set<TypeId> anyOf) {

        static Outcome of(List<TypeId> failures) {
            return new Outcome(null, failures, Set.of());
        }
    }

    final Map<ExecutorAddress, @Nullable ModelPage[]> slabs = new LinkedHashMap<>();
    final List<String> ran = new ArrayList<>();
    int successes;

    private final boolean retires;

    /// Pages that come no more.
    private final Set<ExecutorAddress> retired = new HashSet<>();

    /// By key, oldest first.
    private final Map<ExecutorAddress, ModelRegion> regions = new LinkedHashMap<>();

    MapModel(ReusePolicy reuse) {
        retires = reuse == ReusePolicy.RETIRE;
    }

    long regions() {
        return regions.size();
    }

    /// How many pages hold something.
    long usedPages() {
        return slabs.values().stream()
                .flatMap(Arrays::stream)
                .filter(Objects::nonNull)
                .count();
    }

    /// How many pages there are.
    long pages() {
        return slabs.values().stream().mapToLong(pages -> pages.length).sum();
    }

    long retiredPages() {
        return retired.size();
    }

    void reserve(ExecutorAddress slab, int pages) {
        slabs.put(slab, new @Nullable ModelPage[pages]);
    }

    Outcome initialize(InitializeRequest request) {
        Set<TypeId> wrong = new HashSet<>();
        ExecutorAddress key = null;
        for (SegmentRequest segment : request.segments()) {
            wrong.addAll(wrongWith(segment));
        }
        for (Lifetime lifetime : List.of(Lifetime.STANDARD, Lifetime.FINALIZE)) {
            key = key != null ? key : lowest(request, lifetime);
        }
        if (key == null) {
            wrong.add(KIND);
        }
        if (regions.containsKey(key)) {
            wrong.add(OVERLAP);
        }
        ExecutorAddress slab = slabOf(request);
        if (slab == null) {
            wrong.add(OUT_OF_SLAB);
        }
        if (overlapsItself(request) || (slab != null && wrong.isEmpty() && !areFree(slab, request))) {
            wrong.add(OVERLAP);
        }
        if (key == null || slab == null || !wrong.isEmpty()) {
            return new Outcome(null, List.of(), wrong);
        }
        List<String> undo = new ArrayList<>();
        for (AllocActionPair pair : request.actions()) {
            if (!run(name(pair.initialize()))) {
                List<TypeId> failures = new ArrayList<>(List.of(ACTION_FAILED));
                failures.addAll(undo(undo));
                request.segments().forEach(segment -> retire(slab, pagesOf(slab, segment)));
                return Outcome.of(failures);
            }
            undo.add(name(pair.deinitialize()));
        }
        for (SegmentRequest segment : request.segments()) {
            if (segment.group().lifetime() == Lifetime.STANDARD) {
                put(key, slab, segment);
            } else {
                retire(slab, pagesOf(slab, segment));
            }
        }
        regions.put(key, new ModelRegion(slab, undo));
        successes++;
        return new Outcome(key, List.of(), Set.of());
    }

    Outcome deinitialize(List<ExecutorAddress> keys) {
        List<TypeId> failures = new ArrayList<>();
        for (ExecutorAddress key : keys.reversed()) {
            ModelRegion region = regions.remove(key);
            if (region == null) {
                failures.add(UNKNOWN_BASE);
            } else {
                failures.addAll(undo(region.undo()));
                remove(key, region.slab());
            }
        }
        return Outcome.of(failures);
    }

    Outcome release(List<ExecutorAddress> released) {
        List<TypeId> failures = new ArrayList<>();
        for (ExecutorAddress slab : released.reversed()) {
            if (slabs.containsKey(slab)) {
                failures.addAll(undoRegionsIn(Set.of(slab)));
                int pages = slabs.remove(slab).length;
                for (int k = 0; k < pages; k++) {
                    retired.remove(slab.plus(k * PAGE));
                }
            } else {
                failures.add(ALREADY_RELEASED);
            }
        }
        return Outcome.of(failures);
    }

    Outcome shutdown() {
        Outcome outcome = Outcome.of(undoRegionsIn(Set.copyOf(slabs.keySet())));
        slabs.clear();
        retired.clear();
        return outcome;
    }

    private List<TypeId> undoRegionsIn(Set<ExecutorAddress> some) {
        List<TypeId> failures = new ArrayList<>();
        for (ExecutorAddress key : List.copyOf(regions.keySet()).reversed()) {
            if (some.contains(regions.get(key).slab())) {
                failures.addAll(undo(regions.remove(key).undo()));
            }
        }
        return failures;
    }

    private List<TypeId> undo(List<String> undo) {
        List<TypeId> failures = new ArrayList<>();
        for (String name : undo.reversed()) {
            if (!run(name)) {
                failures.add(ACTION_FAILED);
            }
        }
        return failures;
    }

    private boolean run(String name) {
        ran.add(name);
        return !name.startsWith("!");
    }

    private void remove(ExecutorAddress key, ExecutorAddress slab) {
        @Nullable ModelPage[] pages = slabs.get(slab);
        for (int k = 0; k < pages.length; k++) {
            if (pages[k] != null && pages[k].key().equals(key)) {
                pages[k] = null;
                retire(slab, List.of(k));
            }
        }
    }

    private void retire(ExecutorAddress slab, List<Integer> pages) {
        if (retires) {
            pages.forEach(page -> retired.add(slab.plus(page * PAGE)));
        }
    }

    private static @Nullable ExecutorAddress lowest(InitializeRequest request, Lifetime lifetime) {
        return request.segments().stream()
                .filter(segment -> segment.group().lifetime() == lifetime)
                .map(SegmentRequest::address)
                .min(ExecutorAddress::compareTo)
                .orElse(null);
    }

    private static Set<TypeId> wrongWith(SegmentRequest segment) {
        Set<TypeId> wrong = new HashSet<>();
        BigInteger end = pageEnd(segment);
        if (segment.address().value() % PAGE != 0) {
            wrong.add(MISALIGNED);
        }
        if (end.bitLength() > 64
                || unsigned(segment.sizeBytes())
                                .compareTo(BigInteger.valueOf(segment.content().byteSize()))
                        < 0) {
            wrong.add(SIZE_OVERFLOW);
        }
        if (segment.group().writable() && segment.group().executable()) {
            wrong.add(WRITE_EXECUTE);
        }
        return wrong;
    }

    private @Nullable ExecutorAddress slabOf(InitializeRequest request) {
        for (Map.Entry<ExecutorAddress, @Nullable ModelPage[]> slab : slabs.entrySet()) {
            BigInteger start = unsigned(slab.getKey().value());
            BigInteger end = start.add(BigInteger.valueOf(slab.getValue().length * PAGE));
            boolean holdsAll = request.segments().stream()
                    .allMatch(segment -> unsigned(segment.address().value()).compareTo(start) >= 0
                            && pageEnd(segment).compareTo(end) <= 0);
            boolean holdsMore = request.segments().stream()
                    .anyMatch(segment -> segment.sizeBytes() != 0
                            || unsigned(segment.address().value()).compareTo(end) < 0);
            if (holdsAll
                    && (holdsMore
                            || slabs.keySet().stream()
                                    .noneMatch(other -> unsigned(other.value()).equals(end)))) {
                return slab.getKey();
            }
        }
        return null;
    }

    private static boolean overlapsItself(InitializeRequest request) {
        List<SegmentRequest> filled = request.segments().stream()
                .filter(segment -> segment.sizeBytes() != 0)
                .toList();
        for (SegmentRequest a : filled) {
            for (SegmentRequest b : filled) {
                if (a != b
                        && unsigned(a.address().value()).compareTo(pageEnd(b)) < 0
                        && unsigned(b.address().value()).compareTo(pageEnd(a)) < 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean areFree(ExecutorAddress slab, InitializeRequest request) {
        return request.segments().stream()
                .flatMap(segment -> pagesOf(slab, segment).stream())
                .allMatch(page -> slabs.get(slab)[page] == null && !retired.contains(slab.plus(page * PAGE)));
    }

    private void put(ExecutorAddress key, ExecutorAddress slab, SegmentRequest segment) {
        byte[] content = segment.content().toArray(ValueLayout.JAVA_BYTE);
        String protection = segment.group().toString().substring(0, 3);
        int done = 0;
        for (int page : pagesOf(slab, segment)) {
            byte[] bytes = new byte[(int) PAGE];
            int length = Math.min(bytes.length, content.length - done);
            System.arraycopy(content, done, bytes, 0, length);
            done += length;
            slabs.get(slab)[page] = new ModelPage(key, protection, bytes);
        }
    }

    private static List<Integer> pagesOf(ExecutorAddress slab, SegmentRequest segment) {
        List<Integer> pages = new ArrayList<>();
        for (long at = 0; at < segment.sizeBytes(); at += PAGE) {
            pages.add((int) ((segment.address().value() + at - slab.value()) / PAGE));
        }
        return pages;
    }

    private static BigInteger pageEnd(SegmentRequest segment) {
        BigInteger page = BigInteger.valueOf(PAGE);
        BigInteger pages =
                unsigned(segment.sizeBytes()).add(page).subtract(BigInteger.ONE).divide(page);
        return unsigned(segment.address().value()).add(pages.multiply(page));
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    private static String name(AllocAction action) {
        return new String(action.args(), StandardCharsets.UTF_8);
    }
}
