// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.orcrt.bench.Entries.Entry;

/// Ten entries from Java objects to bytes in a buffer that is kept, and back to Java objects.
@State(Scope.Thread)
public class CodecBenchmark {

    private static final int ENTRIES = 10;
    private static final int NAME_CHARACTERS = 20;
    private static final int CONTENT_BYTES = 100;

    private final Entries entries = new Entries(
            IntStream.range(0, ENTRIES).mapToObj(CodecBenchmark::entry).toList());

    private final SpsFormat handWritten = SpsFormat.handWritten();
    private final SpsFormat derived = SpsFormat.derived();
    private final SbeFormat sbe = new SbeFormat();
    private final ProtobufFormat protobuf = new ProtobufFormat();

    /// For JMH.
    public CodecBenchmark() {}

    /// Encodes with each, which makes the bytes that are decoded, and checks that all keep what they are given.
    ///
    /// @throws IOException if protobuf cannot read what it wrote
    @Setup
    public void check() throws IOException {
        encodeHandWritten();
        encodeDerived();
        encodeSbe();
        encodeProtobuf();
        for (Entries decoded : List.of(decodeHandWritten(), decodeDerived(), decodeSbe(), decodeProtobuf())) {
            if (!decoded.sameAs(entries)) {
                throw new IllegalStateException("decoded " + decoded + " from " + entries);
            }
        }
    }

    /// SPS, each field a call of the writer.
    ///
    /// @return how many bytes
    @Benchmark
    public long encodeHandWritten() {
        return handWritten.encode(entries);
    }

    /// SPS, by the codec that is derived from the records.
    ///
    /// @return how many bytes
    @Benchmark
    public long encodeDerived() {
        return derived.encode(entries);
    }

    /// SBE, by its generated flyweight.
    ///
    /// @return how many bytes
    @Benchmark
    public long encodeSbe() {
        return sbe.encode(entries);
    }

    /// protobuf-java: builds the messages and writes them.
    ///
    /// @return how many bytes
    /// @throws IOException if they do not fit in the buffer
    @Benchmark
    public long encodeProtobuf() throws IOException {
        return protobuf.encode(entries);
    }

    /// SPS, each field a call of the reader.
    ///
    /// @return new records
    @Benchmark
    public Entries decodeHandWritten() {
        return handWritten.decode();
    }

    /// SPS, by the codec that is derived from the records.
    ///
    /// @return new records
    @Benchmark
    public Entries decodeDerived() {
        return derived.decode();
    }

    /// SBE, by its generated flyweight.
    ///
    /// @return new records
    @Benchmark
    public Entries decodeSbe() {
        return sbe.decode();
    }

    /// protobuf-java: parses the messages and makes records of them.
    ///
    /// @return new records
    /// @throws IOException if the bytes are no message
    @Benchmark
    public Entries decodeProtobuf() throws IOException {
        return protobuf.decode();
    }

    private static Entry entry(int index) {
        String name = "symbol_%d_".formatted(index);
        byte[] content = new byte[CONTENT_BYTES];
        Arrays.fill(content, (byte) index);
        return new Entry(
                name + "x".repeat(NAME_CHARACTERS - name.length()), index * 0x1_0000_0001L, -1L - index, content);
    }
}
