// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecutorAddressTest {

    @Test
    void the_null_address_is_zero_and_nothing_else_is() {
        assertThat(ExecutorAddress.NULL).isEqualTo(new ExecutorAddress(0));
        assertThat(ExecutorAddress.NULL.isNull()).isTrue();
        assertThat(new ExecutorAddress(1).isNull()).isFalse();
        assertThat(new ExecutorAddress(Long.MIN_VALUE).isNull()).isFalse();
    }

    @Test
    void order_is_that_of_unsigned_numbers() {
        List<ExecutorAddress> sorted = LongStream.of(-1, Long.MIN_VALUE, 1, 0, Long.MAX_VALUE, -2)
                .mapToObj(ExecutorAddress::new)
                .sorted()
                .toList();
        assertThat(sorted)
                .extracting(ExecutorAddress::value)
                .containsExactly(0L, 1L, Long.MAX_VALUE, Long.MIN_VALUE, -2L, -1L);
        assertThat(new ExecutorAddress(7)).isEqualByComparingTo(new ExecutorAddress(7));
    }

    @Test
    void equal_numbers_are_equal_addresses() {
        assertThat(new ExecutorAddress(-5))
                .isEqualTo(new ExecutorAddress(-5))
                .hasSameHashCodeAs(new ExecutorAddress(-5))
                .isNotEqualTo(new ExecutorAddress(5));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0x0000000000000000",
        "4096, 0x0000000000001000",
        "140737488355327, 0x00007fffffffffff",
        "-1, 0xffffffffffffffff",
        "-9223372036854775808, 0x8000000000000000"
    })
    void the_text_is_sixteen_hexadecimal_digits(long value, String text) {
        assertThat(new ExecutorAddress(value)).hasToString(text);
    }

    @Test
    void a_sum_wraps_like_a_pointer() {
        assertThat(new ExecutorAddress(0x1000).plus(0x10)).isEqualTo(new ExecutorAddress(0x1010));
        assertThat(new ExecutorAddress(0x1000).plus(-0x10)).isEqualTo(new ExecutorAddress(0xff0));
        assertThat(new ExecutorAddress(-1).plus(1)).isEqualTo(ExecutorAddress.NULL);
    }

    @Test
    void a_handler_tag_prints_as_an_unsigned_number() {
        assertThat(new HandlerTag(-1)).hasToString("tag 0xffffffffffffffff");
    }
}
