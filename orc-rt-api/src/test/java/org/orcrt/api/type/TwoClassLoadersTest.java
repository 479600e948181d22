// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api.type;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Two copies of one plug-in, each in a class loader of its own: what `instanceof` cannot tell, kinds can.
class TwoClassLoadersTest {

    private final Typed one = new Copy().make(Circle.class);
    private final Typed other = new Copy().make(Circle.class);

    /// What a plug-in has. Each class loader makes a class of its own of it, with kinds of its own.
    public static final class Circle implements Typed, Supplier<String> {
        static final TypeId SHAPE = TypeId.root("plugin.shape");
        static final TypeId CIRCLE = SHAPE.child("circle");

        @Override
        public TypeId typeId() {
            return CIRCLE;
        }

        @Override
        public String get() {
            return "round";
        }
    }

    /// Something else of that plug-in.
    public static final class Square implements Typed {
        @Override
        public TypeId typeId() {
            return Circle.SHAPE.child("square");
        }
    }

    /// Does not ask its parent for the classes of the plug-in.
    private static final class Copy extends ClassLoader {

        Copy() {
            super(TwoClassLoadersTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean ours = name.equals(Circle.class.getName()) || name.equals(Square.class.getName());
            Class<?> loaded = ours ? findLoadedClass(name) : super.loadClass(name, resolve);
            return loaded == null ? define(name) : loaded;
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            String file = name.substring(name.lastIndexOf('.') + 1) + ".class";
            try (InputStream in = TwoClassLoadersTest.class.getResourceAsStream(file)) {
                if (in == null) {
                    throw new ClassNotFoundException(file);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException unreadable) {
                throw new ClassNotFoundException(name, unreadable);
            }
        }

        Typed make(Class<? extends Typed> type) {
            try {
                return (Typed) loadClass(type.getName(), true).getConstructor().newInstance();
            } catch (ReflectiveOperationException failure) {
                throw new AssertionError(failure);
            }
        }
    }

    @Test
    void each_copy_has_a_class_and_a_kind_of_its_own_and_the_kinds_are_equal() {
        assertThat(one).isNotInstanceOf(Circle.class);
        assertThat(one.getClass()).isNotEqualTo(other.getClass());
        assertThat(one.typeId()).isNotSameAs(other.typeId()).isEqualTo(other.typeId());
    }

    @Test
    void a_thing_of_one_copy_is_of_the_others_kind_and_of_the_kinds_above() {
        assertThat(one.isA(other.typeId())).isTrue();
        assertThat(other.isA(one.typeId())).isTrue();
        assertThat(one.isA(Circle.CIRCLE)).isTrue();
        assertThat(one.isA(Circle.SHAPE)).isTrue();
    }

    @Test
    void what_is_of_a_kind_can_be_used_by_what_both_copies_know() {
        assertThat(one.isA(Circle.CIRCLE)).isTrue();
        assertThat(one)
                .isInstanceOfSatisfying(
                        Supplier.class, thing -> assertThat(thing.get()).isEqualTo("round"));
    }

    @Test
    void the_class_of_the_other_copy_is_empty_and_no_exception() {
        assertThat(one.as(TypeKey.of(Circle.CIRCLE, Circle.class))).isEmpty();
        assertThat(one.as(TypeKey.of(Circle.CIRCLE, other.getClass()))).isEmpty();
        assertThat(one.as(TypeKey.of(other.typeId(), one.getClass())))
                .hasValueSatisfying(thing -> assertThat(thing).isSameAs(one));
        assertThat(one.as(TypeKey.of(other.typeId(), Supplier.class))).isPresent();
    }

    @Test
    void another_thing_of_the_other_copy_is_not_of_the_kind() {
        Typed square = new Copy().make(Square.class);
        assertThat(square.isA(Circle.CIRCLE)).isFalse();
        assertThat(square.isA(one.typeId())).isFalse();
        assertThat(one.isA(square.typeId())).isFalse();
        assertThat(square.isA(Circle.SHAPE)).isTrue();
    }
}
