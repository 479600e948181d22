// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.orcrt.spi.FrameSink;
import org.orcrt.testing.FuzzInput;
import org.orcrt.testing.FuzzTarget;

/// Any sequence of what a controller may send and of what we do meanwhile, over a whole [Connection] that reads on the
/// thread of the test. [ConnectionModel] says what must come of each step.
///
/// ```text
/// input    rules: 8 bits, odd is the strict dialect   then steps
/// step     what: 8 bits, +128 if the next one is of the same poll, modulo 9:
///   0 call          number, target: 64 bits each      payload
///   1 result        which call of ours: 8 bits        payload
///   2 hang-up       payload
///   3 Setup         number, target: 64 bits each      payload
///   4 any frame     opcode: 8 bits   number, target: 64 bits each   payload
///   5 we call       payload
///   6 we withdraw   which call of ours: 8 bits
///   7 we answer     number: 64 bits                   payload
///   8 we disconnect
/// payload  length: 8 bits, its low 5 bits count       bytes
/// ```
final class ConnectionFuzz implements FuzzTarget {

    /// A connection with its exceptions; a length that is believed would be more.
    private static final long BYTES_PER_RUN = 1 << 20;

    private static final long BYTES_PER_BYTE = 64;

    /// What lies between the channel and the connection.
    private final UnaryOperator<FrameSink> between;

    ConnectionFuzz() {
        this(sink -> sink);
    }

    private ConnectionFuzz(UnaryOperator<FrameSink> between) {
        this.between = between;
    }

    @Override
    public List<byte[]> seeds() {
        byte[] none = {};
        return List.of(
                llvm().u8(0).u64(7).u64(0x1000).u8(3).bytes(Frames.ascii("arg")).build(),
                llvm().u8(5)
                        .u8(0)
                        .u8(5)
                        .u8(0)
                        .u8(1)
                        .u8(1)
                        .u8(2)
                        .bytes(Frames.ascii("ok"))
                        .build(),
                llvm().u8(5).u8(0).u8(1).u8(0).u8(0).u8(1).u8(0).u8(0).build(),
                llvm().u8(5)
                        .u8(0)
                        .u8(6)
                        .u8(0)
                        .u8(1)
                        .u8(0)
                        .u8(0)
                        .u8(1)
                        .u8(0)
                        .u8(0)
                        .build(),
                strict().u8(7).u64(9).u8(0).u8(2).u8(1).bytes((byte) 0).build(),
                strict().u8(2 + 128 + 7).u8(1).bytes((byte) 0).u8(0).build(),
                strict().u8(2)
                        .u8(12)
                        .bytes(Frames.flagged(1, 3, Frames.ascii("bad")))
                        .build(),
                strict().u8(2).u8(9).bytes(Frames.flagged(1, 1L << 60, none)).build(),
                strict().u8(5)
                        .u8(0)
                        .u8(4)
                        .u8(2)
                        .u64(0)
                        .u64(1)
                        .u8(11)
                        .bytes(outOfBand(3))
                        .build(),
                strict().u8(5)
                        .u8(0)
                        .u8(4)
                        .u8(2)
                        .u64(0)
                        .u64(1)
                        .u8(11)
                        .bytes(outOfBand(1L << 60))
                        .build(),
                llvm().u8(3).u64(0).u64(0).u8(0).build(),
                llvm().u8(3).u64(1).u64(0).u8(1).bytes((byte) 1).build(),
                strict().u8(3).u64(0).u64(9).u8(0).u8(3).u64(0).u64(0).u8(0).build(),
                llvm().u8(4).u8(17).u64(0).u64(0).u8(0).build(),
                llvm().u8(4).u8(1).u64(1).u64(0).u8(1).bytes((byte) 0).build(),
                llvm().u8(5)
                        .u8(0)
                        .u8(5)
                        .u8(0)
                        .u8(5)
                        .u8(0)
                        .u8(5)
                        .u8(0)
                        .u8(5)
                        .u8(0)
                        .u8(1)
                        .u8(3)
                        .u8(0)
                        .build(),
                strict().u8(5).u8(0).u8(8).u8(5).u8(0).build(),
                // numbers whose slots are not in their order, at the end
                HexFormat.of().parseHex("0105202020202020202020010709000000000020202020b920000020"));
    }

    @Override
    public void run(byte[] input) {
        long allowed = BYTES_PER_RUN + BYTES_PER_BYTE * input.length;
        long allocated = Allocations.bytesOf(() -> play(input));
        if (allocated > allowed) { // the first time may have loaded classes: what counts comes each time
            allocated = Allocations.bytesOf(() -> play(input));
        }
        if (allocated > allowed) {
            throw new AssertionError("%d B allocated for %d B".formatted(allocated, input.length));
        }
    }

    /// Loses Setup frames that have a target and a payload.
    @Override
    public FuzzTarget planted() {
        return new ConnectionFuzz(sink -> (bytes, offset, frameBytes) -> {
            boolean lost = FrameLayout.opcode(bytes, offset) == Opcode.SETUP
                    && FrameLayout.target(bytes, offset) != 0
                    && frameBytes > FrameLayout.HEADER_BYTES;
            if (!lost) {
                sink.onFrame(bytes, offset, frameBytes);
            }
        });
    }

    private void play(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        Dialect dialect = in.u8() % 2 == 0 ? Llvm22.DIALECT : Frames.STRICT;
        new ScriptedConnection(in, new ConnectionModel(dialect), between).play();
    }

    private static FuzzInput.Builder llvm() {
        return new FuzzInput.Builder().u8(0);
    }

    private static FuzzInput.Builder strict() {
        return new FuzzInput.Builder().u8(1);
    }

    private static byte[] outOfBand(long length) {
        return Frames.sequence(length, Frames.ascii("oob"));
    }
}
