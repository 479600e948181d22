// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/// A type of SPS, as [SpsFuzz] tries it: how to read it, and how to write what was read. A further type is a line in
/// [#all()]; new lines go to the end, because an input names its type by its place.
///
/// @param name what it is
/// @param again reads a value and writes it
/// @param sample writes a value to begin with
record SpsDecoder(String name, BiConsumer<SpsReader, SpsWriter> again, Consumer<SpsWriter> sample) {

    static <T> SpsDecoder of(
            String name, Function<SpsReader, T> read, BiConsumer<SpsWriter, T> write, Consumer<SpsWriter> sample) {
        return new SpsDecoder(name, (in, out) -> write.accept(out, read.apply(in)), sample);
    }

    static List<SpsDecoder> all() {
        List<SpsDecoder> all = new ArrayList<>(numbers());
        all.addAll(sequences());
        all.addAll(nested());
        all.addAll(memory());
        return all;
    }

    private static List<SpsDecoder> numbers() {
        return List.of(
                of("bool", SpsReader::readBool, SpsWriter::bool, w -> w.bool(true)),
                of("u8", SpsReader::readU8, SpsWriter::u8, w -> w.u8(200)),
                of("u16", SpsReader::readU16, SpsWriter::u16, w -> w.u16(60_000)),
                of("i32", SpsReader::readI32, SpsWriter::i32, w -> w.i32(-47)),
                of("u32", SpsReader::readU32, SpsWriter::u32, w -> w.u32(4_000_000_000L)),
                of("u64", SpsReader::readU64, SpsWriter::u64, w -> w.u64(-1)),
                of("address", SpsReader::readAddress, SpsWriter::address, w -> w.u64(0x1000)),
                of(
                        "range",
                        SpsReader::readRange,
                        SpsWriter::range,
                        w -> w.u64(0x1000).u64(0x2000)));
    }

    private static List<SpsDecoder> sequences() {
        return List.of(
                of("name", SpsReader::readName, SpsWriter::name, w -> w.name("foo\0bar")),
                of("bytes", SpsReader::readBytes, SpsWriter::bytes, w -> w.bytes(new byte[] {3, 2, 1, 0})),
                new SpsDecoder(
                        "bytes in place",
                        (in, out) -> {
                            long length = in.skipBytes();
                            out.bytes(in.segment(), in.position() - length, length);
                        },
                        w -> w.bytes(new byte[] {1, 2, 3})),
                of(
                        "i32s",
                        r -> list(r, 4, SpsReader::readI32),
                        (w, v) -> each(w, v, SpsWriter::i32),
                        w -> w.count(2).i32(1).i32(-47)),
                of(
                        "names",
                        SpsDecoder::readNames,
                        SpsDecoder::writeNames,
                        w -> w.count(2).name("k").name("")));
    }

    private static List<SpsDecoder> nested() {
        return List.of(
                new SpsDecoder(
                        "optional",
                        (in, out) -> {
                            if (in.readBool()) {
                                out.bool(true).u64(in.readU64());
                            } else {
                                out.bool(false);
                            }
                        },
                        w -> w.bool(true).u64(42)),
                of(
                        "sequences of sequences of names",
                        r -> list(r, 8, SpsDecoder::readNames),
                        (w, v) -> each(w, v, SpsDecoder::writeNames),
                        w -> w.count(2).count(0).count(1).name("foo")),
                of(
                        "map",
                        r -> list(r, 16, e -> Map.entry(e.readName(), e.readU64())),
                        (w, v) -> each(w, v, (out, e) -> out.name(e.getKey()).u64(e.getValue())),
                        w -> w.count(1).name("k").u64(7)),
                new SpsDecoder(
                        "expected names",
                        (in, out) -> {
                            if (in.readBool()) {
                                writeNames(out.expected(), readNames(in));
                            } else {
                                out.bool(false).name(in.readName());
                            }
                        },
                        w -> w.expected().count(1).name("x")),
                // what is no UTF-8 is read as U+FFFD, so the bytes are not always the same: what was read is kept as it
                // is
                new SpsDecoder("text", (in, out) -> copy(in, out, SpsReader::readText), w -> w.text("d\u00e9j\u00e0")),
                new SpsDecoder("error", (in, out) -> copy(in, out, SpsReader::readError), w -> w.error("no")));
    }

    private static List<SpsDecoder> memory() {
        return List.of(
                of(
                        "initialize request",
                        SpsMemory::readInitializeRequest,
                        SpsMemory::writeInitializeRequest,
                        SpsDecoder::sampleRequest),
                of(
                        "shared initialize request",
                        SpsMemory::readSharedInitializeRequest,
                        SpsMemory::writeSharedInitializeRequest,
                        w -> w.count(1).u8(3).u64(0x10000).u64(0x1000).count(0)),
                of("action pair", SpsMemory::readActionPair, SpsMemory::writeActionPair, SpsDecoder::samplePair),
                of(
                        "action",
                        SpsMemory::readAction,
                        SpsMemory::writeAction,
                        w -> w.u64(0x1000).bytes(new byte[] {9})),
                new SpsDecoder("the end", (in, out) -> in.end(), w -> {}));
    }

    private static void sampleRequest(SpsWriter w) {
        w.count(1)
                .u8(3)
                .u64(0x10000)
                .u64(0x1000)
                .bytes(new byte[] {(byte) 0xde, (byte) 0xad})
                .count(1);
        samplePair(w);
    }

    private static void samplePair(SpsWriter w) {
        w.u64(0x1000).bytes(new byte[] {1, 2}).u64(0).bytes(new byte[0]);
    }

    static <T> List<T> list(SpsReader reader, long minElementBytes, Function<SpsReader, T> read) {
        long count = reader.readCount(minElementBytes);
        List<T> elements = new ArrayList<>(Math.toIntExact(count));
        for (long i = 0; i < count; i++) {
            elements.add(read.apply(reader));
        }
        return elements;
    }

    private static <T> void each(SpsWriter writer, List<T> elements, BiConsumer<SpsWriter, T> write) {
        writer.count(elements.size());
        elements.forEach(element -> write.accept(writer, element));
    }

    private static List<String> readNames(SpsReader reader) {
        return list(reader, Long.BYTES, SpsReader::readName);
    }

    private static void writeNames(SpsWriter writer, List<String> names) {
        each(writer, names, SpsWriter::name);
    }

    private static void copy(SpsReader in, SpsWriter out, Consumer<SpsReader> read) {
        long from = in.position();
        read.accept(in);
        for (long at = from; at < in.position(); at++) {
            out.u8(in.segment().get(SpsLayouts.I8, at));
        }
    }
}
