// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orcrt.api.type.TypeId;

class OrcExceptionTest {

    @FunctionalInterface
    private interface Maker {
        OrcException make(TypeId kind, String message);
    }

    private record Family(Class<? extends OrcException> type, TypeId kind, Maker maker) {
        @Override
        public String toString() {
            return type.getSimpleName();
        }
    }

    static Stream<Family> families() {
        return Stream.of(
                new Family(TransportException.class, TransportException.KIND, TransportException::new),
                new Family(CallException.class, CallException.KIND, CallException::new),
                new Family(MemoryMapException.class, MemoryMapException.KIND, MemoryMapException::new),
                new Family(SessionException.class, SessionException.KIND, SessionException::new));
    }

    @Test
    void the_families_are_all_that_the_sealed_class_permits() {
        assertThat(families().map(Family::type))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(OrcException.class.getPermittedSubclasses())
                        .<Class<? extends OrcException>>map(type -> type.asSubclass(OrcException.class))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("families")
    void an_error_takes_every_kind_of_its_own_class_and_keeps_it(Family family) throws Exception {
        assertThat(kindsOf(family)).isNotEmpty().doesNotHaveDuplicates();
        for (TypeId kind : kindsOf(family)) {
            OrcException failure = family.maker.make(kind, "could not");
            assertThat(failure.typeId()).isSameAs(kind);
            assertThat(failure).hasMessage("could not").hasNoCause();
            assertThat(failure.isA(family.kind)).isTrue();
            assertThat(failure.isA(OrcException.ERROR)).isTrue();
        }
    }

    @ParameterizedTest
    @Tag("TY-5")
    @MethodSource("families")
    void an_error_refuses_the_kinds_of_every_other_class(Family family) throws Exception {
        for (Family other : families().filter(f -> f.type != family.type).toList()) {
            for (TypeId kind : kindsOf(other)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> family.maker.make(kind, "could not"))
                        .withMessageContainingAll(kind.name(), family.kind.name());
            }
        }
        assertThatIllegalArgumentException().isThrownBy(() -> family.maker.make(OrcException.ERROR, "too general"));
        assertThatIllegalArgumentException().isThrownBy(() -> family.maker.make(TypeId.root("foreign"), "not ours"));
    }

    @ParameterizedTest
    @Tag("TY-6")
    @MethodSource("families")
    void a_plug_in_may_add_a_kind_below_one_of_ours(Family family) {
        TypeId own = family.kind.child("vendor");
        assertThat(family.maker.make(own, "could not").typeId()).isEqualTo(own);
    }

    @ParameterizedTest
    @Tag("TY-4")
    @MethodSource("families")
    void the_kind_survives_serialization(Family family) throws Exception {
        OrcException failure = family.maker.make(family.kind, "could not");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(failure);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            OrcException back = (OrcException) in.readObject();
            assertThat(back).isInstanceOf(family.type).hasMessage("could not");
            assertThat(back.isA(family.kind)).isTrue();
        }
    }

    @Test
    void the_cause_is_kept() {
        IllegalStateException cause = new IllegalStateException("below");
        assertThat(new TransportException(TransportException.PEER_GONE, "gone", cause))
                .hasCause(cause);
        assertThat(new CallException(CallException.CANCELLED, "cancelled", cause))
                .hasCause(cause);
        assertThat(new MemoryMapException(MemoryMapException.UNMAP, "kept", cause))
                .hasCause(cause);
        assertThat(new SessionException(SessionException.PLUGIN, "broken", cause))
                .hasCause(cause);
    }

    @Test
    void a_transport_of_a_third_party_is_held_to_the_same_rule() {
        final class ShmException extends TransportException {
            private static final long serialVersionUID = 1L;

            ShmException(TypeId kind) {
                super(kind, "ring is torn");
            }
        }
        assertThat(new ShmException(TransportException.PROTOCOL_VIOLATION).isA(TransportException.KIND))
                .isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> new ShmException(CallException.KIND));
    }

    @Test
    @Tag("TY-7")
    void the_kinds_have_the_names_that_were_released() {
        assertThat(names(TransportException.KIND, TransportException.PEER_GONE, TransportException.UNAVAILABLE))
                .containsExactly(
                        "orc.error.transport", "orc.error.transport.peer-gone", "orc.error.transport.unavailable");
        assertThat(names(CallException.DETACHED, MemoryMapException.OUT_OF_SLAB, SessionException.SHUTTING_DOWN))
                .containsExactly(
                        "orc.error.call.detached", "orc.error.memory.out-of-slab", "orc.error.session.shutting-down");
    }

    private static List<String> names(TypeId... kinds) {
        return Arrays.stream(kinds).map(TypeId::name).toList();
    }

    private static List<TypeId> kindsOf(Family family) throws IllegalAccessException {
        List<TypeId> kinds = new ArrayList<>();
        for (Field field : family.type.getDeclaredFields()) {
            if (field.getType() == TypeId.class && Modifier.isPublic(field.getModifiers())) {
                kinds.add((TypeId) field.get(null));
            }
        }
        return kinds;
    }

    @Test
    void the_table_of_kinds_has_every_constant_of_every_family() throws IllegalAccessException {
        List<TypeId> constants = new ArrayList<>();
        List<Class<?>> classes = new ArrayList<>(List.of(OrcException.class.getPermittedSubclasses()));
        classes.add(OrcException.class);
        for (Class<?> type : classes) {
            for (Field field : type.getFields()) {
                if (field.getType() == TypeId.class && field.getDeclaringClass() == type) {
                    constants.add((TypeId) field.get(null));
                }
            }
        }
        assertThat(constants).hasSizeGreaterThan(30);
        assertThat(OrcException.kinds().kinds()).containsExactlyInAnyOrderElementsOf(constants);
    }

    @Test
    void an_answered_error_is_of_the_kind_that_speaks_of_this_call() {
        assertThat(answered(CallException.UNKNOWN_TAG)).isEqualTo(CallException.UNKNOWN_TAG);
        assertThat(answered(CallException.OVERLOADED)).isEqualTo(CallException.OVERLOADED);
        assertThat(answered(CallException.KIND.child("vendor"))).isEqualTo(CallException.KIND.child("vendor"));
    }

    @Test
    void the_other_end_cannot_say_what_only_this_end_knows_of_a_call() {
        for (TypeId ours : List.of(CallException.DETACHED, CallException.DEADLINE_EXCEEDED, CallException.CANCELLED)) {
            assertThat(answered(ours)).isEqualTo(CallException.HANDLER_FAILED);
            assertThat(answered(ours.child("x"))).isEqualTo(CallException.HANDLER_FAILED);
        }
    }

    @Test
    void any_other_kind_is_a_failed_handler_and_can_be_asked_for() {
        CallException failure = CallException.answered(MemoryMapException.OVERLAP, "twice", null);
        assertThat(failure.typeId()).isEqualTo(CallException.HANDLER_FAILED);
        assertThat(failure.remoteKind()).contains(MemoryMapException.OVERLAP);
        assertThat(new CallException(CallException.CANCELLED, "ours").remoteKind())
                .isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CallException.answered(TypeId.root("foreign"), "no error", null));
    }

    private static TypeId answered(TypeId remoteKind) {
        CallException failure = CallException.answered(remoteKind, "there", null);
        assertThat(failure.remoteKind()).contains(remoteKind);
        return failure.typeId();
    }
}
