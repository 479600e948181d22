// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllocGroupTest {

    @ParameterizedTest
    @CsvSource({
        "0, ---",
        "1, r--",
        "2, -w-",
        "3, rw-",
        "4, --x",
        "5, r-x",
        "6, -wx",
        "7, rwx",
        "8, --- (finalize)",
        "9, r-- (finalize)",
        "10, -w- (finalize)",
        "11, rw- (finalize)",
        "12, --x (finalize)",
        "13, r-x (finalize)",
        "14, -wx (finalize)",
        "15, rwx (finalize)"
    })
    void each_of_the_sixteen_numbers_is_one_group_and_back(int id, String text) {
        AllocGroup group = AllocGroup.ofId(id);
        assertThat(group).hasToString(text);
        assertThat(group.id()).isEqualTo(id);
        assertThat(group.protection()).isEqualTo(id & 7);
        assertThat(group.readable()).isEqualTo(text.charAt(0) == 'r');
        assertThat(group.writable()).isEqualTo(text.charAt(1) == 'w');
        assertThat(group.executable()).isEqualTo(text.charAt(2) == 'x');
        assertThat(group.lifetime()).isEqualTo(text.endsWith("(finalize)") ? Lifetime.FINALIZE : Lifetime.STANDARD);
        assertThat(AllocGroup.ofId(group.id())).isEqualTo(group).hasSameHashCodeAs(group);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 16, 255, Integer.MIN_VALUE})
    void a_number_with_unknown_bits_is_refused_and_shown(int id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AllocGroup.ofId(id))
                .withMessageContaining("0x%x".formatted(id));
    }

    @Test
    void groups_of_the_same_protection_differ_by_lifetime() {
        assertThat(AllocGroup.ofId(1)).isNotEqualTo(AllocGroup.ofId(9));
    }
}
