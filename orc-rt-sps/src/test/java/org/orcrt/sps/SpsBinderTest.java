// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.orcrt.api.Execution;

/// What becomes of Java types, and what is said of those that nothing becomes of.
class SpsBinderTest {

    private static final SpsBinder BINDER = SpsBinder.in(MethodHandles.lookup());

    record Everything(
            boolean flag,
            byte tiny,
            short small,
            char letter,
            int number,
            long big,
            Integer boxed,
            String text,
            @SpsName String name,
            byte[] bytes,
            List<List<Inner>> deep,
            Map<Integer, Optional<Inner>> map,
            Inner inner) {}

    private record Inner(long first, @SpsUnsigned(32) Long second) {}

    record Empty() {}

    record Moment(Instant at) {}

    enum Color {
        RED
    }

    record HasDouble(double d) {}

    record HasEnum(Color color) {}

    record HasArray(String[] names) {}

    record HasRawList(@SuppressWarnings("rawtypes") List list) {}

    record HasWildcard(List<?> list) {}

    record HasSet(Set<String> set) {}

    record HasClass(Thread thread) {}

    record HasItself(List<HasItself> children) {}

    record HasEmptyList(List<Empty> list) {}

    record HasArrayKeys(Map<byte[], Long> map) {}

    record Generic<T>(T value) {}

    record HasOddUnsigned(@SpsUnsigned(16) long v) {}

    record HasNamedBytes(@SpsName byte[] v) {}

    record Outer(HasDouble nested) {}

    @Test
    void every_kind_of_component_survives() {
        Inner inner = new Inner(-1, 0xffff_ffffL);
        Everything all = new Everything(
                true,
                (byte) -2,
                (short) -3,
                'x',
                -5,
                -6,
                7,
                "tëxt",
                "nàme",
                new byte[] {1, 2},
                List.of(List.of(inner, inner), List.of()),
                Map.of(3, Optional.of(inner)),
                inner);
        SpsCodec<Everything> codec = BINDER.codec(Everything.class);
        assertThat(codec.decode(codec.encode(all))).usingRecursiveComparison().isEqualTo(all);
        assertThat(codec.minBytes()).isEqualTo(1 + 1 + 2 + 2 + 4 + 8 + 4 + 8 + 8 + 8 + 8 + 8 + 12);
    }

    @Test
    void a_list_without_random_access_is_written_in_order() {
        SpsCodec<CodecCases.Numbers> codec = BINDER.codec(CodecCases.Numbers.class);
        byte[] linked = codec.encode(new CodecCases.Numbers(new LinkedList<>(List.of(3, 1, 2))));
        assertThat(linked).isEqualTo(codec.encode(new CodecCases.Numbers(List.of(3, 1, 2))));
    }

    @Test
    void a_record_without_components_takes_no_bytes() {
        assertThat(BINDER.codec(Empty.class).encode(new Empty())).isEmpty();
        assertThat(BINDER.codec(Empty.class).minBytes()).isZero();
    }

    @Test
    void a_type_takes_the_codec_that_it_is_given() {
        SpsCodec<Instant> millis =
                SpsCodec.of(8, (w, at) -> w.u64(at.toEpochMilli()), r -> Instant.ofEpochMilli(r.readU64()));
        SpsCodec<Moment> codec = BINDER.with(Instant.class, millis).codec(Moment.class);
        Moment moment = new Moment(Instant.ofEpochMilli(123_456));
        assertThat(codec.decode(codec.encode(moment))).isEqualTo(moment);
    }

    @Test
    void null_is_no_value() {
        assertThatNullPointerException()
                .isThrownBy(() -> BINDER.codec(CodecCases.Text.class).encode(new CodecCases.Text(null)));
    }

