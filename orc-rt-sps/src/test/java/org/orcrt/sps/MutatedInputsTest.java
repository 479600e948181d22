// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each decoder, given its vector with a few bytes changed, again and again: it reads or refuses, and takes no more
/// memory than the bytes account for.
class MutatedInputsTest {

    /// For each decoder.
    private static final int INPUTS = Rows.tenthOf(1_000_000);

    /// What an error takes with its text and its stack, or a value with its parts, whatever the bytes are.
    private static final long CONSTANT_BYTES = 16 * 1024;

    private static final long PATIENCE_S = 600;

    private static final long[] LIES = {1L << 60, 1L << 63, -1, Long.MAX_VALUE, Integer.MAX_VALUE, 1L << 32, 1000, 9, 0
    };

    /// Kept over all inputs, so that what is measured is what decoding takes.
    private final SpsReader reader = new SpsReader();

    private final SpsWriter writer = new SpsWriter();

    static Stream<CodecCase<?>> decoders() {
        return CodecCases.all();
    }

    /// On a thread of its own, because the stack that an exception remembers is short there.
    @ParameterizedTest
    @MethodSource("decoders")
    @Tag("W11")
    void a_changed_input_is_read_or_refused_within_four_times_its_size(CodecCase<?> one) throws Exception {
        FutureTask<Outcome> task = new FutureTask<>(() -> decodeAll(one));
        Thread.ofPlatform().name("mutated-inputs").start(task);
        Outcome outcome = task.get(PATIENCE_S, TimeUnit.SECONDS);
        // even a single byte may be missing
        assertThat(outcome.refused()).isBetween(INPUTS / 100, INPUTS - INPUTS / 100);
        assertThat(outcome.most()).as("bytes beyond four times the input").isLessThan(CONSTANT_BYTES);
    }

    /// What became of all inputs.
    ///
    /// @param refused how many were refused
    /// @param most how many bytes one of them took at most beyond four times its size
    private record Outcome(int refused, long most) {}

    private Outcome decodeAll(CodecCase<?> one) {
        Random random = new Random(one.toString().hashCode());
        byte[] seed = one.bytes();
        int refused = 0;
        long most = 0;
        for (int i = 0; i < INPUTS; i++) {
            mutate(seed, random);
            long before = Allocations.soFar();
            refused += isRefused(one.codec()) ? 1 : 0;
            long extra = Allocations.soFar() - before - 4 * writer.length();
            if (extra >= CONSTANT_BYTES) { // what the JVM takes once for something new, it does not take again
                before = Allocations.soFar();
                isRefused(one.codec());
                extra = Allocations.soFar() - before - 4 * writer.length();
            }
            most = Math.max(most, extra);
        }
        return new Outcome(refused, most);
    }

    private boolean isRefused(SpsCodec<?> codec) {
        reader.over(writer.segment(), 0, writer.length());
        try {
            codec.read(reader);
            return false;
        } catch (SpsException refused) {
            if (refused.offset() < 0 || refused.offset() > writer.length()) {
                throw new AssertionError("offset %d of %d".formatted(refused.offset(), writer.length()), refused);
            }
            return true;
        }
    }

    /// Leaves the input in [#writer].
    private void mutate(byte[] seed, Random random) {
        writer.reset();
        int change = random.nextInt(seed.length);
        switch (random.nextInt(6)) {
            case 0 -> raw(Arrays.copyOf(seed, change));
            case 1 -> {
                byte[] flipped = seed.clone();
                flipped[change] ^= (byte) (1 << random.nextInt(8));
                raw(flipped);
            }
            case 2 -> {
                byte[] other = seed.clone();
                other[change] = (byte) random.nextInt();
                other[random.nextInt(seed.length)] = (byte) random.nextInt();
                raw(other);
            }
            case 3 -> {
                raw(Arrays.copyOf(seed, change));
                writer.u64(LIES[random.nextInt(LIES.length)]);
                raw(Arrays.copyOfRange(seed, change, seed.length));
            }
            case 4 -> {
                int end = Math.min(seed.length, change + Long.BYTES);
                raw(Arrays.copyOf(seed, change));
                writer.u64(LIES[random.nextInt(LIES.length)]);
                raw(Arrays.copyOfRange(seed, end, seed.length));
            }
            default -> {
                byte[] noise = new byte[random.nextInt(2 * seed.length + 1)];
                random.nextBytes(noise);
                raw(noise);
            }
        }
    }

    private void raw(byte[] bytes) {
        for (byte one : bytes) {
            writer.u8(one);
        }
    }
}
