// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.orcrt.api.SessionException;
import org.orcrt.api.TransportException;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.MessageChannelProvider;
import org.orcrt.spi.WrapperFunctionLinker;
import org.orcrt.wire.Transports;

/// What is found on the module path and the class path, and what is said if it is not what is needed.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PluginsTest {

    private static final ConnectionSpec SPEC = ConnectionSpec.parse("scripted:somewhere");

    private final List<Throwable> reports = new ArrayList<>();

    @TempDir
    private Path directory;

    private PluginPath path;

    @BeforeEach
    void make_a_path() {
        path = new PluginPath(directory);
    }

    @Test
    void with_nothing_to_be_found_there_are_no_plug_ins_and_the_linker_is_our_own() throws Exception {
        assertThat(path.during(() -> Plugins.executorPlugins(reports::add))).isEmpty();
        assertThat(path.during(() -> Plugins.linker(reports::add))).isInstanceOf(JavaOnlyLinker.class);
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> path.during(() -> Transports.forSpec(SPEC, reports::add)))
                .withMessage(
                        "no transport for 'scripted' on the module path; add the jar of one that serves it; found: none");
        assertThat(reports).isEmpty();
    }

    @Test
    void plug_ins_are_found_in_their_order() throws Exception {
        path.provide(ExecutorPlugin.class, PluginScripts.SecondPlugin.class, PluginScripts.Plugin.class);
        assertThat(path.during(() -> Plugins.executorPlugins(reports::add)))
                .extracting(ExecutorPlugin::name)
                .containsExactly("second", "scripted");
    }

    @Test
    @Tag("EP-8")
    void plug_ins_that_cannot_be_made_or_found_are_reported_and_the_others_count() throws Exception {
        path.provideByName(
                ExecutorPlugin.class,
                "org.example.Missing",
                PluginScripts.Broken.class.getName(),
                PluginScripts.Plugin.class.getName(),
                PluginScripts.Transport.class.getName(),
                PluginScripts.SecondPlugin.class.getName());
        assertThat(path.during(() -> Plugins.executorPlugins(reports::add)))
                .extracting(ExecutorPlugin::name)
                .containsExactly("scripted", "second");
        assertThat(reports)
                .hasSize(3)
                .allSatisfy(report -> assertThat(report)
                        .isInstanceOf(SessionException.class)
                        .hasMessageStartingWith("passed over a broken plug-in: "));
        assertThat(reports.get(0)).hasMessageContaining("org.example.Missing");
        assertThat(reports.get(1)).hasMessageContaining("PluginScripts$Broken");
        assertThat(reports.get(2)).hasMessageContaining("PluginScripts$Transport");
    }

    @Test
    void a_service_file_that_makes_no_sense_does_not_go_on_for_ever() throws Exception {
        path.provideByName(ExecutorPlugin.class, "not a class name");
        assertThat(path.during(() -> Plugins.executorPlugins(reports::add))).isEmpty();
        assertThat(reports).isNotEmpty().hasSizeLessThanOrEqualTo(100);
    }

    @Test
    void a_transport_is_chosen_by_its_scheme() throws Exception {
        path.provide(MessageChannelProvider.class, PluginScripts.Transport.class);
        assertThat(path.during(() -> Transports.forSpec(SPEC, reports::add)).name())
                .isEqualTo("scripted");
    }

    @Test
    @Tag("CS-6")
    void a_scheme_that_no_transport_has_is_an_error_that_lists_what_was_found_and_where() throws Exception {
        path.provide(MessageChannelProvider.class, PluginScripts.Transport.class);
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> path.during(() -> Transports.forSpec(ConnectionSpec.parse("shm:///x"), reports::add)))
                .withMessage(
                        "no transport for 'shm' on the module path; add the jar of one that serves it; found: [scripted] ("
                                + PluginScripts.Transport.class.getName() + ")")
                .satisfies(e -> assertThat(e.typeId()).isEqualTo(TransportException.UNAVAILABLE));
    }

    @Test
    @Tag("CS-6")
    void two_transports_for_one_scheme_are_an_error_that_names_both() throws Exception {
        path.provide(MessageChannelProvider.class, PluginScripts.Transport.class, PluginScripts.RivalTransport.class);
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> path.during(() -> Transports.forSpec(SPEC, reports::add)))
                .withMessageStartingWith("2 transports claim 'scripted': ")
                .withMessageContainingAll("$Transport", "$RivalTransport", "leave one on the module path")
                .satisfies(e -> assertThat(e.typeId()).isEqualTo(TransportException.UNAVAILABLE));
    }

    @Test
    void a_transport_that_cannot_work_here_says_why() throws Exception {
        path.provide(MessageChannelProvider.class, PluginScripts.Transport.class);
        path.transportUnavailable = Optional.of("no sockets on this machine");
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> path.during(() -> Transports.forSpec(SPEC, reports::add)))
                .withMessage("transport 'scripted' cannot work here: no sockets on this machine")
                .satisfies(e -> assertThat(e.typeId()).isEqualTo(TransportException.UNAVAILABLE));
    }

    @Test
    void a_linker_that_is_there_is_taken() throws Exception {
        path.provide(WrapperFunctionLinker.class, PluginScripts.Linker.class);
        assertThat(path.during(() -> Plugins.linker(reports::add)).name()).isEqualTo("scripted-linker");
    }

    @Test
    void a_linker_that_cannot_work_says_why_under_its_own_name() throws Exception {
        path.provide(WrapperFunctionLinker.class, PluginScripts.Linker.class);
        path.linkerUnavailable = Optional.of("native access is not granted");
        assertThatExceptionOfType(SessionException.class)
                .isThrownBy(() -> path.during(() -> Plugins.linker(reports::add)))
                .withMessage("linker 'scripted-linker' cannot work here: native access is not granted")
                .satisfies(e -> assertThat(e.typeId()).isEqualTo(SessionException.PLUGIN));
    }

    @Test
    void two_linkers_are_an_error_that_names_both() throws Exception {
        path.provide(WrapperFunctionLinker.class, PluginScripts.Linker.class, PluginScripts.RivalLinker.class);
        assertThatExceptionOfType(SessionException.class)
                .isThrownBy(() -> path.during(() -> Plugins.linker(reports::add)))
                .withMessageContainingAll("more than one linker", "$Linker", "$RivalLinker");
    }
}
