// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orcrt.api.CallException;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;

class SpsCodecsTest {

    static Stream<CodecCase<?>> cases() {
        return CodecCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void writing_gives_the_bytes_of_llvm(CodecCase<?> one) {
        assertThat(Vector.HEX.formatHex(one.written())).isEqualTo(Vector.HEX.formatHex(one.bytes()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void reading_gives_the_value_and_uses_up_the_bytes(CodecCase<?> one) {
        Object value = one.codec().decode(one.bytes());
        assertThat(value).usingRecursiveComparison(CodecCase.BY_CONTENT).isEqualTo(one.value());
        assertThat(one.codec().minBytes()).isBetween(1L, (long) one.bytes().length);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void no_value_can_be_read_when_its_end_is_missing(CodecCase<?> one) {
        for (int length = 0; length < one.bytes().length; length++) {
            SpsReader cut = SpsReader.of(Arrays.copyOf(one.bytes(), length));
            assertThatExceptionOfType(SpsException.class)
                    .as("the first %d bytes", length)
                    .isThrownBy(() -> one.codec().read(cut));
        }
    }

    @Test
    void every_vector_has_a_codec() {
        Set<String> vectors = SpsVectors.all().map(Vector::name).collect(Collectors.toCollection(TreeSet::new));
        CodecCases.all().map(CodecCase::vector).forEach(vectors::remove);
        assertThat(vectors).isEmpty();
    }

    @Test
    void a_key_that_comes_twice_is_refused() {
        SpsCodec<Map<String, Long>> map = SpsCodecs.map(SpsCodecs.NAME, SpsCodecs.I64);
        byte[] twice =
                new SpsWriter().count(2).name("k").u64(1).name("k").u64(2).toByteArray();
        assertThatExceptionOfType(SpsException.class)
                .isThrownBy(() -> map.decode(twice))
                .withMessage("malformed SPS at byte 25: key 2 of a map comes twice");
    }

    @Test
    void a_map_keeps_the_order_of_its_bytes() {
        SpsCodec<Map<Integer, Boolean>> map = SpsCodecs.map(SpsCodecs.U8, SpsCodecs.BOOL);
        byte[] bytes = {3, 0, 0, 0, 0, 0, 0, 0, 9, 1, 2, 0, 7, 1};
        Map<Integer, Boolean> read = map.decode(bytes);
        assertThat(read.keySet()).containsExactly(9, 2, 7);
        assertThat(map.encode(read)).isEqualTo(bytes);
    }

    @Test
    void a_range_of_half_an_element_is_refused_both_ways() {
        SpsCodec<ExecutorAddressRange> ints = SpsCodecs.range(4);
        ExecutorAddressRange half = new ExecutorAddressRange(new ExecutorAddress(0x1000), new ExecutorAddress(0x1006));
        assertThatExceptionOfType(SpsException.class)
                .isThrownBy(() -> ints.decode(SpsCodecs.RANGE.encode(half)))
                .withMessageContaining("does not hold whole elements of 4 B");
        assertThatIllegalArgumentException().isThrownBy(() -> ints.encode(half));
    }

    @Test
    void sequences_of_nothing_have_no_codec() {
        SpsCodec<Long> nothing = SpsCodec.of(0, (w, v) -> {}, r -> 0L);
        assertThatIllegalArgumentException().isThrownBy(() -> SpsCodecs.list(nothing));
        assertThatIllegalArgumentException().isThrownBy(() -> SpsCodecs.map(nothing, nothing));
    }

    @Test
    void a_size_that_java_cannot_hold_is_refused() {
        assertThatExceptionOfType(SpsException.class)
                .isThrownBy(() -> SpsCodecs.SIZE.decode(SpsCodecs.I64.encode(-1L)))
                .withMessageContaining("18446744073709551615");
        assertThatIllegalArgumentException().isThrownBy(() -> SpsCodecs.SIZE.encode(-1L));
    }

    @Test
    void numbers_that_would_lose_bits_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> SpsCodecs.U8.encode(256));
        assertThatIllegalArgumentException().isThrownBy(() -> SpsCodecs.U8.encode(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> SpsCodecs.U16.encode(65536));
        assertThatIllegalArgumentException().isThrownBy(() -> SpsCodecs.U32.encode(1L << 32));
        assertThatIllegalArgumentException().isThrownBy(() -> SpsCodecs.U32.encode(-1L));
    }

    record Tree(int value, List<Tree> children) {}

    private static final SpsCodec<Tree> TREE = SpsCodecs.recursive(12, self -> {
        SpsCodec<List<Tree>> children = SpsCodecs.list(self);
        return SpsCodec.of(
                12,
                (w, tree) -> children.write(w.i32(tree.value()), tree.children()),
                r -> new Tree(r.readI32(), children.read(r)));
    });

    @Test
    void values_nest_64_deep_and_no_deeper() {
        assertThat(TREE.decode(TREE.encode(chain(64)))).isEqualTo(chain(64));
        byte[] tooDeep = TREE.encode(chain(65));
        assertThatExceptionOfType(SpsException.class)
                .isThrownBy(() -> TREE.decode(tooDeep))
                .withMessageContaining("nested deeper than 64");
    }

    @Test
    void siblings_do_not_count_as_depth() {
        Tree wide = new Tree(0, Collections.nCopies(200, new Tree(1, List.of())));
        assertThat(TREE.decode(TREE.encode(wide))).isEqualTo(wide);
    }

    @Test
    void an_error_or_an_unexpected_result_can_be_thrown() {
        SpsError.SUCCESS.orThrow();
        assertThat(SpsExpected.of(7).orThrow()).isEqualTo(7);
        assertThatExceptionOfType(CallException.class)
                .isThrownBy(() -> SpsError.of("boom\n").orThrow())
                .withMessage("boom\\n");
        assertThatExceptionOfType(CallException.class)
                .isThrownBy(() -> SpsExpected.failure("boom").orThrow())
                .satisfies(failure -> assertThat(failure.typeId()).isEqualTo(CallException.HANDLER_FAILED));
    }

    @Test
    void what_llvm_calls_a_symbol_definition_takes_ten_bytes() {
        SymbolDefinition symbol = new SymbolDefinition(new ExecutorAddress(0x1234), 0x21, 0xff);
        byte[] bytes = SpsCodecs.SYMBOL_DEFINITION.encode(symbol);
        assertThat(Vector.HEX.formatHex(bytes)).isEqualTo("34 12 00 00 00 00 00 00 21 ff");
        assertThat(SpsCodecs.SYMBOL_DEFINITION.decode(bytes)).isEqualTo(symbol);
        assertThatIllegalArgumentException().isThrownBy(() -> new SymbolDefinition(symbol.address(), 256, 0));
    }

    @Test
    void text_of_every_kind_is_written_as_the_jdk_encodes_it() {
        for (String text : List.of(
                "",
                "a",
                "ascii only, 20 chars",
                "é",
                "aé",
                "a\0b",
                "\0é",
                "é\0",
                "日本",
                "a\ud800",
                "\ud800b",
                "😀",
                "x".repeat(5000) + "é")) {
            byte[] expected = new SpsWriter().bytes(text.getBytes(UTF_8)).toByteArray();
            assertThat(SpsCodecs.TEXT.encode(text)).as(text).isEqualTo(expected);
        }
    }

    @Test
    void a_name_is_one_byte_for_each_character_or_refused() {
        for (String name : List.of("", "?", "a?b", "é", "\u00ff?", "\0")) {
            byte[] expected = new SpsWriter().bytes(name.getBytes(ISO_8859_1)).toByteArray();
            assertThat(SpsCodecs.NAME.encode(name)).as(name).isEqualTo(expected);
        }
        for (String name : List.of("\u0100", "?\u0100", "a😀b", "\ud800")) {
            assertThatIllegalArgumentException().as(name).isThrownBy(() -> SpsCodecs.NAME.encode(name));
        }
    }

    @Test
    void an_optional_that_holds_one_is_no_mistake() {
        SpsCodec<Optional<Optional<Boolean>>> twice = SpsCodecs.optional(SpsCodecs.optional(SpsCodecs.BOOL));
        assertThat(twice.encode(Optional.of(Optional.empty()))).containsExactly(1, 0);
        assertThat(twice.decode(new byte[] {1, 1, 1})).contains(Optional.of(true));
    }

    private static Tree chain(int length) {
        Tree tree = new Tree(0, List.of());
        for (int i = 1; i < length; i++) {
            tree = new Tree(i, List.of(tree));
        }
        return tree;
    }
}
