// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.api.memory.AllocAction;
import org.orcrt.api.memory.AllocActionPair;
import org.orcrt.api.memory.AllocGroup;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.Lifetime;
import org.orcrt.api.memory.SegmentRequest;

/// The vectors again, by codecs of every kind: from the list, put together, and derived from records.
final class CodecCases {

    private static final SpsBinder BINDER = SpsBinder.in(MethodHandles.lookup());
    private static final AllocAction ACTION =
            new AllocAction(new ExecutorAddress(0x1000), new byte[] {(byte) 0xab, (byte) 0xcd});
    private static final SegmentRequest SEGMENT = new SegmentRequest(
            new AllocGroup(true, true, false, Lifetime.STANDARD),
            new ExecutorAddress(0x10000),
            0x1000,
            MemorySegment.ofArray(new byte[] {(byte) 0xde, (byte) 0xad}));
    private static final InitializeRequest REQUEST = new InitializeRequest(List.of(SEGMENT), List.of());

    record Bool(boolean v) {}

    record I8(byte v) {}

    record U8(@SpsUnsigned(8) int v) {}

    record I16(short v) {}

    record U16(char v) {}

    record I32(int v) {}

    record U32(@SpsUnsigned(32) long v) {}

    record I64(long v) {}

    record Name(@SpsName String v) {}

    record Text(String v) {}

    record Numbers(List<Integer> v) {}

    record Ints(int[] v) {}

    record Longs(ExecutorAddress instance, long[] v) {}

    record Bytes(byte[] v) {}

    record Triple(int number, @SpsName String name, boolean flag) {}

    record Tally(Map<@SpsName String, Long> v) {}

    record Maybe(Optional<Long> v) {}

    record Outcome(SpsError v) {}

    record Wanted(SpsExpected<@SpsUnsigned(32) Long> v) {}

    record Range(ExecutorAddressRange v) {}

    record Initialize(ExecutorAddress instance, InitializeRequest request) {}

    record Reserve(long instance, long sizeBytes) {}

    record Load(long instance, @SpsName String path) {}

    record Lookup(long instance, long handle, List<SymbolRequest> symbols) {}

    record Symbol(@SpsName String name, boolean required) {}

    record OwnLookup(long instance, long handle, List<Symbol> symbols) {}

    record Found(SpsExpected<List<Optional<Long>>> v) {}

    record Main(long function, List<@SpsName String> args) {}

    record Write(ExecutorAddress at, @SpsUnsigned(16) int value) {}

    record Writes(List<Write> v) {}

    record Setup(
            @SpsName String triple,
            long pageSize,
            Map<@SpsName String, byte[]> values,
            Map<@SpsName String, ExecutorAddress> symbols) {}

    private CodecCases() {}

    static Stream<CodecCase<?>> all() {
        return Stream.of(numbers(), sequences(), results(), memory(), calls()).flatMap(List::stream);
    }

    private static List<CodecCase<?>> numbers() {
        return List.of(
                listed("bool true", SpsCodecs.BOOL, true),
                derived("bool false", new Bool(false)),
                listed("i8 -1", SpsCodecs.I8, (byte) -1),
                derived("i8 -1", new I8((byte) -1)),
                listed("u8 255", SpsCodecs.U8, 255),
                derived("u8 255", new U8(255)),
                listed("u16 0x1234", SpsCodecs.U16, 0x1234),
                derived("u16 max", new U16((char) 0xffff)),
                listed("i16 min", SpsCodecs.I16, Short.MIN_VALUE),
                derived("i16 min", new I16(Short.MIN_VALUE)),
                listed("i32 -47", SpsCodecs.I32, -47),
                derived("i32 -47", new I32(-47)),
                listed("u32 42", SpsCodecs.U32, 42L),
                derived("u32 max", new U32(0xffff_ffffL)),
                listed("u64 0x0102030405060708", SpsCodecs.I64, 0x0102030405060708L),
                derived("i64 -1", new I64(-1)),
                listed("SPSSize 42", SpsCodecs.SIZE, 42L),
                listed("ExecutorAddr 0x7fff00001000", SpsCodecs.ADDRESS, new ExecutorAddress(0x7fff00001000L)),
                listed("range [0x1000,0x2000)", SpsCodecs.RANGE, range()),
                listed("range [0x1000,0x2000)", SpsCodecs.range(0x100), range()),
                derived("range [0x1000,0x2000)", new Range(range())));
    }

