// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.orcrt.testing.FuzzInput;
import org.orcrt.testing.FuzzTarget;

/// Any bytes through the reader of any type; the first byte says which. They are read, and what was read is written as
/// the same bytes; or they are refused with an offset inside them. Either way little is allocated.
final class SpsFuzz implements FuzzTarget {

    /// How many bytes reading may allocate for each byte of the input. The smallest elements decide: an
    /// action of 16 bytes on the wire is a record, an address and an array on the heap.
    static final int BYTES_PER_BYTE = 8;

    /// An exception with its text and stack, and what the first use of anything costs.
    private static final int BYTES_PER_READ = 64 * 1024;

    private static final int OFFSET = 3;

    private final List<SpsDecoder> decoders;

    SpsFuzz() {
        this(SpsDecoder.all());
    }

    private SpsFuzz(List<SpsDecoder> decoders) {
        this.decoders = decoders;
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int k = 0; k < decoders.size(); k++) {
            SpsWriter sample = new SpsWriter();
            decoders.get(k).sample().accept(sample);
            seeds.add(input(k, sample.toByteArray()));
            seeds.add(input(k, new SpsWriter().u64(1L << 60).u8(7).toByteArray()));
            seeds.add(input(k, new SpsWriter().u64(1).u64(-1).toByteArray()));
        }
        return seeds;
    }

    @Override
    public void run(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        SpsDecoder decoder = decoders.get(in.u8() % decoders.size());
        byte[] body = in.rest();
        byte[] around = new byte[OFFSET + body.length + 5];
        Arrays.fill(around, (byte) 1);
        System.arraycopy(body, 0, around, OFFSET, body.length);
        MemorySegment segment = MemorySegment.ofArray(around);
        long allocated = Allocations.bytesOf(() -> read(decoder, segment, body));
        if (allocated > allowed(body)) { // the first time may have loaded classes: what counts comes each time
            allocated = Allocations.bytesOf(() -> read(decoder, segment, body));
        }
        if (allocated > allowed(body)) {
            throw new AssertionError("%s: %d B allocated for %d B".formatted(decoder.name(), allocated, body.length));
        }
    }

    /// One more type, whose reader believes a count of up to 2^24.
    @Override
    public FuzzTarget planted() {
        List<SpsDecoder> withBug = new ArrayList<>(decoders);
        withBug.add(SpsDecoder.of(
                "bytes, careless",
                r -> {
                    long count = r.readU64();
                    if (count < 0 || count > 1 << 24) {
                        r.skip(count);
                    }
                    byte[] copy = new byte[(int) count];
                    r.skip(count);
                    MemorySegment.copy(r.segment(), SpsLayouts.I8, r.position() - count, copy, 0, copy.length);
                    return copy;
                },
                SpsWriter::bytes,
                w -> w.bytes(new byte[] {1})));
        return new SpsFuzz(withBug);
    }

    private static byte[] input(int decoder, byte[] body) {
        return new FuzzInput.Builder().u8(decoder).bytes(body).build();
    }

    private static long allowed(byte[] body) {
        return BYTES_PER_READ + (long) BYTES_PER_BYTE * body.length;
    }

    private static void read(SpsDecoder decoder, MemorySegment segment, byte[] body) {
        SpsReader reader = new SpsReader().over(segment, OFFSET, body.length);
        SpsWriter writer = new SpsWriter();
        try {
            decoder.again().accept(reader, writer);
        } catch (SpsException refused) {
            if (refused.offset() < 0 || refused.offset() > body.length) {
                throw new AssertionError(
                        "%s: refused at byte %d of %d".formatted(decoder.name(), refused.offset(), body.length));
            }
            return;
        } finally {
            if (reader.remaining() < 0 || reader.remaining() > body.length) {
                throw new AssertionError("%s: the reader left its bytes".formatted(decoder.name()));
            }
        }
        int taken = (int) (reader.position() - OFFSET);
        if (!Arrays.equals(body, 0, taken, writer.toByteArray(), 0, (int) writer.length())) {
            throw new AssertionError("%s: what was read is written as other bytes".formatted(decoder.name()));
        }
    }
}
