// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.orcrt.memory.MapFixture.PAGE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.type.TypeId;
import org.orcrt.ffm.Errno;
import org.orcrt.ffm.Linux;
import org.orcrt.memory.MapFaultScenario.Kind;
import org.orcrt.memory.MapFaultState.SlabState;
import org.orcrt.testing.FaultyCalls.Call;
import org.orcrt.testing.Held;

/// What must hold after a step some of whose system calls failed.
///
/// In general: the map is as it was before the step, and the caller has an error that names each call that failed. It
/// cannot be so, and this is then what must be instead, when
///
/// - a roll-back fails, too: the pages of the region that was to be are nobody's until their slab goes ("retired");
/// - pages cannot be emptied by a deinitialize: the region is gone all the same, its pages are retired;
/// - a slab cannot be unmapped: it is kept without regions. If it can be emptied, all its pages are free; if not, all
///   of them are retired. Its name in `/dev/shm` is gone;
/// - a name in `/dev/shm` cannot be taken away: the operation succeeds, and the reporter hears of it.
///
/// Not felt at all are: a failing `close` (Linux closes all the same), a name that is taken or gone, an interrupt; that
/// pages cannot be mapped over, unless they cannot be emptied in place either; that the kernel knows no populating; and
/// that shared pages cannot be emptied as they are, unless they cannot be made writable and emptied either.
final class MapFaultCheck {

    private static final int MAX_LOOKS = 400;
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private final FaultRig rig;
    private final Kind kind;
    private final MapFaultState before;
    private final @Nullable MemoryMapException failure;

    /// Calls that failed and had to be told: to the caller, and to the reporter.
    private final List<Call> thrown;

    private final List<Call> lost;
    private final int hits;

    MapFaultCheck(
            FaultRig rig, Kind kind, MapFaultState before, List<Call> calls, @Nullable MemoryMapException failure) {
        this.rig = rig;
        this.kind = kind;
        this.before = before;
        this.failure = failure;
        List<Call> failed =
                calls.stream().filter(call -> call.fault().isPresent()).toList();
        hits = failed.size();
        List<Call> felt = failed.stream()
                .filter(call -> !isAbsorbed(call) && !isRepeated(call, calls))
                .toList();
        thrown = felt.stream().filter(call -> !call.name().equals("unlink")).toList();
        lost = felt.stream().filter(call -> call.name().equals("unlink")).toList();
    }

    /// Shared pages that cannot be emptied as they are are made writable and emptied then.
    private boolean isRepeated(Call call, List<Call> calls) {
        int index = call.index();
        boolean isSecond = index > 1
                && calls.get(index - 1).name().equals("mprotect")
                && calls.get(index - 1).args().get(2).equals(Mappings.READ_WRITE)
                && calls.get(index - 2).name().equals("madvise")
                && calls.get(index - 2).target() == call.target();
        return rig.shared && call.name().equals("madvise") && !isSecond;
    }

    private static boolean isAbsorbed(Call call) {
        int errno = call.fault().orElseThrow().errno();
        if (errno == 0) {
            return true; // a lie: what was not done is said to be
        }
        return switch (call.name()) {
            case "close", "mmapOver" -> true;
            case "madvise" -> errno == Errno.EINVAL && call.args().get(2).equals(Linux.MADV_POPULATE_WRITE);
            case "open" -> errno == Errno.EEXIST || errno == Errno.EINTR;
            case "ftruncate" -> errno == Errno.EINTR;
            case "unlink" -> errno == Errno.ENOENT;
            default -> false;
        };
    }

    void faultsCame(int planned) {
        require(hits == planned, "%d of %d faults came", hits, planned);
    }

    void everythingIsTold() {
        require((failure == null) == thrown.isEmpty(), "failed: %s; because of %s", failure, thrown);
        List<String> texts = new ArrayList<>();
        if (failure != null) {
            TypeId expected = kindOf(thrown.getFirst());
            require(failure.typeId().equals(expected), "the error is of kind %s, not %s", failure.typeId(), expected);
            texts.add(String.valueOf(failure.getMessage()));
            Stream.of(failure.getSuppressed()).forEach(one -> texts.add(String.valueOf(one.getMessage())));
        }
        for (Call call : thrown) {
            require(isNamed(call, texts), "%s is not in %s", call, texts);
        }
        List<String> reported = rig.reported.stream()
                .map(one -> String.valueOf(one.getMessage()))
                .toList();
        require(reported.size() == lost.size(), "reported: %s, not %s", reported, lost);
        for (Call call : lost) {
            require(isNamed(call, reported), "%s is not in %s", call, reported);
        }
    }

    private static TypeId kindOf(Call call) {
        return switch (call.name()) {
            case "mprotect", "madvise" -> MemoryMapException.PROTECT;
            case "munmap" -> MemoryMapException.UNMAP;
            default -> MemoryMapException.RESERVE;
        };
    }

