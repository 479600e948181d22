// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.Handle;

class TypeKeyTest {

    private static final TypeId SHAPE = TypeId.root("shape");
    private static final TypeId CIRCLE = SHAPE.child("circle");

    private record Circle(long radius) implements Typed {
        @Override
        public TypeId typeId() {
            return CIRCLE;
        }
    }

    /// An ability of some plug-in that others do not have.
    private interface Batching {
        TypeKey<Batching> KEY = TypeKey.of(TypeId.root("plugin.ability.batching"), Batching.class);

        int batch();
    }

    private static final class Able implements Abilities, Batching {
        @Override
        public int batch() {
            return 7;
        }

        @Override
        public <A> Optional<A> ability(TypeKey<A> key) {
            return key.view(KEY.kind(), this);
        }
    }

    private static final class Plain implements Abilities {}

    @Test
    void a_value_is_used_as_its_kind_and_as_those_above() {
        Typed circle = new Circle(3);
        assertThat(circle.as(TypeKey.of(CIRCLE, Circle.class))).contains(new Circle(3));
        assertThat(circle.as(TypeKey.of(SHAPE, Record.class))).containsSame((Record) circle);
    }

    @Test
    void a_value_of_another_kind_is_empty_even_if_its_class_would_do() {
        assertThat(new Circle(3).as(TypeKey.of(SHAPE.child("square"), Circle.class)))
                .isEmpty();
        assertThat(new Circle(3).as(TypeKey.of(CIRCLE.child("unit"), Circle.class)))
                .isEmpty();
    }

    @Test
    void a_value_whose_class_does_not_have_the_type_is_empty_even_if_its_kind_would_do() {
        assertThat(new Circle(3).as(TypeKey.of(CIRCLE, Batching.class))).isEmpty();
    }

    @Test
    void an_ability_is_found_where_it_is_and_nowhere_else() {
        assertThat(new Able().ability(Batching.KEY).map(Batching::batch)).contains(7);
        assertThat(new Plain().ability(Batching.KEY)).isEmpty();
        assertThat(new Able().ability(TypeKey.of(TypeId.root("plugin.ability.newer"), Batching.class)))
                .isEmpty();
    }

    @Test
    void a_handle_is_of_its_kind_and_nothing_but_a_handle() {
        Handle library = new Handle(Handle.LIBRARY, new ExecutorAddress(0x1000));
        assertThat(library.isA(Handle.KIND)).isTrue();
        assertThat(library.isA(Handle.KIND.child("slab"))).isFalse();
        assertThat(library.as(TypeKey.of(Handle.LIBRARY, Handle.class))).contains(library);
        assertThat(library).hasToString("orc.handle.library 0x0000000000001000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Handle(CIRCLE, new ExecutorAddress(0)))
                .withMessageContaining("shape.circle is not the kind of a handle");
    }
}
