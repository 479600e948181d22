// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;

class SpsWriterTest {

    private final SpsWriter writer = new SpsWriter();

    @Test
    void the_buffer_grows_under_every_method_and_loses_nothing() {
        for (int gap = 0; gap < 64; gap++) {
            SpsWriter small = new SpsWriter();
            while (small.segment().byteSize() - small.length() > gap) {
                small.u8(0x5a);
            }
            long filled = small.length();
            writeSomeOfAll(small);
            SpsReader reader = new SpsReader().over(small.segment(), 0, small.length());
            for (long i = 0; i < filled; i++) {
                assertThat(reader.readU8()).isEqualTo(0x5a);
            }
            readSomeOfAll(reader);
        }
    }

    @Test
    void the_segment_starts_with_what_was_written_and_has_the_same_bytes_as_the_array() {
        writer.name("abc").u16(7);
        byte[] bytes = writer.segment().asSlice(0, writer.length()).toArray(ValueLayout.JAVA_BYTE);
        assertThat(bytes).hasSize(13).isEqualTo(writer.toByteArray());
    }

    @Test
    void a_reset_writer_is_empty_and_keeps_its_buffer() {
        writer.bytes(new byte[10_000]);
        MemorySegment buffer = writer.segment();
        assertThat(writer.reset().length()).isZero();
        assertThat(writer.toByteArray()).isEmpty();
        assertThat(writer.bytes(new byte[10_000]).segment()).isSameAs(buffer);
    }

    @Test
    void a_name_with_a_character_that_is_not_one_byte_is_refused_and_nothing_is_written() {
        writer.u8(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.name("a\u0100"))
                .withMessage("character 1 of name 'a\u0100' is not one byte: U+0100");
        assertThat(writer.length()).isOne();
    }

    @Test
    void a_text_is_utf_8() {
        assertThat(Vector.HEX.formatHex(writer.text("é€").toByteArray()))
                .isEqualTo("05 00 00 00 00 00 00 00 c3 a9 e2 82 ac");
    }

    @Test
    void a_text_of_one_byte_more_than_characters_is_not_taken_for_ascii() {
        assertThat(Vector.HEX.formatHex(writer.text("a\u00e9").toByteArray()))
                .isEqualTo("03 00 00 00 00 00 00 00 61 c3 a9");
        assertThat(Vector.HEX.formatHex(writer.reset().text("a\0").toByteArray()))
                .isEqualTo("02 00 00 00 00 00 00 00 61 00");
    }

    @Test
    void a_negative_count_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> writer.count(-1)).withMessage("count is negative: -1");
    }

    @Test
    void only_bytes_inside_the_source_can_be_written() {
        MemorySegment source = MemorySegment.ofArray(new byte[] {1, 2, 3, 4});
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> writer.bytes(source, 2, 3));
        assertThat(writer.length()).isZero();
        assertThat(Vector.HEX.formatHex(writer.bytes(source, 1, 2).toByteArray()))
                .isEqualTo("02 00 00 00 00 00 00 00 02 03");
    }

    @Test
    void a_writer_can_write_its_own_bytes_even_while_it_grows() {
        for (int i = 0; i < 25; i++) {
            writer.u64(i);
        }
        byte[] before = writer.toByteArray();
        writer.bytes(writer.segment(), 0, writer.length());
        SpsReader reader = new SpsReader().over(writer.segment(), before.length, writer.length() - before.length);
        assertThat(reader.readBytes()).isEqualTo(before);
    }

    private static void writeSomeOfAll(SpsWriter w) {
        w.bool(true).u8(1).u16(2).i32(3).u32(4).u64(5).address(new ExecutorAddress(6));
        w.range(new ExecutorAddressRange(new ExecutorAddress(7), new ExecutorAddress(8)));
        w.name("name").text("text").bytes(new byte[] {9}).bytes(MemorySegment.ofArray(new byte[300]), 0, 300);
        w.success().error("error").expected().unexpected("unexpected");
    }

    private static void readSomeOfAll(SpsReader r) {
        assertThat(r.readBool()).isTrue();
        assertThat(r.readU8()).isEqualTo(1);
        assertThat(r.readU16()).isEqualTo(2);
        assertThat(r.readI32()).isEqualTo(3);
        assertThat(r.readU32()).isEqualTo(4);
        assertThat(r.readU64()).isEqualTo(5);
        assertThat(r.readAddress()).isEqualTo(new ExecutorAddress(6));
        assertThat(r.readRange().sizeBytes()).isOne();
        assertThat(r.readName()).isEqualTo("name");
        assertThat(r.readText()).isEqualTo("text");
        assertThat(r.readBytes()).containsExactly(9);
        assertThat(r.readBytes()).hasSize(300);
        assertThat(r.readError()).isNull();
        assertThat(r.readError()).isEqualTo("error");
        assertThat(r.readBool()).isTrue();
        assertThat(r.readBool()).isFalse();
        assertThat(r.readText()).isEqualTo("unexpected");
        r.end();
    }
}
