// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.api.memory.AllocAction;
import org.orcrt.api.memory.AllocActionPair;
import org.orcrt.api.memory.AllocGroup;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.Lifetime;
import org.orcrt.api.memory.SegmentRequest;

/// The bytes of LLVM for values of every type, and for the calls of its controllers.
final class SpsVectors {

    private static final AllocAction ACTION = new AllocAction(address(0x1000), new byte[] {(byte) 0xab, (byte) 0xcd});
    private static final SegmentRequest SEGMENT = new SegmentRequest(
            new AllocGroup(true, true, false, Lifetime.STANDARD),
            address(0x10000),
            0x1000,
            MemorySegment.ofArray(new byte[] {(byte) 0xde, (byte) 0xad}));
    private static final List<Object> ACTION_READ = List.of(address(0x1000), "ab cd");
    private static final List<Object> NO_ACTION_READ = List.of(ExecutorAddress.NULL, "");
    private static final List<Object> SEGMENT_READ = List.of("rw-", address(0x10000), 0x1000L, "de ad");
    private static final List<Object> REQUEST_READ = List.of(List.of(SEGMENT_READ), List.of());
    private static final String SEGMENT_HEX =
            "03 00 00 01 00 00 00 00 00 00 10 00 00 00 00 00 00 02 00 00 00 00 00 00 00 de ad";
    private static final String REQUEST_HEX = "01 00 00 00 00 00 00 00 " + SEGMENT_HEX + " 00 00 00 00 00 00 00 00";
    private static final String TRIPLE = "x86_64-unknown-linux-gnu";

    private SpsVectors() {}

    static Stream<Vector> all() {
        return Stream.of(numbers(), sequences(), results(), memory(), calls()).flatMap(List::stream);
    }

    private static List<Vector> numbers() {
        return List.of(
                of("bool true", "01", w -> w.bool(true), SpsReader::readBool, true),
                of("bool false", "00", w -> w.bool(false), SpsReader::readBool, false),
                of("i8 -1", "ff", w -> w.u8(-1), r -> (byte) r.readU8(), (byte) -1),
                of("u8 255", "ff", w -> w.u8(255), SpsReader::readU8, 255),
                of("u16 0x1234", "34 12", w -> w.u16(0x1234), SpsReader::readU16, 0x1234),
                of("u16 max", "ff ff", w -> w.u16(0xffff), SpsReader::readU16, 0xffff),
                of("i16 min", "00 80", w -> w.u16(Short.MIN_VALUE), r -> (short) r.readU16(), Short.MIN_VALUE),
                of("i32 -47", "d1 ff ff ff", w -> w.i32(-47), SpsReader::readI32, -47),
                of("u32 42", "2a 00 00 00", w -> w.u32(42), SpsReader::readU32, 42L),
                of("u32 max", "ff ff ff ff", w -> w.u32(0xffff_ffffL), SpsReader::readU32, 0xffff_ffffL),
                of(
                        "u64 0x0102030405060708",
                        "08 07 06 05 04 03 02 01",
                        w -> w.u64(0x0102030405060708L),
                        SpsReader::readU64,
                        0x0102030405060708L),
                of("i64 -1", "ff ff ff ff ff ff ff ff", w -> w.u64(-1), SpsReader::readU64, -1L),
                of("SPSSize 42", "2a 00 00 00 00 00 00 00", w -> w.u64(42), SpsReader::readU64, 42L),
                of(
                        "ExecutorAddr 0x7fff00001000",
                        "00 10 00 00 ff 7f 00 00",
                        w -> w.address(address(0x7fff00001000L)),
                        SpsReader::readAddress,
                        address(0x7fff00001000L)),
                of(
                        "range [0x1000,0x2000)",
                        "00 10 00 00 00 00 00 00 00 20 00 00 00 00 00 00",
                        w -> w.range(new ExecutorAddressRange(address(0x1000), address(0x2000))),
                        SpsReader::readRange,
                        new ExecutorAddressRange(address(0x1000), address(0x2000))));
    }