    private static boolean isNamed(Call call, List<String> texts) {
        String errno = Errno.text(-call.fault().orElseThrow().errno());
        return texts.stream().anyMatch(text -> text.contains(call.name() + " of ") && text.contains(errno));
    }

    void stateIsRight() {
        MapFaultState now = MapFaultState.of(rig);
        Map<Integer, Map<Integer, BitSet>> live = new TreeMap<>();
        Map<Integer, BitSet> retired = new TreeMap<>();
        before.slabs().forEach((number, slab) -> {
            live.put(number, new TreeMap<>(slab.live()));
            retired.put(number, slab.retired());
        });
        switch (kind) {
            case RESERVE -> reserved(live, retired);
            case INITIALIZE -> initialized(live, retired, now);
            case DEINITIALIZE -> deinitialized(live, retired);
            case RELEASE, SHUTDOWN -> released(live, retired);
            case DETACH -> {}
        }
        require(now.slabs().keySet().equals(live.keySet()), "slabs %s, not %s", now.slabs(), live);
        now.slabs().forEach((number, slab) -> slabIsRight(number, slab, live.get(number), retired.get(number)));
        int regions = live.values().stream().mapToInt(Map::size).sum();
        require(now.regions() == regions, "%d keys, not %d", now.regions(), regions);
        actionsAreRight();
        namesAreRight(live.keySet());
    }

    private void reserved(Map<Integer, Map<Integer, BitSet>> live, Map<Integer, BitSet> retired) {
        if (failure == null) {
            live.put(rig.slabs.size() - 1, new TreeMap<>());
            retired.put(rig.slabs.size() - 1, new BitSet());
        }
    }

    /// The region is there, or it leaves no trace; only after a second failure may its pages be retired.
    private void initialized(Map<Integer, Map<Integer, BitSet>> live, Map<Integer, BitSet> retired, MapFaultState now) {
        Map<Integer, BitSet> seen = now.slabs().get(0).live();
        BitSet unowned = now.slabs().get(0).retired();
        if (failure == null) {
            live.get(0).put(rig.kept.nextSetBit(0), rig.kept);
        } else if (thrown.size() > 1 && !unowned.isEmpty() && seen.equals(live.get(0))) {
            retired.get(0).or(rig.touched);
        }
    }

    private void deinitialized(Map<Integer, Map<Integer, BitSet>> live, Map<Integer, BitSet> retired) {
        for (ExecutorAddress key : rig.keys) {
            BitSet pages = live.get(0).remove(MapFaultState.pageOf(rig.slabs.getFirst(), key));
            if (thrown.stream().anyMatch(call -> touches(call, 0, pages))) {
                retired.get(0).or(pages);
            }
        }
    }

    private void released(Map<Integer, Map<Integer, BitSet>> live, Map<Integer, BitSet> retired) {
        Set<ExecutorAddress> gone = new HashSet<>(kind == Kind.SHUTDOWN ? rig.slabs : rig.keys);
        for (int k = 0; k < rig.slabs.size(); k++) {
            int number = k;
            if (!gone.contains(rig.slabs.get(k))) {
                continue;
            }
            BitSet all = new BitSet();
            all.set(0, FaultRig.PAGES);
            List<Call> failed =
                    thrown.stream().filter(call -> touches(call, number, all)).toList();
            if (failed.isEmpty()) {
                live.remove(k);
                retired.remove(k);
            } else {
                live.get(k).clear();
                retired.put(k, failed.size() == 1 ? new BitSet() : all);
            }
        }
    }

    private boolean touches(Call call, int slab, BitSet pages) {
        ExecutorAddress start = rig.slabs.get(slab);
        int from = MapFaultState.pageOf(start, new ExecutorAddress(call.target()));
        int to = from + (int) (call.lengthBytes() / PAGE);
        int next = from < 0 ? -1 : pages.nextSetBit(from);
        return next >= 0 && next < to;
    }

    private void slabIsRight(int number, SlabState now, Map<Integer, BitSet> live, BitSet retired) {
        require(now.isIdle(), "somebody works in slab %d", number);
        require(now.live().equals(live), "regions of slab %d: %s, not %s", number, now.live(), live);
        require(now.retired().equals(retired), "retired in slab %d: %s, not %s", number, now.retired(), retired);
        require(now.maps().size() == FaultRig.PAGES, "slab %d is mapped so: %s", number, now.maps());
        SlabState was = before.slabs().get(number);
        for (int page = 0; page < FaultRig.PAGES; page++) {
            String protection = now.maps().get(page);
            require(!protection.contains("wx"), "page %d of slab %d is %s", page, number, protection);
            if (!now.inUse().get(page)) {
                require(protection.startsWith("---"), "free page %d of slab %d is %s", page, number, protection);
            } else if (!retired.get(page) && was != null && was.inUse().get(page)) {
                require(protection.equals(was.maps().get(page)), "page %d is %s: %s", page, protection, was.maps());
                require(now.bytes().get(page).equals(was.bytes().get(page)), "page %d has other bytes", page);
            }
        }
    }

