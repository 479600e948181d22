// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a peer sends cannot fake a log line, drive a terminal or hide.
@Tag("W12")
class PeerTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "böulder 日本語 \uD83D\uDE00", "a 'quoted' \"text\" ${x} %s"})
    void harmless_text_is_passed_on_as_it_is(String text) {
        assertThat(PeerText.escape(text)).isEqualTo(text);
    }

    @Test
    void a_line_break_cannot_begin_a_log_line_of_its_own() {
        assertThat(PeerText.escape("ok\nERROR fake\r\n\tdone")).isEqualTo("ok\\nERROR fake\\r\\n\\tdone");
        assertThat(PeerText.escape("a\u0085b\u2028c\u2029d")).isEqualTo("a\\u0085b\\u2028c\\u2029d");
    }

    @Test
    void an_escape_sequence_cannot_drive_a_terminal() {
        assertThat(PeerText.escape("\u001b[2J\u001b]0;title\u0007\u009b31m\u007f"))
                .isEqualTo("\\u001b[2J\\u001b]0;title\\u0007\\u009b31m\\u007f");
    }

    @Test
    void a_backslash_is_doubled_so_that_escapes_cannot_be_faked() {
        assertThat(PeerText.escape("C:\\new \\u001b")).isEqualTo("C:\\\\new \\\\u001b");
    }

    @Test
    void every_control_character_of_the_first_256_is_escaped() {
        for (char c = 0; c < 256; c++) {
            String line = PeerText.escape(String.valueOf(c));
            assertThat(line.chars().anyMatch(Character::isISOControl))
                    .as("character 0x%02x", (int) c)
                    .isFalse();
        }
    }

    @Test
    void text_that_reorders_or_hides_is_escaped() {
        assertThat(PeerText.escape("user\u202Enimda")).isEqualTo("user\\u202enimda");
        assertThat(PeerText.escape("a\u2066b\u2069c\u200Ed")).isEqualTo("a\\u2066b\\u2069c\\u200ed");
        assertThat(PeerText.escape("zero\u200Bwidth\uFEFF\u00AD")).isEqualTo("zero\\u200bwidth\\ufeff\\u00ad");
    }

    @Test
    void format_characters_beyond_the_first_65536_are_escaped_too() {
        String tagged = "ok" + Character.toString(0xE0041) + Character.toString(0x1D173);
        assertThat(PeerText.escape(tagged)).isEqualTo("ok\\u{e0041}\\u{1d173}");
    }

    @Test
    void half_a_surrogate_pair_is_escaped_because_no_encoding_has_it() {
        assertThat(PeerText.escape("\uD83D")).isEqualTo("\\ud83d");
        assertThat(PeerText.escape("\uDE00 \uD83Dx")).isEqualTo("\\ude00 \\ud83dx");
    }

    @Test
    void text_of_the_longest_length_is_whole() {
        String longest = "x".repeat(PeerText.MAX_CHARS);
        assertThat(PeerText.MAX_CHARS).isEqualTo(1024);
        assertThat(PeerText.escape(longest)).isEqualTo(longest);
    }

    @Test
    void longer_text_is_cut_and_says_how_long_it_was() {
        assertThat(PeerText.escape("x".repeat(1025))).isEqualTo("x".repeat(1024) + "... (1025 characters)");
        assertThat(PeerText.escape("y".repeat(1 << 20))).hasSize(1024 + "... (1048576 characters)".length());
        assertThat(PeerText.escape("\n".repeat(2000))).isEqualTo("\\n".repeat(1024) + "... (2000 characters)");
    }

    @Test
    void the_cut_does_not_split_a_surrogate_pair() {
        String pair = "\uD83D\uDE00";
        String cut = PeerText.escape("x".repeat(1023) + pair);
        assertThat(cut.substring(1020)).isEqualTo("xxx... (1025 characters)");
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(cut)).isTrue();
        assertThat(PeerText.escape("x".repeat(1022) + pair)).isEqualTo("x".repeat(1022) + pair);
    }

    @Test
    void a_line_of_ours_keeps_its_backslashes_and_loses_what_breaks_lines() {
        assertThat(PeerText.oneLine("path 'a\\tb'\nand \u202e more")).isEqualTo("path 'a\\tb'\\u000aand \\u202e more");
        assertThat(PeerText.oneLine("")).isEmpty();
    }

    @Test
    void a_line_of_ours_has_at_most_1024_bytes_whatever_it_is_made_of() {
        for (String piece : new String[] {"a", "\u00e9", "\u0416", "\u20ac", "\ud83d\ude00", "\n", "\ud83d"}) {
            for (int pieces = 100; pieces < 1100; pieces++) {
                String line = PeerText.oneLine(piece.repeat(pieces));
                byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
                assertThat(bytes.length).isLessThanOrEqualTo(PeerText.MAX_LINE_BYTES);
                if (line.endsWith("...")) {
                    assertThat(bytes.length).isGreaterThan(PeerText.MAX_LINE_BYTES - 16);
                }
            }
        }
        assertThat(PeerText.oneLine("a".repeat(1021))).isEqualTo("a".repeat(1021));
    }
}