    private static List<Vector> sequences() {
        return List.of(
                of("string \"\"", "00 00 00 00 00 00 00 00", w -> w.name(""), SpsReader::readName, ""),
                of("name \"foo\"", "03 00 00 00 00 00 00 00 66 6f 6f", w -> w.name("foo"), SpsReader::readName, "foo"),
                of("text \"foo\"", "03 00 00 00 00 00 00 00 66 6f 6f", w -> w.text("foo"), SpsReader::readText, "foo"),
                of(
                        "seq<i32> [1,2,-47,139]",
                        "04 00 00 00 00 00 00 00 01 00 00 00 02 00 00 00 d1 ff ff ff 8b 00 00 00",
                        w -> w.count(4).i32(1).i32(2).i32(-47).i32(139),
                        r -> list(r, 4, SpsReader::readI32),
                        List.of(1, 2, -47, 139)),
                of(
                        "seq<char> [3,2,1,0]",
                        "04 00 00 00 00 00 00 00 03 02 01 00",
                        w -> w.bytes(new byte[] {3, 2, 1, 0}),
                        r -> Vector.HEX.formatHex(r.readBytes()),
                        "03 02 01 00"),
                of(
                        "tuple<i32,string,bool>(42,\"foo\",true)",
                        "2a 00 00 00 03 00 00 00 00 00 00 00 66 6f 6f 01",
                        w -> w.i32(42).name("foo").bool(true),
                        r -> List.of(r.readI32(), r.readName(), r.readBool()),
                        List.of(42, "foo", true)),
                of(
                        "map<string,u64>{\"k\":7}",
                        "01 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 6b 07 00 00 00 00 00 00 00",
                        w -> w.count(1).name("k").u64(7),
                        r -> list(r, 16, e -> Map.entry(e.readName(), e.readU64())),
                        List.of(Map.entry("k", 7L))));
    }

    private static List<Vector> results() {
        return List.of(
                of("optional<i64> none", "00", w -> w.bool(false), SpsVectors::optional, Optional.empty()),
                of(
                        "optional<i64> 42",
                        "01 2a 00 00 00 00 00 00 00",
                        w -> w.bool(true).u64(42),
                        SpsVectors::optional,
                        Optional.of(42L)),
                of(
                        "error success",
                        "00",
                        SpsWriter::success,
                        r -> Optional.ofNullable(r.readError()),
                        Optional.empty()),
                of(
                        "error \"boom\"",
                        "01 04 00 00 00 00 00 00 00 62 6f 6f 6d",
                        w -> w.error("boom"),
                        r -> Optional.ofNullable(r.readError()),
                        Optional.of("boom")),
                of(
                        "expected<u32> 42",
                        "01 2a 00 00 00",
                        w -> w.expected().u32(42),
                        r -> expected(r, SpsReader::readU32),
                        42L),
                of(
                        "expected<u32> err \"boom\"",
                        "00 04 00 00 00 00 00 00 00 62 6f 6f 6d",
                        w -> w.unexpected("boom"),
                        r -> expected(r, SpsReader::readU32),
                        "boom"));
    }

    private static List<Vector> memory() {
        return List.of(
                group("AllocGroup RW", "03", new AllocGroup(true, true, false, Lifetime.STANDARD)),
                group("AllocGroup RX", "05", new AllocGroup(true, false, true, Lifetime.STANDARD)),
                group("AllocGroup R finalize", "09", new AllocGroup(true, false, false, Lifetime.FINALIZE)),
                group("AllocGroup RX finalize", "0d", new AllocGroup(true, false, true, Lifetime.FINALIZE)),
                of(
                        "AllocAction fn=0x1000 args=ab cd",
                        "00 10 00 00 00 00 00 00 02 00 00 00 00 00 00 00 ab cd",
                        w -> SpsMemory.writeAction(w, ACTION),
                        r -> describe(SpsMemory.readAction(r)),
                        ACTION_READ),
                of(
                        "AllocActionPair null,null",
                        "00 ".repeat(31) + "00",
                        w -> SpsMemory.writeActionPair(w, new AllocActionPair(AllocAction.NONE, AllocAction.NONE)),
                        r -> describe(SpsMemory.readActionPair(r)),
                        List.of(NO_ACTION_READ, NO_ACTION_READ)),
                of(
                        "AllocActionPair (0x1000,\"ab cd\"),(0,\"\")",
                        "00 10 00 00 00 00 00 00 02 00 00 00 00 00 00 00 ab cd " + "00 ".repeat(15) + "00",
                        w -> SpsMemory.writeActionPair(w, new AllocActionPair(ACTION, AllocAction.NONE)),
                        r -> describe(SpsMemory.readActionPair(r)),
                        List.of(ACTION_READ, NO_ACTION_READ)),
                of(
                        "Segment RW 0x10000 0x1000 content de ad",
                        SEGMENT_HEX,
                        w -> SpsMemory.writeSegment(w, SEGMENT),
                        r -> describe(SpsMemory.readSegment(r)),
                        SEGMENT_READ),
                of(
                        "InitializeRequest 1 seg, 0 actions",
                        REQUEST_HEX,
                        SpsVectors::writeRequest,
                        SpsVectors::readRequest,
                        REQUEST_READ),
                of(
                        "InitializeRequest of shared memory 1 seg, 1 pair",
                        "01 00 00 00 00 00 00 00 03 00 00 01 00 00 00 00 00 00 10 00 00 00 00 00 00 "
                                + "01 00 00 00 00 00 00 00 00 10 00 00 00 00 00 00 02 00 00 00 00 00 00 00 ab cd "
                                + "00 ".repeat(15) + "00",
                        SpsVectors::writeSharedRequest,
                        r -> describe(SpsMemory.readSharedInitializeRequest(r)),
                        List.of(
                                List.of(List.of("rw-", address(0x10000), 0x1000L, "")),
                                List.of(List.of(ACTION_READ, NO_ACTION_READ)))));
    }

