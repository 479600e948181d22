// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypeIdTest {

    private static final TypeId ROOT = TypeId.root("shape");
    private static final TypeId CIRCLE = ROOT.child("circle");
    private static final TypeId SQUARE = ROOT.child("square");
    private static final TypeId UNIT_CIRCLE = CIRCLE.child("unit");

    @Test
    @Tag("TY-2")
    void a_kind_is_itself_and_everything_above_it_and_nothing_else() {
        assertThat(UNIT_CIRCLE.isA(UNIT_CIRCLE)).isTrue();
        assertThat(UNIT_CIRCLE.isA(CIRCLE)).isTrue();
        assertThat(UNIT_CIRCLE.isA(ROOT)).isTrue();
        assertThat(UNIT_CIRCLE.isA(SQUARE)).isFalse();
        assertThat(CIRCLE.isA(UNIT_CIRCLE)).isFalse();
        assertThat(CIRCLE.isA(SQUARE)).isFalse();
        assertThat(ROOT.isA(CIRCLE)).isFalse();
    }

    @Test
    @Tag("TY-1")
    void kinds_made_apart_are_equal_by_name_as_two_class_loaders_would_make_them() {
        TypeId again = TypeId.root("shape").child("circle").child("unit");
        assertThat(again).isEqualTo(UNIT_CIRCLE).hasSameHashCodeAs(UNIT_CIRCLE).isNotSameAs(UNIT_CIRCLE);
        assertThat(again.isA(ROOT)).isTrue();
        assertThat(UNIT_CIRCLE.isA(TypeId.root("shape"))).isTrue();
        assertThat(again).isNotEqualTo(CIRCLE).isNotEqualTo("shape.circle.unit");
    }

    @Test
    void a_kind_below_another_needs_no_matching_name() {
        TypeId blob = new TypeId("vendor.blob", CIRCLE);
        assertThat(blob.isA(ROOT)).isTrue();
        assertThat(blob.isA(UNIT_CIRCLE)).isFalse();
    }

    @Test
    @Tag("TY-2")
    void a_name_that_only_begins_like_a_kind_is_not_one_of_it() {
        assertThat(TypeId.root("shape.circle-ish").isA(CIRCLE)).isFalse();
        assertThat(TypeId.root("shape.circle.unit").isA(CIRCLE)).isFalse();
    }

    @Test
    void the_text_is_the_name() {
        assertThat(UNIT_CIRCLE).hasToString("shape.circle.unit");
    }

    @ParameterizedTest
    @Tag("TY-3")
    @ValueSource(strings = {"", ".", "a.", ".a", "A", "a.B", "1a", "a..b", "a b", "-a", "ä", "a\n"})
    void a_name_that_is_not_dotted_lower_case_is_refused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeId.root(name))
                .withMessageContaining("'" + name + "'");
    }

    @Test
    void digits_and_hyphens_are_fine_inside_a_name() {
        assertThat(TypeId.root("orc.error-2.x86-64").child("sse4")).hasToString("orc.error-2.x86-64.sse4");
    }

    @Test
    void a_name_is_as_long_as_its_bound_and_no_longer() {
        TypeId longest = TypeId.root("a".repeat(TypeId.MAX_NAME_CHARS));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeId.root(longest + "a"))
                .withMessageContaining("129 characters; 128 are allowed");
        assertThatIllegalArgumentException().isThrownBy(() -> TypeId.root("a.".repeat(1 << 20)));
    }

    @Test
    void a_lineage_is_as_long_as_its_bound_and_no_longer() {
        TypeId kind = ROOT;
        for (int depth = 1; depth < TypeId.MAX_DEPTH; depth++) {
            kind = kind.child("d");
        }
        TypeId deepest = kind;
        assertThat(deepest.isA(ROOT)).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> deepest.child("d"))
                .withMessageContaining("more than 16 below its root");
    }

    @Test
    void a_kind_below_itself_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TypeId("shape", UNIT_CIRCLE))
                .withMessageContaining("'shape' lies below itself");
    }

    @Test
    void something_typed_is_of_its_kind_and_those_above() {
        Typed thing = () -> UNIT_CIRCLE;
        assertThat(thing.isA(TypeId.root("shape"))).isTrue();
        assertThat(thing.isA(SQUARE)).isFalse();
    }

    @Test
    @Tag("TY-4")
    void a_kind_with_its_parents_survives_serialization() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(UNIT_CIRCLE);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            TypeId back = (TypeId) in.readObject();
            assertThat(back).isEqualTo(UNIT_CIRCLE);
            assertThat(back.isA(ROOT)).isTrue();
        }
    }
}
