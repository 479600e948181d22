// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.AllocActionPair;
import org.orcrt.api.memory.AllocGroup;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.Lifetime;
import org.orcrt.api.memory.NativeMemoryMap;
import org.orcrt.api.memory.SegmentRequest;
import org.orcrt.api.type.TypeId;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.SystemCalls;

/// A memory map over scripted system calls and recorded actions, and short forms of what tests say.
final class MapFixture {

    static final long PAGE = 4096;

    static final AllocGroup R = AllocGroup.ofId(1);
    static final AllocGroup RW = AllocGroup.ofId(3);
    static final AllocGroup RX = AllocGroup.ofId(5);
    static final AllocGroup RWX = AllocGroup.ofId(7);

    static final MemoryMapOptions OPTIONS = MemoryMapOptions.forPageSize(PAGE);

    /// What the system allows.
    static final MemoryQuotas NO_QUOTAS =
            new MemoryQuotas(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    final ScriptedSystemCalls calls;
    final RecordingRunner runner = new RecordingRunner();
    final List<Throwable> reported = new ArrayList<>();
    final NativeMemoryMap map;

    MapFixture() {
        this(OPTIONS, new ScriptedSystemCalls());
    }

    MapFixture(MemoryMapOptions options) {
        this(options, new ScriptedSystemCalls());
    }

    MapFixture(MemoryMapOptions options, ScriptedSystemCalls calls) {
        this(options, calls, SimpleNativeMemoryMap::new);
    }

    private MapFixture(MemoryMapOptions options, ScriptedSystemCalls calls, Maker maker) {
        this.calls = calls;
        this.map = maker.make(options, runner, reported::add, calls);
    }

    /// The same with a [SharedMemoryMapper].
    static MapFixture shared() {
        return shared(OPTIONS);
    }

    /// The same with a [SharedMemoryMapper].
    static MapFixture shared(MemoryMapOptions options) {
        return new MapFixture(options, new ScriptedSystemCalls(), SharedMemoryMapper::new);
    }

    MemoryStatistics statistics() {
        return map instanceof SimpleNativeMemoryMap own ? own.statistics() : ((SharedMemoryMapper) map).statistics();
    }

    /// Makes a memory map.
    @FunctionalInterface
    private interface Maker {

        NativeMemoryMap make(
                MemoryMapOptions options, AllocActionRunner runner, ErrorReporter reporter, SystemCalls calls);
    }

    static AllocGroup temporary(AllocGroup group) {
        return new AllocGroup(group.readable(), group.writable(), group.executable(), Lifetime.FINALIZE);
    }

    static SegmentRequest segment(AllocGroup group, ExecutorAddress address, long sizeBytes, int... content) {
        byte[] bytes = new byte[content.length];
        for (int k = 0; k < content.length; k++) {
            bytes[k] = (byte) content[k];
        }
        return new SegmentRequest(group, address, sizeBytes, MemorySegment.ofArray(bytes));
    }

    static InitializeRequest request(SegmentRequest... segments) {
        return new InitializeRequest(List.of(segments), List.of());
    }

    static InitializeRequest request(SegmentRequest segment, AllocActionPair first, AllocActionPair... more) {
        List<AllocActionPair> actions = new ArrayList<>(List.of(first));
        actions.addAll(List.of(more));
        return new InitializeRequest(List.of(segment), actions);
    }

    /// A region of one read-write page.
    ExecutorAddress page(ExecutorAddress address, AllocActionPair... actions) {
        return map.initialize(new InitializeRequest(List.of(segment(RW, address, PAGE, 1, 2, 3)), List.of(actions)));
    }

    static byte[] bytes(ExecutorAddress address, long sizeBytes) {
        return NativeMemory.ALL.asSlice(address.value(), sizeBytes).toArray(ValueLayout.JAVA_BYTE);
    }

    static List<String> mapsOf(ExecutorAddress slab, long pages) {
        return Maps.within(slab, pages * PAGE);
    }

    static MemoryMapException failureOf(ThrowingCallable operation) {
        MemoryMapException failure = catchThrowableOfType(MemoryMapException.class, operation);
        assertThat(failure).as("a failure").isNotNull();
        return failure;
    }

    static TypeId kindOf(ThrowingCallable operation) {
        return failureOf(operation).typeId();
    }
}
