// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.AllocAction;
import org.orcrt.api.memory.AllocActionPair;
import org.orcrt.api.memory.AllocGroup;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.Lifetime;
import org.orcrt.api.memory.NativeMemoryMap;
import org.orcrt.api.memory.SegmentRequest;
import org.orcrt.api.type.TypeId;

/// What every memory map promises: `docs/spec/memory-map.md`.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class NativeMemoryMapContract {

    private static final AllocGroup RW = AllocGroup.ofId(3);
    private static final AllocGroup RWX = AllocGroup.ofId(7);
    private static final AllocGroup TEMPORARY = new AllocGroup(true, true, false, Lifetime.FINALIZE);

    private final List<NativeMemoryMap> made = new ArrayList<>();

    /// What the actions did, in order.
    private final List<String> ran = new ArrayList<>();

    /// For subclasses.
    protected NativeMemoryMapContract() {}

    /// Makes a map without slabs that allows no memory to be writable and executable at once.
    ///
    /// @return the map; the contract shuts it down
    protected abstract NativeMemoryMap make();

    /// The page size of the map.
    ///
    /// @return bytes
    protected abstract long pageBytes();

    /// Reads memory of a region that may be read.
    ///
    /// @param address where
    /// @param sizeBytes how much
    /// @return a copy
    protected abstract byte[] read(ExecutorAddress address, int sizeBytes);

    /// Makes an allocation action.
    ///
    /// @param effect what calling it does, on the calling thread; if it throws, the action has failed
    /// @return an action that the map can run
    protected abstract AllocAction action(Runnable effect);

    /// Gives memory back that the map was told to abandon, if somebody watches over it.
    ///
    /// @param slab its first address
    /// @param sizeBytes its size
    protected void unmapAbandoned(ExecutorAddress slab, long sizeBytes) {}

    @AfterEach
    final void shut_down() {
        made.forEach(NativeMemoryMap::shutdown);
    }

    private NativeMemoryMap map() {
        NativeMemoryMap map = make();
        made.add(map);
        return map;
    }

    private static SegmentRequest segment(AllocGroup group, ExecutorAddress address, long sizeBytes, int... content) {
        byte[] bytes = new byte[content.length];
        for (int k = 0; k < content.length; k++) {
            bytes[k] = (byte) content[k];
        }
        return new SegmentRequest(group, address, sizeBytes, MemorySegment.ofArray(bytes));
    }

    private static InitializeRequest request(SegmentRequest... segments) {
        return new InitializeRequest(List.of(segments), List.of());
    }

    /// A region of one page that begins with 1, 2, 3.
    private ExecutorAddress page(NativeMemoryMap map, ExecutorAddress address, AllocActionPair... actions) {
        return map.initialize(
                new InitializeRequest(List.of(segment(RW, address, pageBytes(), 1, 2, 3)), List.of(actions)));
    }

    /// Notes `+name` and `-name`.
    private AllocActionPair pair(String name) {
        return new AllocActionPair(action(() -> ran.add("+" + name)), action(() -> ran.add("-" + name)));
    }

    private AllocAction failing(String name) {
        return action(() -> {
            ran.add("!" + name);
            throw new MemoryMapException(MemoryMapException.ACTION_FAILED, name + " fails as planned");
        });
    }

    private static MemoryMapException fails(TypeId kind, Executable operation) {
        MemoryMapException failure = assertThrows(MemoryMapException.class, operation);
        assertEquals(kind, failure.typeId(), String.valueOf(failure.getMessage()));
        return failure;
    }

    private void isOneTwoThree(ExecutorAddress address) {
        assertArrayEquals(new byte[] {1, 2, 3, 0}, read(address, 4));
    }

    @Test
    @Tag("MM-1")
    void slabs_begin_at_pages_are_as_long_as_asked_and_do_not_overlap() {
        NativeMemoryMap map = map();
        List<ExecutorAddressRange> slabs = new ArrayList<>();
        for (int k = 1; k <= 8; k++) {
            ExecutorAddress slab = map.reserve(k * pageBytes() - 1);
            assertFalse(slab.isNull());
            assertEquals(0, Long.remainderUnsigned(slab.value(), pageBytes()), "aligned");
            page(map, slab.plus((k - 1) * pageBytes()));
            ExecutorAddressRange range = new ExecutorAddressRange(slab, slab.plus(k * pageBytes()));
            slabs.forEach(other -> assertFalse(other.overlaps(range), other + " and " + range));
            slabs.add(range);
        }
    }

    @Test
    @Tag("MM-2")
    void zero_bytes_are_no_slab() {
        NativeMemoryMap map = map();
        assertEquals(ExecutorAddress.NULL, map.reserve(0));
        map.release(ExecutorAddress.NULL);
    }

    @Test
    @Tag("MM-3")
    void what_the_system_cannot_give_is_an_error_and_the_map_goes_on() {
        NativeMemoryMap map = map();
        for (long tooMuch : new long[] {Long.MIN_VALUE, -1}) {
            MemoryMapException failure = assertThrows(MemoryMapException.class, () -> map.reserve(tooMuch));
            assertTrue(
                    failure.isA(MemoryMapException.RESERVE) || failure.isA(MemoryMapException.QUOTA),
                    String.valueOf(failure));
        }
        page(map, map.reserve(pageBytes()));
    }

    @Test
    @Tag("MM-4")
    void content_comes_first_and_zeros_fill_the_segment() {
        NativeMemoryMap map = map();
        ExecutorAddress slab = map.reserve(2 * pageBytes());
        map.initialize(request(segment(RW, slab, pageBytes() + 1, 7, 8, 9)));
        byte[] wanted = new byte[(int) pageBytes() + 1];
        wanted[0] = 7;
        wanted[1] = 8;
        wanted[2] = 9;
        assertArrayEquals(wanted, read(slab, wanted.length));
    }

    @Test
    @Tag("MM-5")
    void the_key_is_the_lowest_address_that_stays() {
        NativeMemoryMap map = map();
        ExecutorAddress slab = map.reserve(4 * pageBytes());
        ExecutorAddress key = map.initialize(request(
                segment(TEMPORARY, slab, pageBytes(), 1),
                segment(RW, slab.plus(3 * pageBytes()), pageBytes(), 1),
                segment(RW, slab.plus(pageBytes()), pageBytes(), 1)));
        assertEquals(slab.plus(pageBytes()), key);
        map.deinitialize(key);
        key = map.initialize(request(
                segment(TEMPORARY, slab.plus(pageBytes()), pageBytes(), 1), segment(TEMPORARY, slab, pageBytes(), 1)));
        assertEquals(slab, key, "of a region of which nothing stays");
        map.deinitialize(key);
    }

    @Test
    @Tag("MM-6")
    void a_request_that_is_wrong_anywhere_changes_nothing() {
        NativeMemoryMap map = map();
        ExecutorAddress slab = map.reserve(4 * pageBytes());
        ExecutorAddress there = page(map, slab);
        SegmentRequest good = segment(RW, slab.plus(pageBytes()), pageBytes(), 9);
        SegmentRequest outside = segment(RW, slab.plus(4 * pageBytes()), pageBytes(), 9);
        SegmentRequest astride = segment(RW, slab.plus(3 * pageBytes()), 2 * pageBytes(), 9);
        SegmentRequest taken = segment(RW, slab, pageBytes(), 9);
        SegmentRequest askew = segment(RW, slab.plus(2 * pageBytes() + 1), 1, 9);
        SegmentRequest endless = segment(RW, slab.plus(2 * pageBytes()), -pageBytes(), 9);
        SegmentRequest tooShort = segment(RW, slab.plus(2 * pageBytes()), 1, 9, 9);
        SegmentRequest open = segment(RWX, slab.plus(2 * pageBytes()), pageBytes(), 9);
        refuses(map, MemoryMapException.OUT_OF_SLAB, good, outside);
        refuses(map, MemoryMapException.OUT_OF_SLAB, good, astride);
        refuses(map, MemoryMapException.OVERLAP, good, taken);
        refuses(map, MemoryMapException.OVERLAP, good, good);
        refuses(map, MemoryMapException.MISALIGNED, good, askew);
        refuses(map, MemoryMapException.SIZE_OVERFLOW, good, endless);
        refuses(map, MemoryMapException.SIZE_OVERFLOW, good, tooShort);
        refuses(map, MemoryMapException.WRITE_EXECUTE, good, open);
        assertEquals(List.of(), ran, "actions of refused requests");
        isOneTwoThree(there);
        assertEquals(slab.plus(pageBytes()), map.initialize(request(good)), "its pages are free");
    }

    private void refuses(NativeMemoryMap map, TypeId kind, SegmentRequest... segments) {
        InitializeRequest request = new InitializeRequest(List.of(segments), List.of(pair("refused")));
        fails(kind, () -> map.initialize(request));
    }

    @Test
    @Tag("MM-7")
    void a_request_without_a_segment_is_refused() {
        NativeMemoryMap map = map();
        map.reserve(pageBytes());
        assertThrows(MemoryMapException.class, () -> map.initialize(request()));
    }

    @Test
    @Tag("MM-8")
    void actions_run_in_order_once_the_content_is_there_and_are_undone_in_reverse() {
        NativeMemoryMap map = map();
        ExecutorAddress slab = map.reserve(pageBytes());
        AllocActionPair looks = new AllocActionPair(
                action(() -> {
                    isOneTwoThree(slab);
                    ran.add("saw");
                }),
                AllocAction.NONE);
        ExecutorAddress key = page(map, slab, pair("a"), looks, pair("b"));
        assertEquals(List.of("+a", "saw", "+b"), ran);
        map.deinitialize(key);
        assertEquals(List.of("+a", "saw", "+b", "-b", "-a"), ran);
    }

    @Test
    @Tag("MM-9")
    void an_action_that_fails_undoes_those_before_it_and_frees_the_pages() {
        NativeMemoryMap map = map();
        ExecutorAddress slab = map.reserve(pageBytes());
        AllocActionPair bad = new AllocActionPair(failing("c"), action(() -> ran.add("-c")));
        fails(MemoryMapException.ACTION_FAILED, () -> page(map, slab, pair("a"), pair("b"), bad, pair("d")));
        assertEquals(List.of("+a", "+b", "!c", "-b", "-a"), ran);
        page(map, slab);
    }

    @Test
    @Tag("MM-10")
    void an_undo_that_fails_keeps_no_other_from_running_and_the_region_is_gone() {
        NativeMemoryMap map = map();
        ExecutorAddress slab = map.reserve(pageBytes());
        AllocActionPair bad = new AllocActionPair(action(() -> ran.add("+b")), failing("b"));
        ExecutorAddress key = page(map, slab, pair("a"), bad, pair("c"));
        fails(MemoryMapException.ACTION_FAILED, () -> map.deinitialize(key));
        assertEquals(List.of("+a", "+b", "+c", "-c", "!b", "-a"), ran);
        fails(MemoryMapException.UNKNOWN_BASE, () -> map.deinitialize(key));
        page(map, slab);
    }

    @Test
    @Tag("MM-11")
    void a_region_that_is_not_there_is_an_error_and_touches_no_other() {
        NativeMemoryMap map = map();
        ExecutorAddress slab = map.reserve(2 * pageBytes());
        ExecutorAddress first = page(map, slab);
        ExecutorAddress second = page(map, slab.plus(pageBytes()), pair("stays"));
        map.deinitialize(first);
        for (ExecutorAddress nobody : List.of(first, second.plus(1), new ExecutorAddress(1))) {
            fails(MemoryMapException.UNKNOWN_BASE, () -> map.deinitialize(nobody));
        }
        assertEquals(List.of("+stays"), ran);
        isOneTwoThree(second);
    }

    @Test
    @Tag("MM-12")
    void pages_that_were_given_back_can_be_used_again_and_are_zero() {
        NativeMemoryMap map = map();
        ExecutorAddress slab = map.reserve(pageBytes());
        for (int round = 0; round < 3; round++) {
            ExecutorAddress key = map.initialize(request(segment(RW, slab, pageBytes())));
            assertArrayEquals(new byte[(int) pageBytes()], read(slab, (int) pageBytes()));
            map.deinitialize(key);
            int[] full = new int[(int) pageBytes()];
            Arrays.fill(full, 0x55);
            map.deinitialize(map.initialize(request(segment(RW, slab, pageBytes(), full))));
        }
    }

    @Test
    @Tag("MM-13")
    void pages_that_were_needed_for_the_actions_only_are_free_after_them() {
        NativeMemoryMap map = map();
        ExecutorAddress slab = map.reserve(2 * pageBytes());
        ExecutorAddress temporary = slab.plus(pageBytes());
        AllocActionPair looks = new AllocActionPair(action(() -> isOneTwoThree(temporary)), AllocAction.NONE);
        map.initialize(new InitializeRequest(
                List.of(segment(RW, slab, pageBytes(), 1), segment(TEMPORARY, temporary, pageBytes(), 1, 2, 3)),
                List.of(looks)));
        page(map, temporary);
    }

    @Test
    @Tag("MM-14")
    void a_release_takes_the_regions_along_the_newest_first() {
        NativeMemoryMap map = map();
        ExecutorAddress slab = map.reserve(3 * pageBytes());
        page(map, slab.plus(pageBytes()), pair("a"));
        page(map, slab.plus(2 * pageBytes()), pair("b"));
        page(map, slab, pair("c"));
        map.release(slab);
        assertEquals(List.of("+a", "+b", "+c", "-c", "-b", "-a"), ran);
        fails(MemoryMapException.UNKNOWN_BASE, () -> map.deinitialize(slab));
        fails(MemoryMapException.OUT_OF_SLAB, () -> page(map, slab));
    }

    @Test
    @Tag("MM-15")
    void a_slab_that_is_not_there_is_an_error() {
        NativeMemoryMap map = map();
        ExecutorAddress slab = map.reserve(2 * pageBytes());
        fails(MemoryMapException.ALREADY_RELEASED, () -> map.release(slab.plus(pageBytes())));
        map.release(slab);
        fails(MemoryMapException.ALREADY_RELEASED, () -> map.release(slab));
    }

    @Test
    @Tag("MM-16")
    void of_many_all_are_attempted_the_last_first_and_no_failure_is_lost() {
        NativeMemoryMap map = map();
        ExecutorAddress slab = map.reserve(2 * pageBytes());
        ExecutorAddress a = page(map, slab, pair("a"));
        ExecutorAddress b = page(map, slab.plus(pageBytes()), pair("b"));
        ExecutorAddress nobody = new ExecutorAddress(1);
        MemoryMapException failure =
                fails(MemoryMapException.UNKNOWN_BASE, () -> map.deinitializeAll(List.of(a, nobody, b, nobody)));
        assertEquals(List.of("+a", "+b", "-b", "-a"), ran);
        assertEquals(1, failure.getSuppressed().length, "the other failure");
        ExecutorAddress other = map.reserve(pageBytes());
        failure =
                fails(MemoryMapException.ALREADY_RELEASED, () -> map.releaseAll(List.of(nobody, slab, nobody, other)));
        assertEquals(1, failure.getSuppressed().length, "the other failure");
        fails(MemoryMapException.ALREADY_RELEASED, () -> map.release(slab));
        fails(MemoryMapException.ALREADY_RELEASED, () -> map.release(other));
    }

    @Test
    @Tag("MM-17")
    void a_detach_leaves_memory_and_a_shutdown_takes_everything_newest_first() {
        NativeMemoryMap map = map();
        ExecutorAddress one = map.reserve(pageBytes());
        ExecutorAddress two = map.reserve(pageBytes());
        page(map, two, pair("a"));
        page(map, one, pair("b"));
        map.detach();
        isOneTwoThree(one);
        assertEquals(List.of("+a", "+b"), ran);
        map.shutdown();
        assertEquals(List.of("+a", "+b", "-b", "-a"), ran);
        assertThrows(MemoryMapException.class, () -> map.reserve(pageBytes()));
        made.remove(map);
    }

    @Test
    @Tag("MM-18")
    void memory_that_was_abandoned_stays_and_none_of_its_actions_runs() {
        NativeMemoryMap map = map();
        ExecutorAddress slab = map.reserve(2 * pageBytes());
        ExecutorAddress key = page(map, slab, pair("a"));
        map.abandon();
        map.deinitialize(key);
        map.release(slab);
        map.shutdown();
        made.remove(map);
        assertEquals(List.of("+a"), ran);
        isOneTwoThree(slab);
        unmapAbandoned(slab, 2 * pageBytes());
    }
}