    @Test
    void components_without_a_type_are_named_with_the_remedy() {
        assertRefused(
                HasDouble.class, "component 'd' of record", "HasDouble: double has no type", "doubleToRawLongBits");
        assertRefused(HasEnum.class, "component 'color'", "SPS has no enums", "SpsBinder.with");
        assertRefused(HasArray.class, "component 'names'", "java.lang.String[]", "byte[], int[] and long[]");
        assertRefused(HasRawList.class, "component 'list'", "as in List<String>");
        assertRefused(HasWildcard.class, "component 'list'", "without wildcards");
        assertRefused(HasSet.class, "component 'set'", "List, Map, Optional and SpsExpected");
        assertRefused(HasClass.class, "component 'thread'", "make it a record");
        assertRefused(HasItself.class, "component 'children'", "SpsCodecs.recursive");
        assertRefused(HasEmptyList.class, "component 'list'", "no count of them");
        assertRefused(HasArrayKeys.class, "component 'map'", "compared by equals");
        assertRefused(HasOddUnsigned.class, "component 'v'", "@SpsUnsigned is for");
        assertRefused(HasNamedBytes.class, "component 'v'", "only a String");
        assertRefused(Outer.class, "component 'd' of record", "HasDouble");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BINDER.codec(Generic.class))
                .withMessageContaining("a generic record");
    }

    @Test
    void a_lookup_without_all_rights_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SpsBinder.in(MethodHandles.publicLookup()))
                .withMessageContaining("pass MethodHandles.lookup()");
    }

    @Test
    void a_record_that_the_lookup_may_not_make_is_refused() throws IllegalAccessException {
        SpsBinder elsewhere = SpsBinder.in(MethodHandles.privateLookupIn(Vector.class, MethodHandles.lookup()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> elsewhere.codec(Inner.class))
                .withMessageContaining("cannot be made from org.orcrt.sps.Vector")
                .withMessageContaining("make it public");
    }

    interface Good {
        long add(long left, long right);

        @SpsMethod(name = "whole.name", fallible = true)
        void check(String text);

        CompletionStage<Void> later();

        default long twice(long v) {
            return add(v, v);
        }
    }

    interface Overloaded {
        void f(int v);

        void f(long v);
    }

    interface Checked {
        void f() throws IOException;
    }

    interface Gone {
        MemorySegment f();
    }

    interface HiddenSlice {
        Optional<CodecCases.Initialize> f();
    }

    interface StagedSlice {
        CompletionStage<MemorySegment> f(MemorySegment v);
    }

    interface BoxedVoid {
        Void f();
    }

    interface RawStage {
        @SuppressWarnings("rawtypes")
        CompletionStage f();
    }

    interface BadParameter {
        void f(int good, double bad);
    }

    interface Nothing {}

    interface GenericOne<T> {
        void f(T v);
    }

    @Test
    void the_methods_of_an_interface_are_functions() {
        assertThat(BINDER.withPrefix("demo.").bind(Good.class).names())
                .containsExactly("demo.add", "demo.later", "whole.name");
    }

    @Test
    void interfaces_that_cannot_be_bound_are_named_with_the_remedy() {
        assertUnbound(Overloaded.class, "two methods for function 'f'", "@SpsMethod(name = ...)");
        assertUnbound(Checked.class, "Checked.f declares", "IOException", "throw CallException");
        assertUnbound(Gone.class, "the result of", "take byte[]");
        assertUnbound(HiddenSlice.class, "component 'request' of", "take byte[]");
        assertThat(BINDER.bind(StagedSlice.class).names()).containsExactly("f");
        assertUnbound(BoxedVoid.class, "the result of", "java.lang.Void");
        assertUnbound(RawStage.class, "CompletionStage", "say of what");
        assertUnbound(BadParameter.class, "parameter 2 of", "BadParameter.f", "double");
        assertUnbound(Nothing.class, "no abstract method");
        assertUnbound(GenericOne.class, "neither sealed nor generic");
        assertUnbound(String.class, "take an interface");
        assertThatIllegalArgumentException().isThrownBy(() -> BINDER.withTimeout(Duration.ZERO));
    }

    @Test
    void a_leaf_cannot_return_a_stage() {
        Good good = new Good() {
            @Override
            public long add(long left, long right) {
                return left + right;
            }

            @Override
            public void check(String text) {}

            @Override
            public CompletionStage<Void> later() {
                throw new AssertionError();
            }
        };
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BINDER.bind(Good.class).functions(Execution.LEAF, good))
                .withMessageContaining("before it returns");
        assertThat(good.twice(2)).isEqualTo(4);
    }

    private static void assertRefused(Class<? extends Record> type, String... parts) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> BINDER.codec(type))
                .satisfies(refused -> assertThat(refused.getMessage()).contains(parts));
    }

    private static void assertUnbound(Class<?> type, String... parts) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> BINDER.bind(type))
                .satisfies(refused -> assertThat(refused.getMessage()).contains(parts));
    }

    /// Declares what every object has, as `java.util.Comparator` does.
    interface WithToString {
        int twice(int number);

        @Override
        String toString();
    }

    @Test
    void what_every_object_has_stays_here() {
        assertThat(BINDER.bind(WithToString.class).functions(Execution.DISPATCHED, new WithToString() {
                    @Override
                    public int twice(int number) {
                        return 2 * number;
                    }

                    @Override
                    public String toString() {
                        return "here";
                    }
                }))
                .containsOnlyKeys("twice");
    }
}
