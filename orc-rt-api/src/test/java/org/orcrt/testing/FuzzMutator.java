// SPDX-License-Identifier: Apache-2.0
package org.orcrt.testing;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Makes inputs out of seeds: the same ones each time, without looking at what they reach.
final class FuzzMutator {

    private static final int MAX_BYTES = 4096;
    private static final long[] EDGES = {
        0,
        1,
        2,
        7,
        8,
        9,
        31,
        32,
        33,
        127,
        128,
        255,
        256,
        1000,
        4096,
        65_535,
        65_536,
        Integer.MAX_VALUE,
        1L << 31,
        1L << 32,
        1L << 60,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1,
        -2,
        -8,
        -32
    };

    private final List<byte[]> seeds;
    private final Random random;

    FuzzMutator(List<byte[]> seeds, long seed) {
        this.seeds = List.copyOf(seeds);
        this.random = new Random(seed);
    }

    byte[] next() {
        byte[] input = pick();
        for (int steps = 1 + random.nextInt(1 + random.nextInt(8)); steps > 0; steps--) {
            input = step(input);
        }
        return input.length <= MAX_BYTES ? input : Arrays.copyOf(input, MAX_BYTES);
    }

    private byte[] pick() {
        return seeds.get(random.nextInt(seeds.size()));
    }

    private byte[] step(byte[] from) {
        int at = random.nextInt(from.length + 1);
        int length = random.nextInt(1 + Math.min(from.length - at, 1 << random.nextInt(8)));
        return switch (random.nextInt(9)) {
            case 0 -> replaced(from, at, 0, randomBytes(1 + random.nextInt(1 << random.nextInt(6))));
            case 1 -> replaced(from, at, length, new byte[0]);
            case 2 -> replaced(from, at, length, randomBytes(length));
            case 3 -> replaced(from, at, 0, Arrays.copyOfRange(from, at, at + length));
            case 4 -> replaced(from, at, Math.min(Long.BYTES, from.length - at), edge());
            case 5 -> replaced(from, at, 0, edge());
            case 6 -> replaced(from, at, random.nextBoolean() ? from.length - at : 0, pick());
            case 7 -> Arrays.copyOf(from, at);
            default -> bitFlipped(from, at);
        };
    }

    /// Eight bytes, or as many of them as a shorter number has.
    private byte[] edge() {
        byte[] number =
                new FuzzInput.Builder().u64(EDGES[random.nextInt(EDGES.length)]).build();
        return random.nextInt(4) > 0 ? number : Arrays.copyOf(number, 1 << random.nextInt(3));
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] bitFlipped(byte[] from, int at) {
        byte[] flipped = from.clone();
        if (at < flipped.length) {
            flipped[at] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private static byte[] replaced(byte[] from, int at, int length, byte[] with) {
        return new FuzzInput.Builder()
                .bytes(Arrays.copyOf(from, at))
                .bytes(with)
                .bytes(Arrays.copyOfRange(from, at + length, from.length))
                .build();
    }
}