    private static List<CodecCase<?>> sequences() {
        return List.of(
                listed("string \"\"", SpsCodecs.TEXT, ""),
                derived("string \"\"", new Text("")),
                listed("name \"foo\"", SpsCodecs.NAME, "foo"),
                derived("name \"foo\"", new Name("foo")),
                derived("text \"foo\"", new Text("foo")),
                listed("seq<i32> [1,2,-47,139]", SpsCodecs.list(SpsCodecs.I32), List.of(1, 2, -47, 139)),
                listed("seq<i32> [1,2,-47,139]", SpsCodecs.INTS, new int[] {1, 2, -47, 139}),
                derived("seq<i32> [1,2,-47,139]", new Numbers(List.of(1, 2, -47, 139))),
                derived("seq<i32> [1,2,-47,139]", new Ints(new int[] {1, 2, -47, 139})),
                listed("seq<char> [3,2,1,0]", SpsCodecs.BYTES, new byte[] {3, 2, 1, 0}),
                listed("seq<char> [3,2,1,0]", SpsCodecs.SLICE, MemorySegment.ofArray(new byte[] {3, 2, 1, 0})),
                derived("seq<char> [3,2,1,0]", new Bytes(new byte[] {3, 2, 1, 0})),
                derived("tuple<i32,string,bool>(42,\"foo\",true)", new Triple(42, "foo", true)),
                listed("map<string,u64>{\"k\":7}", SpsCodecs.map(SpsCodecs.NAME, SpsCodecs.I64), Map.of("k", 7L)),
                derived("map<string,u64>{\"k\":7}", new Tally(Map.of("k", 7L))));
    }

    private static List<CodecCase<?>> results() {
        SpsCodec<SpsExpected<Long>> expected = SpsCodecs.expected(SpsCodecs.U32);
        return List.of(
                listed("optional<i64> none", SpsCodecs.optional(SpsCodecs.I64), Optional.empty()),
                listed("optional<i64> 42", SpsCodecs.optional(SpsCodecs.I64), Optional.of(42L)),
                derived("optional<i64> none", new Maybe(Optional.empty())),
                derived("optional<i64> 42", new Maybe(Optional.of(42L))),
                listed("error success", SpsCodecs.ERROR, SpsError.SUCCESS),
                listed("error \"boom\"", SpsCodecs.ERROR, SpsError.of("boom")),
                derived("error \"boom\"", new Outcome(SpsError.of("boom"))),
                listed("expected<u32> 42", expected, SpsExpected.of(42L)),
                listed("expected<u32> err \"boom\"", expected, SpsExpected.failure("boom")),
                derived("expected<u32> 42", new Wanted(SpsExpected.of(42L))),
                derived("expected<u32> err \"boom\"", new Wanted(SpsExpected.failure("boom"))));
    }

    private static List<CodecCase<?>> memory() {
        AllocActionPair nothing = new AllocActionPair(AllocAction.NONE, AllocAction.NONE);
        AllocActionPair pair = new AllocActionPair(ACTION, AllocAction.NONE);
        return List.of(
                group("AllocGroup RW", true, false, Lifetime.STANDARD),
                group("AllocGroup RX", false, true, Lifetime.STANDARD),
                group("AllocGroup R finalize", false, false, Lifetime.FINALIZE),
                group("AllocGroup RX finalize", false, true, Lifetime.FINALIZE),
                listed("AllocAction fn=0x1000 args=ab cd", SpsCodecs.ALLOC_ACTION, ACTION),
                listed("AllocActionPair null,null", SpsCodecs.ALLOC_ACTION_PAIR, nothing),
                listed("AllocActionPair (0x1000,\"ab cd\"),(0,\"\")", SpsCodecs.ALLOC_ACTION_PAIR, pair),
                listed("Segment RW 0x10000 0x1000 content de ad", SpsCodecs.SEGMENT, SEGMENT),
                listed("InitializeRequest 1 seg, 0 actions", SpsCodecs.INITIALIZE_REQUEST, REQUEST),
                listed(
                        "InitializeRequest of shared memory 1 seg, 1 pair",
                        SpsCodecs.SHARED_INITIALIZE_REQUEST,
                        new InitializeRequest(
                                List.of(new SegmentRequest(
                                        SEGMENT.group(),
                                        SEGMENT.address(),
                                        SEGMENT.sizeBytes(),
                                        MemorySegment.ofArray(new byte[0]))),
                                List.of(pair))));
    }

