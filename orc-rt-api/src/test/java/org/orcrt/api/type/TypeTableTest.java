// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TypeTableTest {

    private static final TypeId SHAPE = TypeId.root("shape");
    private static final TypeId UNIT = SHAPE.child("circle").child("unit");

    @Test
    void a_kind_brings_those_above_it_and_comes_after_them() {
        TypeTable table = TypeTable.of(List.of(UNIT, SHAPE, SHAPE.child("square")));
        assertThat(table.kinds())
                .extracting(TypeId::name)
                .containsExactly("shape", "shape.circle", "shape.circle.unit", "shape.square");
        assertThat(table.find("shape.circle.unit"))
                .hasValueSatisfying(kind -> assertThat(kind.isA(SHAPE)).isTrue());
        assertThat(table.find("circle")).isEmpty();
    }

    @Test
    void a_name_with_two_parents_is_refused_and_both_are_named() {
        TypeId blob = new TypeId("blob", SHAPE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeTable.of(List.of(blob, new TypeId("blob", UNIT))))
                .withMessageContaining("'blob' has the parent shape and the parent shape.circle.unit");
        assertThatIllegalArgumentException().isThrownBy(() -> TypeTable.of(List.of(blob, TypeId.root("blob"))));
        // the parents have the same name, but theirs do not
        TypeId elsewhere = new TypeId("shape.circle", TypeId.root("hoop"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeTable.of(List.of(UNIT, new TypeId("shape.circle.unit", elsewhere))));
    }

    @Test
    void a_table_is_as_long_as_its_bound_and_no_longer() {
        List<TypeId> kinds = IntStream.range(0, TypeTable.MAX_KINDS + 1)
                .mapToObj(k -> TypeId.root("k" + k))
                .toList();
        assertThat(TypeTable.of(kinds.subList(1, kinds.size())).kinds()).hasSize(TypeTable.MAX_KINDS);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeTable.of(kinds))
                .withMessageContaining("more than " + TypeTable.MAX_KINDS);
    }
}