    private static List<Vector> calls() {
        List<Vector> calls = new ArrayList<>();
        calls.add(of(
                "initialize call args: instance=0x5000, request",
                "00 50 00 00 00 00 00 00 " + REQUEST_HEX,
                w -> writeRequest(w.u64(0x5000)),
                r -> List.of(r.readU64(), readRequest(r)),
                List.of(0x5000L, REQUEST_READ)));
        calls.add(of(
                "reserve call args: instance=0x5000,size=0x10000",
                "00 50 00 00 00 00 00 00 00 00 01 00 00 00 00 00",
                w -> w.u64(0x5000).u64(0x10000),
                r -> List.of(r.readU64(), r.readU64()),
                List.of(0x5000L, 0x10000L)));
        calls.add(of(
                "reserve reply expected<addr> 0x7f0000000000",
                "01 00 00 00 00 00 7f 00 00",
                w -> w.expected().address(address(0x7f0000000000L)),
                r -> expected(r, SpsReader::readAddress),
                address(0x7f0000000000L)));
        calls.add(of(
                "releaseMultiple args instance=0x5000,[0x10000]",
                "00 50 00 00 00 00 00 00 01 00 00 00 00 00 00 00 00 00 01 00 00 00 00 00",
                w -> w.u64(0x5000).count(1).u64(0x10000),
                r -> List.of(r.readU64(), list(r, 8, SpsReader::readU64)),
                List.of(0x5000L, List.of(0x10000L))));
        calls.addAll(dylibCalls());
        calls.addAll(otherCalls());
        return calls;
    }

    private static List<Vector> dylibCalls() {
        return List.of(
                of(
                        "dylib load args inst=0x6000,\"libm.so.6\"",
                        "00 60 00 00 00 00 00 00 09 00 00 00 00 00 00 00 6c 69 62 6d 2e 73 6f 2e 36",
                        w -> w.u64(0x6000).name("libm.so.6"),
                        r -> List.of(r.readU64(), r.readName()),
                        List.of(0x6000L, "libm.so.6")),
                of(
                        "dylib lookup args inst,handle,[(\"cos\",req),(\"x\",weak)]",
                        "00 60 00 00 00 00 00 00 00 70 00 00 00 00 00 00 02 00 00 00 00 00 00 00 "
                                + "03 00 00 00 00 00 00 00 63 6f 73 01 01 00 00 00 00 00 00 00 78 00",
                        w -> w.u64(0x6000)
                                .u64(0x7000)
                                .count(2)
                                .name("cos")
                                .bool(true)
                                .name("x")
                                .bool(false),
                        r -> List.of(r.readU64(), r.readU64(), list(r, 9, e -> Map.entry(e.readName(), e.readBool()))),
                        List.of(0x6000L, 0x7000L, List.of(Map.entry("cos", true), Map.entry("x", false)))),
                of(
                        "dylib lookup reply expected<seq<opt<addr>>> [0x8000, 0(weak), missing]",
                        "01 03 00 00 00 00 00 00 00 01 00 80 00 00 00 00 00 00 01 00 00 00 00 00 00 00 00 00",
                        w -> w.expected()
                                .count(3)
                                .bool(true)
                                .u64(0x8000)
                                .bool(true)
                                .u64(0)
                                .bool(false),
                        r -> expected(r, e -> list(e, 1, SpsVectors::optional)),
                        List.of(Optional.of(0x8000L), Optional.of(0L), Optional.empty())));
    }

