// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.orcrt.api.CallException;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.SessionException;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.type.TypeId;
import org.orcrt.api.type.TypeTable;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.ExecutorSetup;
import org.orcrt.wire.TypeTables;

/// What kind of error the caller of a function gets, in both directions of an in-process pair.
class InProcessKindsTest {

    private static final HandlerTag TAG = new HandlerTag(0x10);
    private static final TypeId VENDOR = new TypeId("vendor.full", MemoryMapException.QUOTA);

    private final InProcessHarness harness = new InProcessHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void a_tag_that_nobody_registered_is_unknown_in_every_form() {
        harness.attach();
        assertThat(controllerFailure().typeId()).isEqualTo(CallException.UNKNOWN_TAG);
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> harness.session
                        .callControllerAsync(TAG, new byte[0], SessionHarness.LONG)
                        .toCompletableFuture()
                        .join())
                .havingCause()
                .isInstanceOfSatisfying(
                        CallException.class, why -> assertThat(why.typeId()).isEqualTo(CallException.UNKNOWN_TAG));
    }

    @ParameterizedTest
    @EnumSource(
            value = Execution.class,
            names = {"LEAF", "DISPATCHED"})
    void a_function_that_throws_tells_the_kind_of_what_it_threw(Execution execution) {
        WrapperFunction failing = WrapperFunction.on(execution, (args, offset, length, reply) -> {
            throw new MemoryMapException(MemoryMapException.OVERLAP, "twice");
        });
        ExecutorAddress function = harness.function(execution, failing);
        harness.pair.control().registerHandler(TAG, failing);
        harness.attach();
        for (CallException failure : List.of(executorFailure(function), controllerFailure())) {
            assertThat(failure.typeId()).isEqualTo(CallException.HANDLER_FAILED);
            assertThat(failure.remoteKind()).contains(MemoryMapException.OVERLAP);
            assertThat(failure).hasMessage("twice");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Execution.class,
            names = {"LEAF", "DISPATCHED"})
    void a_function_answers_with_a_kind_of_its_own(Execution execution) {
        ExecutorAddress function =
                harness.function(execution, (args, offset, length, reply) -> reply.outOfBandError(VENDOR, "no room"));
        harness.attach();
        CallException failure = executorFailure(function);
        assertThat(failure.remoteKind()).contains(VENDOR);
        assertThat(failure).hasMessage("no room");
    }

    @ParameterizedTest
    @EnumSource(
            value = Execution.class,
            names = {"LEAF", "DISPATCHED"})
    void what_is_no_error_kind_is_a_bug_of_the_function(Execution execution) {
        ExecutorAddress function = harness.function(
                execution, (args, offset, length, reply) -> reply.outOfBandError(TypeId.root("shape"), "no error"));
        harness.attach();
        CallException failure = executorFailure(function);
        assertThat(failure.remoteKind()).contains(CallException.HANDLER_FAILED);
        assertThat(failure).hasMessageContaining("shape is not an error kind");
    }

    @Test
    void a_failed_call_of_the_function_is_not_taken_for_this_call() {
        ExecutorAddress function = harness.function(
                Execution.DISPATCHED, (args, offset, length, reply) -> harness.callController(TAG, new byte[0]));
        harness.attach();
        CallException failure = executorFailure(function);
        assertThat(failure.typeId()).isEqualTo(CallException.HANDLER_FAILED);
        assertThat(failure.remoteKind()).contains(CallException.HANDLER_FAILED);
        assertThat(failure).hasMessageContaining("no handler is registered under tag 0x10");
    }

    @Test
    void what_went_wrong_at_the_end_of_a_chain_of_calls_arrives_at_its_beginning() {
        ExecutorAddress function = harness.function(
                Execution.DISPATCHED, (args, offset, length, reply) -> harness.callController(TAG, new byte[0]));
        harness.pair.control().registerHandler(TAG, (args, offset, length, reply) -> {
            throw new MemoryMapException(VENDOR, "full");
        });
        harness.attach();
        assertThat(executorFailure(function).remoteKind()).contains(VENDOR);
    }

    @Test
    void the_controller_is_told_of_every_kind_that_a_plug_in_adds() {
        TypeTable told = toldBy(Sessions.builder().plugin(adding("vendor", VENDOR)));
        assertThat(told.find("vendor.full"))
                .hasValueSatisfying(kind -> assertThat(kind.sameLineage(VENDOR)).isTrue());
    }

    @Test
    void two_plug_ins_that_disagree_on_a_parent_are_both_named() {
        assertThatExceptionOfType(SessionException.class)
                .isThrownBy(() -> toldBy(Sessions.builder()
                        .plugin(adding("one", VENDOR))
                        .plugin(adding("two", new TypeId("vendor.full", MemoryMapException.KIND)))))
                .withMessage("kind 'vendor.full' lies below orc.error.memory.quota by plug-in 'one' and below "
                        + "orc.error.memory by plug-in 'two'; a kind has one parent");
        assertThatExceptionOfType(SessionException.class)
                .isThrownBy(() -> toldBy(Sessions.builder().plugin(adding("one", TypeId.root("orc.error.memory")))))
                .withMessageContaining("by plug-in 'core' and below null by plug-in 'one'");
    }

    private static ExecutorPlugin adding(String plugin, TypeId kind) {
        return new ExecutorPlugin() {
            @Override
            public String name() {
                return plugin;
            }

            @Override
            public void install(ExecutorSetup setup) {
                setup.kind(kind);
            }
        };
    }

    private static TypeTable toldBy(Sessions.Builder builder) {
        InProcessPair pair = InProcessPair.create(failure -> {});
        try (var session = builder.attach(pair.access())) {
            assertThat(session.bootstrapInfo().values()).containsKey("orc-rt.types");
            return TypeTables.read(pair.control().bootstrapInfo());
        }
    }

    private CallException executorFailure(ExecutorAddress function) {
        return failure(() -> harness.callAndWait(function, new byte[0]));
    }

    private CallException controllerFailure() {
        return failure(() -> harness.callController(TAG, new byte[0]));
    }

    private static CallException failure(ThrowingCallable call) {
        CallException failure = catchThrowableOfType(CallException.class, call);
        assertThat(failure).as("a failure").isNotNull();
        return failure;
    }
}