    /// What takes back runs whatever the system says.
    private void actionsAreRight() {
        List<String> ran = rig.runner.ran();
        boolean right = switch (kind) {
            case RESERVE, DETACH -> ran.isEmpty();
            case INITIALIZE -> {
                List<String> forward =
                        rig.actions.stream().map(name -> "+" + name).toList();
                List<String> undone = new ArrayList<>(forward);
                rig.actions.reversed().forEach(name -> undone.add("-" + name));
                yield failure == null ? ran.equals(forward) : ran.isEmpty() || ran.equals(undone);
            }
            case DEINITIALIZE, RELEASE, SHUTDOWN ->
                ran.equals(
                        rig.actions.reversed().stream().map(name -> "-" + name).toList());
        };
        require(right, "ran: %s, of %s", ran, rig.actions);
    }

    /// A slab that is there has its name, unless it was to go.
    private void namesAreRight(Set<Integer> there) {
        if (!rig.shared) {
            return;
        }
        Set<String> expected = new HashSet<>();
        lost.forEach(call -> expected.add(call.note()));
        if (kind != Kind.DETACH && kind != Kind.SHUTDOWN) {
            there.stream()
                    .map(rig.slabs::get)
                    .filter(slab -> kind != Kind.RELEASE || !rig.keys.contains(slab))
                    .forEach(slab -> expected.add("/dev/shm" + ((SharedMemoryMapper) rig.map).nameOf(slab)));
        }
        Set<String> found = new HashSet<>();
        rig.kernel.paths().stream().filter(path -> Files.exists(Path.of(path))).forEach(found::add);
        require(found.equals(expected), "names %s, not %s", found, expected);
    }

    /// Free pages are empty and can be used, retired ones cannot; then the step succeeds, if it can come again.
    ///
    /// @param again the step once more
    void mapIsUsable(Function<FaultRig, @Nullable MemoryMapException> again) {
        MapFaultState now = MapFaultState.of(rig);
        if (kind != Kind.SHUTDOWN) {
            now.slabs().forEach(this::slabIsUsable);
        }
        boolean isRetired =
                now.slabs().values().stream().anyMatch(slab -> !slab.retired().isEmpty());
        if (failure == null || kind == Kind.DEINITIALIZE || (kind == Kind.INITIALIZE && isRetired)) {
            return;
        }
        if (kind == Kind.RELEASE) {
            rig.keys.removeIf(slab -> !now.slabs().containsKey(rig.slabs.indexOf(slab)));
        }
        MemoryMapException second = again.apply(rig);
        require(second == null, "the second time: %s", second);
    }

    private void slabIsUsable(int number, SlabState slab) {
        List<ExecutorAddress> keys = new ArrayList<>();
        for (int page = slab.inUse().nextClearBit(0); page < FaultRig.PAGES; ) {
            int next = slab.inUse().nextSetBit(page);
            int end = next < 0 ? FaultRig.PAGES : next;
            keys.add(fresh(number, page, end - page));
            page = slab.inUse().nextClearBit(end);
        }
        rig.map.deinitializeAll(keys);
        slab.retired().stream().forEach(page -> isRefused(number, page));
    }

    private ExecutorAddress fresh(int slab, int page, int pages) {
        ExecutorAddress at = rig.page(slab, page);
        rig.initialize(slab, List.of(MapFixture.segment(MapFixture.RW, at, pages * PAGE)));
        for (byte one : MapFixture.bytes(at, pages * PAGE)) {
            require(one == 0, "free page %d of slab %d was not empty", page, slab);
        }
        return at;
    }

    private void isRefused(int slab, int page) {
        try {
            rig.initialize(slab, List.of(MapFixture.segment(MapFixture.RW, rig.page(slab, page), PAGE)));
        } catch (MemoryMapException refused) {
            require(refused.typeId().equals(MemoryMapException.OVERLAP), "retired page %d: %s", page, refused);
            return;
        }
        throw new AssertionError("retired page %d of slab %d can be initialized".formatted(page, slab));
    }

    void nothingIsLeft(Held held) {
        rig.map.shutdown();
        require(rig.reported.size() == lost.size(), "reported: %s", rig.reported);
        require(rig.kernel.mapped().keySet().equals(Set.of()) || !rig.shared, "mapped: %s", rig.kernel.mapped());
        if (rig.kernel instanceof SentinelSystemCalls sentinels) {
            require(sentinels.areSentinelsIntact(), "something was written outside of a slab");
        }
        lost.forEach(call -> delete(call.note()));
        List<String> left = Held.now().beyond(held);
        for (int looks = 0; !left.isEmpty() && looks < MAX_LOOKS; looks++) {
            LockSupport.parkNanos(LOOK_NS);
            left = Held.now().beyond(held);
        }
        require(left.isEmpty(), "left behind: %s", left);
    }

    private static void delete(String path) {
        try {
            Files.delete(Path.of(path));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    private static void require(boolean holds, String text, Object... values) {
        if (!holds) {
            throw new AssertionError(text.formatted(values));
        }
    }
}
