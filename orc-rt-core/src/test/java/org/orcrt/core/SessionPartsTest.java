// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ResourceManager;
import org.orcrt.api.SessionException;
import org.orcrt.api.WrapperFunction;
import org.orcrt.spi.ExecutorSetup;

/// What plug-ins add to a session, and what the controller is told of it.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionPartsTest {

    private static final ExecutorAddress HERE = new ExecutorAddress(0x1000);
    private static final ExecutorAddress THERE = new ExecutorAddress(0x2000);

    private final SessionHarness harness = new SessionHarness();
    private final ExecutorSetup alpha = harness.setup("alpha");
    private final ExecutorSetup beta = harness.setup("beta");

    @AfterEach
    void end() {
        harness.close();
    }

    @Test
    void the_controller_is_told_every_name_in_the_order_in_which_it_was_added() {
        alpha.symbol("z", HERE);
        beta.symbol("a", THERE);
        alpha.value("flags", new byte[] {1});
        beta.value("another", new byte[] {2});
        harness.attach();
        BootstrapInfo told = harness.controller.info;
        assertThat(told).isSameAs(harness.session.bootstrapInfo());
        assertThat(told.symbols().keySet()).containsExactly("z", "a");
        assertThat(told.symbols()).containsEntry("z", HERE).containsEntry("a", THERE);
        assertThat(told.values().keySet()).containsExactly("flags", "another");
        assertThat(told.values().get("another")).containsExactly(2);
        assertThat(told.processInfo()).isEqualTo(SessionHarness.PROCESS);
    }

    @Test
    void without_plug_ins_no_name_is_published() {
        BootstrapInfo told = harness.complete().session.bootstrapInfo();
        assertThat(told.symbols()).isEmpty();
        assertThat(told.values()).isEmpty();
        assertThat(told.processInfo()).isEqualTo(SessionHarness.PROCESS);
    }

    @Test
    @Tag("EP-7")
    void one_name_with_two_addresses_is_an_error_that_names_both_plug_ins() {
        alpha.symbol("shared", HERE);
        assertThatExceptionOfType(SessionException.class)
                .isThrownBy(() -> beta.symbol("shared", THERE))
                .withMessageContainingAll("'shared'", "'alpha'", "'beta'", HERE.toString(), THERE.toString())
                .satisfies(e -> assertThat(e.typeId()).isEqualTo(SessionException.PLUGIN));
        assertThat(harness.complete().session.bootstrapInfo().symbols())
                .as("the first stands")
                .containsEntry("shared", HERE);
    }

    @Test
    void one_name_with_one_address_may_be_published_twice() {
        alpha.symbol("shared", HERE);
        beta.symbol("shared", HERE);
        WrapperFunction function = (args, offset, length, reply) -> {};
        ExecutorAddress first = alpha.function("f", function);
        assertThat(beta.function("f", function)).isEqualTo(first);
        assertThat(harness.complete().session.bootstrapInfo().symbols())
                .containsOnlyKeys("shared", "f")
                .containsEntry("f", first);
        harness.assertCleanShutdown();
        assertThat(harness.linker.boundAt(first.value()))
                .as("each bind was undone")
                .isNull();
    }

    @Test
    void one_name_with_two_values_is_an_error_that_names_both_plug_ins() {
        alpha.value("flags", new byte[] {1});
        assertThatExceptionOfType(SessionException.class)
                .isThrownBy(() -> beta.value("flags", new byte[] {2}))
                .withMessageContainingAll("'flags'", "'alpha'", "'beta'")
                .satisfies(e -> assertThat(e.typeId()).isEqualTo(SessionException.PLUGIN));
        beta.value("flags", new byte[] {1});
        assertThat(harness.complete().session.bootstrapInfo().values().get("flags"))
                .containsExactly(1);
    }

    @Test
    void a_function_whose_name_is_taken_is_an_error_and_is_unbound_with_the_session() {
        alpha.symbol("f", HERE);
        WrapperFunction function = (args, offset, length, reply) -> {};
        assertThatExceptionOfType(SessionException.class).isThrownBy(() -> beta.function("f", function));
        harness.assertCleanShutdown();
        assertThatIllegalStateException().isThrownBy(() -> harness.linker.unbind(function));
    }

    @Test
    void an_alias_finds_a_name_that_is_published_later() {
        alpha.alias("llvm name", "our name");
        alpha.alias("nobody", "never published");
        beta.symbol("our name", HERE);
        assertThat(harness.complete().session.bootstrapInfo().symbols())
                .containsOnlyKeys("our name", "llvm name")
                .containsEntry("llvm name", HERE);
    }

    @Test
    @Tag("EP-7")
    void an_alias_for_a_name_that_has_another_address_is_an_error_that_names_both_plug_ins() {
        alpha.symbol("taken", HERE);
        alpha.symbol("target", THERE);
        beta.alias("taken", "target");
        assertThatExceptionOfType(SessionException.class)
                .isThrownBy(harness::complete)
                .withMessageContainingAll("'taken'", "'alpha'", "'beta'");
    }

    @Test
    void an_alias_for_a_name_that_has_the_same_address_is_fine() {
        alpha.symbol("one", HERE);
        alpha.symbol("two", HERE);
        beta.alias("one", "two");
        assertThat(harness.complete().session.bootstrapInfo().symbols()).containsOnlyKeys("one", "two");
    }

    @Test
    void nobody_is_told_anything_before_the_set_up_is_complete() {
        assertThatIllegalStateException()
                .isThrownBy(harness.session::bootstrapInfo)
                .withMessage("the session is still being set up");
        assertThatIllegalStateException().isThrownBy(() -> harness.session.attach(harness.controller));
    }

    @Test
    void a_plug_in_sees_the_session_the_linker_the_process_and_the_options() {
        assertThat(alpha.session()).isSameAs(harness.session);
        assertThat(alpha.linker()).isSameAs(harness.linker);
        assertThat(alpha.processInfo()).isEqualTo(SessionHarness.PROCESS);
        assertThat(alpha.isLlvmPeer()).isTrue();
        assertThat(alpha.option("test.option")).contains("on");
        assertThat(alpha.option("another")).isEmpty();
    }

    @Test
    void a_resource_is_found_by_its_type_the_first_of_its_kind_wins() {
        final class Counting implements ResourceManager {
            @Override
            public void detach() {}

            @Override
            public void shutdown() {}
        }
        harness.manager("other");
        Counting first = new Counting();
        alpha.resource(first);
        alpha.resource(new Counting());
        assertThat(harness.session.resource(Counting.class)).containsSame(first);
        assertThat(harness.session.resource(ResourceManager.class)).isPresent();
        assertThat(harness.session.resource(Runnable.class)).isEmpty();
    }

    @Test
    void a_failure_that_nobody_waits_for_goes_to_the_reporter() {
        IllegalStateException failure = new IllegalStateException("foo");
        harness.session.report(failure);
        assertThat(harness.reports).containsExactly(failure);
    }
}
