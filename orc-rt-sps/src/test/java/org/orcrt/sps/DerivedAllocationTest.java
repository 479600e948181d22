// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandles;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Writing by a derived codec takes no memory, and reading takes that of the values.
class DerivedAllocationTest {

    private static final int ROUNDS = 20_000;
    private static final long CONSTANT_BYTES = 4096;

    record Item(String text, long first, long second, byte[] bytes) {}

    record Items(List<Item> items) {}

    record Numbers(
            int a, long b, boolean c, @SpsUnsigned(32) long d) {}

    private static final SpsCodec<Items> ITEMS = SpsCodecs.forRecord(MethodHandles.lookup(), Items.class);
    private static final SpsCodec<Numbers> NUMBERS = SpsCodecs.forRecord(MethodHandles.lookup(), Numbers.class);

    private final SpsWriter writer = new SpsWriter();
    private final SpsReader reader = new SpsReader();
    private final Items items =
            new Items(Collections.nCopies(10, new Item("twenty characters it", 1, 2, new byte[100])));
    private long sum;

    @Test
    void writing_a_list_of_records_with_ascii_texts_allocates_nothing() {
        assertThat(leastOf(() -> ITEMS.write(writer.reset(), items))).isLessThanOrEqualTo(CONSTANT_BYTES);
        assertThat(writer.length()).isEqualTo(8 + 10 * (8 + 20 + 16 + 8 + 100));
    }

    @Test
    void reading_a_record_of_numbers_allocates_at_most_the_record() {
        NUMBERS.write(writer, new Numbers(1, 2, true, 3));
        Runnable read = () -> sum +=
                NUMBERS.read(reader.over(writer.segment(), 0, writer.length())).b();
        assertThat(leastOf(read)).isLessThanOrEqualTo(40L * ROUNDS);
        assertThat(sum).isPositive();
    }

    private static long leastOf(Runnable round) {
        long least = Long.MAX_VALUE;
        for (int k = 0; k < 10 && least > CONSTANT_BYTES; k++) { // the first ones warm up
            least = Math.min(least, Allocations.bytesOf(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                    round.run();
                }
            }));
        }
        return least;
    }
}