    private static List<Vector> otherCalls() {
        return List.of(
                of(
                        "call_main args fn=0x9000 [\"p\",\"a\"]",
                        "00 90 00 00 00 00 00 00 02 00 00 00 00 00 00 00 "
                                + "01 00 00 00 00 00 00 00 70 01 00 00 00 00 00 00 00 61",
                        w -> w.u64(0x9000).count(2).name("p").name("a"),
                        r -> List.of(r.readU64(), list(r, 8, SpsReader::readName)),
                        List.of(0x9000L, List.of("p", "a"))),
                of(
                        "mem write u16 [(0x1000,0x1234)]",
                        "01 00 00 00 00 00 00 00 00 10 00 00 00 00 00 00 34 12",
                        w -> w.count(1).u64(0x1000).u16(0x1234),
                        r -> list(r, 10, e -> Map.entry(e.readU64(), e.readU16())),
                        List.of(Map.entry(0x1000L, 0x1234))),
                of(
                        "mem read_strings args [0x1000]",
                        "01 00 00 00 00 00 00 00 00 10 00 00 00 00 00 00",
                        w -> w.count(1).u64(0x1000),
                        r -> list(r, 8, SpsReader::readU64),
                        List.of(0x1000L)),
                setup());
    }

    private static Vector setup() {
        return of(
                "setup payload triple=x86_64-unknown-linux-gnu page=4096 {k:v} {foo:0x1000}",
                "18 00 00 00 00 00 00 00 78 38 36 5f 36 34 2d 75 6e 6b 6e 6f 77 6e 2d 6c 69 6e 75 78 2d 67 6e "
                        + "75 00 10 00 00 00 00 00 00 01 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 6b 01 00 "
                        + "00 00 00 00 00 00 76 01 00 00 00 00 00 00 00 03 00 00 00 00 00 00 00 66 6f 6f 00 10 "
                        + "00 00 00 00 00 00",
                w -> w.name(TRIPLE)
                        .u64(4096)
                        .count(1)
                        .name("k")
                        .bytes(new byte[] {'v'})
                        .count(1)
                        .name("foo")
                        .u64(0x1000),
                r -> List.of(
                        r.readName(),
                        r.readU64(),
                        list(r, 16, e -> Map.entry(e.readName(), Vector.HEX.formatHex(e.readBytes()))),
                        list(r, 16, e -> Map.entry(e.readName(), e.readU64()))),
                List.of(TRIPLE, 4096L, List.of(Map.entry("k", "76")), List.of(Map.entry("foo", 0x1000L))));
    }

    private static Vector of(
            String name, String hex, Consumer<SpsWriter> write, Function<SpsReader, Object> read, Object value) {
        return new Vector(name, hex, write, read, value);
    }

    private static Vector group(String name, String hex, AllocGroup group) {
        return of(name, hex, w -> SpsMemory.writeGroup(w, group), SpsMemory::readGroup, group);
    }

    private static ExecutorAddress address(long value) {
        return new ExecutorAddress(value);
    }

    private static void writeRequest(SpsWriter writer) {
        SpsMemory.writeInitializeRequest(writer, new InitializeRequest(List.of(SEGMENT), List.of()));
    }

    private static void writeSharedRequest(SpsWriter writer) {
        AllocActionPair pair = new AllocActionPair(ACTION, AllocAction.NONE);
        SpsMemory.writeSharedInitializeRequest(writer, new InitializeRequest(List.of(SEGMENT), List.of(pair)));
    }

    private static Object readRequest(SpsReader reader) {
        return describe(SpsMemory.readInitializeRequest(reader));
    }

    private static Object describe(InitializeRequest request) {
        return List.of(
                request.segments().stream().map(SpsVectors::describe).toList(),
                request.actions().stream().map(SpsVectors::describe).toList());
    }

    private static List<Object> describe(AllocAction action) {
        return List.of(action.function(), Vector.HEX.formatHex(action.args()));
    }

    private static List<Object> describe(AllocActionPair pair) {
        return List.of(describe(pair.initialize()), describe(pair.deinitialize()));
    }

    private static List<Object> describe(SegmentRequest segment) {
        String content = Vector.HEX.formatHex(segment.content().toArray(ValueLayout.JAVA_BYTE));
        return List.of(segment.group().toString(), segment.address(), segment.sizeBytes(), content);
    }

    private static List<Object> list(SpsReader reader, long minElementBytes, Function<SpsReader, Object> read) {
        List<Object> elements = new ArrayList<>();
        for (long left = reader.readCount(minElementBytes); left > 0; left--) {
            elements.add(read.apply(reader));
        }
        return elements;
    }

    private static Object optional(SpsReader reader) {
        return reader.readBool() ? Optional.of(reader.readU64()) : Optional.empty();
    }

    private static Object expected(SpsReader reader, Function<SpsReader, Object> read) {
        return reader.readBool() ? read.apply(reader) : reader.readText();
    }
}