    private static List<CodecCase<?>> calls() {
        String lookup = "dylib lookup args inst,handle,[(\"cos\",req),(\"x\",weak)]";
        List<CodecCase<?>> calls = new ArrayList<>(List.of(
                derived(
                        "initialize call args: instance=0x5000, request",
                        new Initialize(new ExecutorAddress(0x5000), REQUEST)),
                derived("reserve call args: instance=0x5000,size=0x10000", new Reserve(0x5000, 0x10000)),
                derived(
                        "releaseMultiple args instance=0x5000,[0x10000]",
                        new Longs(new ExecutorAddress(0x5000), new long[] {0x10000})),
                listed(
                        "reserve reply expected<addr> 0x7f0000000000",
                        SpsCodecs.expected(SpsCodecs.ADDRESS),
                        SpsExpected.of(new ExecutorAddress(0x7f0000000000L))),
                derived("dylib load args inst=0x6000,\"libm.so.6\"", new Load(0x6000, "libm.so.6")),
                derived(
                        lookup,
                        new Lookup(
                                0x6000,
                                0x7000,
                                List.of(new SymbolRequest("cos", true), new SymbolRequest("x", false)))),
                derived(
                        lookup,
                        new OwnLookup(0x6000, 0x7000, List.of(new Symbol("cos", true), new Symbol("x", false)))),
                derived(
                        "dylib lookup reply expected<seq<opt<addr>>> [0x8000, 0(weak), missing]",
                        new Found(SpsExpected.of(List.of(Optional.of(0x8000L), Optional.of(0L), Optional.empty())))),
                derived("call_main args fn=0x9000 [\"p\",\"a\"]", new Main(0x9000, List.of("p", "a"))),
                derived(
                        "mem write u16 [(0x1000,0x1234)]",
                        new Writes(List.of(new Write(new ExecutorAddress(0x1000), 0x1234)))),
                listed("mem read_strings args [0x1000]", SpsCodecs.LONGS, new long[] {0x1000})));
        calls.add(derived(
                "setup payload triple=x86_64-unknown-linux-gnu page=4096 {k:v} {foo:0x1000}",
                new Setup(
                        "x86_64-unknown-linux-gnu",
                        4096,
                        Map.of("k", new byte[] {'v'}),
                        Map.of("foo", new ExecutorAddress(0x1000)))));
        return calls;
    }

    private static <T> CodecCase<T> listed(String vector, SpsCodec<T> codec, T value) {
        return new CodecCase<>(vector, "codec of " + value.getClass().getSimpleName(), codec, value);
    }

    private static <R extends Record> CodecCase<R> derived(String vector, R value) {
        @SuppressWarnings("unchecked")
        Class<R> type = (Class<R>) value.getClass();
        return new CodecCase<>(vector, "record " + type.getSimpleName(), BINDER.codec(type), value);
    }

    private static CodecCase<AllocGroup> group(String vector, boolean write, boolean execute, Lifetime lifetime) {
        return listed(vector, SpsCodecs.ALLOC_GROUP, new AllocGroup(true, write, execute, lifetime));
    }

    private static ExecutorAddressRange range() {
        return new ExecutorAddressRange(new ExecutorAddress(0x1000), new ExecutorAddress(0x2000));
    }
}
