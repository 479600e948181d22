// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.TransportException;

class SpsReaderTest {

    @Test
    @Tag("SP-2")
    void a_bool_other_than_0_or_1_is_refused() {
        for (int value = 2; value < 256; value++) {
            byte[] bytes = {(byte) value};
            assertThat(refusal(bytes, SpsReader::readBool))
                    .hasMessage("malformed SPS at byte 0: a bool is 0 or 1, not " + value);
            assertThat(refusal(bytes, SpsReader::readError)).hasMessageEndingWith("not " + value);
        }
    }

    @Test
    @Tag("SP-5")
    void trailing_bytes_are_refused_at_the_end() {
        assertThat(refusal(new byte[] {1, 0, 0}, r -> {
                    r.readBool();
                    r.end();
                }))
                .hasMessage("malformed SPS at byte 1: the end is expected here, but 2 B follow");
    }

    @Test
    @Tag("SP-7")
    void a_refusal_is_a_protocol_violation_and_says_where_it_is_from_the_start_that_was_given() {
        MemorySegment segment = MemorySegment.ofArray(new byte[20]);
        SpsReader reader = new SpsReader().over(segment, 5, 11);
        assertThat(reader.readU64()).isZero();
        assertThat(reader.position()).isEqualTo(13);
        assertThatExceptionOfType(SpsException.class)
                .isThrownBy(reader::readU64)
                .withMessage("malformed SPS at byte 8: 8 B are needed, 3 B are left")
                .satisfies(e -> assertThat(e.offset()).isEqualTo(8))
                .satisfies(e -> assertThat(e.typeId()).isEqualTo(TransportException.PROTOCOL_VIOLATION));
    }

    @Test
    @Tag("SP-3")
    void a_count_must_fit_in_what_is_left_to_the_last_byte() {
        byte[] bytes = new SpsWriter().u64(3).u32(0).u32(0).u8(0).toByteArray();
        assertThat(SpsReader.of(bytes).readCount(3)).isEqualTo(3);
        assertThat(refusal(bytes, r -> r.readCount(4)))
                .hasMessage("malformed SPS at byte 0: "
                        + "a sequence of 3 elements of at least 4 B does not fit in the 9 B that are left");
    }

    @Test
    void a_count_is_printed_as_what_it_is_an_unsigned_number() {
        byte[] bytes = new SpsWriter().u64(-1).toByteArray();
        assertThat(refusal(bytes, r -> r.readCount(1))).hasMessageContaining(" 18446744073709551615 elements");
    }

    @Test
    void elements_that_take_no_bytes_cannot_be_counted() {
        SpsReader reader = SpsReader.of(new byte[8]);
        assertThatIllegalArgumentException().isThrownBy(() -> reader.readCount(0));
        assertThatIllegalArgumentException().isThrownBy(() -> reader.readCount(-1));
    }

    @Test
    @Tag("SP-10")
    void a_range_that_ends_before_it_starts_is_refused_and_addresses_are_unsigned() {
        byte[] upward = new SpsWriter().u64(0x1000).u64(-1).toByteArray();
        byte[] downward = new SpsWriter().u64(-1).u64(0x1000).toByteArray();
        assertThat(SpsReader.of(upward).readRange().end()).isEqualTo(new ExecutorAddress(-1));
        assertThat(refusal(downward, SpsReader::readRange))
                .hasMessage("malformed SPS at byte 0: "
                        + "range ends before it starts: [0xffffffffffffffff, 0x0000000000001000)");
    }

    @Test
    @Tag("SP-6")
    void a_name_keeps_every_byte_and_a_text_replaces_what_is_not_utf_8() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        byte[] bytes = new SpsWriter().bytes(all).toByteArray();
        String name = SpsReader.of(bytes).readName();
        assertThat(name.chars()).hasSize(256).isSorted();
        assertThat(new SpsWriter().name(name).toByteArray()).isEqualTo(bytes);
        assertThat(SpsReader.of(bytes).readText()).startsWith("\0\1\2").endsWith("\ufffd");
    }

    @Test
    void a_string_longer_than_the_kept_buffer_is_read_whole() {
        String text = "€".repeat(5000);
        SpsReader reader =
                SpsReader.of(new SpsWriter().text(text).text("short").text(text).toByteArray());
        assertThat(reader.readText()).isEqualTo(text);
        assertThat(reader.readText()).isEqualTo("short");
        assertThat(reader.readText()).isEqualTo(text);
    }

    @Test
    void skipped_bytes_lie_just_before_the_position() {
        byte[] bytes = new SpsWriter().u8(0).bytes(new byte[] {7, 8, 9}).u8(1).toByteArray();
        SpsReader reader = SpsReader.of(bytes);
        reader.readU8();
        long length = reader.skipBytes();
        assertThat(length).isEqualTo(3);
        assertThat(bytes[(int) (reader.position() - length)]).isEqualTo((byte) 7);
        assertThat(reader.readBool()).isTrue();
    }

    @Test
    void a_new_reader_is_at_its_end_and_a_used_one_can_start_again() {
        SpsReader reader = new SpsReader();
        reader.end();
        assertThatExceptionOfType(SpsException.class).isThrownBy(reader::readU8);
        MemorySegment segment = MemorySegment.ofArray(new byte[] {1, 2, 3});
        assertThat(reader.over(segment, 1, 1)).isSameAs(reader);
        assertThat(reader.segment()).isSameAs(segment);
        assertThat(reader.readU8()).isEqualTo(2);
        reader.end();
    }

    @Test
    void bytes_outside_the_segment_are_a_bug_of_the_caller() {
        MemorySegment segment = MemorySegment.ofArray(new byte[10]);
        SpsReader reader = new SpsReader();
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> reader.over(segment, 5, 6));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> reader.over(segment, -1, 2));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> reader.over(segment, 1, Long.MAX_VALUE));
    }

    private static SpsException refusal(byte[] bytes, Consumer<SpsReader> read) {
        return catchThrowableOfType(SpsException.class, () -> read.accept(SpsReader.of(bytes)));
    }
}
