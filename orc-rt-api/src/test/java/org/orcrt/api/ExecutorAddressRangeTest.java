// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ExecutorAddressRangeTest {

    @Test
    void the_start_is_inside_and_the_end_is_not() {
        ExecutorAddressRange range = range(0x1000, 0x2000);
        assertThat(range.contains(new ExecutorAddress(0xfff))).isFalse();
        assertThat(range.contains(new ExecutorAddress(0x1000))).isTrue();
        assertThat(range.contains(new ExecutorAddress(0x1fff))).isTrue();
        assertThat(range.contains(new ExecutorAddress(0x2000))).isFalse();
        assertThat(range.sizeBytes()).isEqualTo(0x1000);
    }

    @Test
    void a_range_across_the_sign_bit_is_a_range_like_any_other() {
        ExecutorAddressRange range = range(Long.MAX_VALUE - 1, Long.MIN_VALUE + 2);
        assertThat(range.sizeBytes()).isEqualTo(4);
        assertThat(range.contains(new ExecutorAddress(Long.MAX_VALUE))).isTrue();
        assertThat(range.contains(new ExecutorAddress(Long.MIN_VALUE))).isTrue();
        assertThat(range.contains(new ExecutorAddress(0))).isFalse();
        assertThat(range(0, -1).sizeBytes()).isEqualTo(-1); // unsigned: all but the last address
    }

    @Test
    void a_range_that_runs_backwards_is_refused_with_both_ends() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> range(-1, 1))
                .withMessageContainingAll("0xffffffffffffffff", "0x0000000000000001");
    }

    @Test
    void ranges_overlap_if_they_share_an_address() {
        ExecutorAddressRange range = range(0x1000, 0x2000);
        assertThat(range.overlaps(range)).isTrue();
        assertOverlap(range, range(0x1fff, 0x3000), true);
        assertOverlap(range, range(0x1400, 0x1800), true);
        assertOverlap(range, range(0x2000, 0x3000), false);
        assertOverlap(range, range(0x0, 0x1000), false);
        assertOverlap(range, range(-2, -1), false);
    }

    @Test
    void an_empty_range_shares_an_address_with_nothing() {
        ExecutorAddressRange empty = range(0x1800, 0x1800);
        assertThat(empty.contains(new ExecutorAddress(0x1800))).isFalse();
        assertThat(empty.sizeBytes()).isZero();
        assertThat(empty.overlaps(empty)).isFalse();
        assertOverlap(empty, range(0x1000, 0x2000), false);
        assertOverlap(empty, range(0x1800, 0x2000), false);
    }

    @Test
    void the_text_shows_that_the_end_is_outside() {
        assertThat(range(1, 16)).hasToString("[0x0000000000000001, 0x0000000000000010)");
    }

    private static void assertOverlap(ExecutorAddressRange one, ExecutorAddressRange other, boolean expected) {
        assertThat(one.overlaps(other)).as("%s and %s", one, other).isEqualTo(expected);
        assertThat(other.overlaps(one)).as("%s and %s", other, one).isEqualTo(expected);
    }

    private static ExecutorAddressRange range(long start, long end) {
        return new ExecutorAddressRange(new ExecutorAddress(start), new ExecutorAddress(end));
    }
}
