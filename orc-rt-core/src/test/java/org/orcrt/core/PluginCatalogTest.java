// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.MessageChannelProvider;
import org.orcrt.spi.TaskDispatcherProvider;
import org.orcrt.spi.WrapperFunctionLinker;

/// The listing of what plugs in, with what is broken.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PluginCatalogTest {

    @TempDir
    private Path directory;

    private PluginPath path;

    @BeforeEach
    void make_a_path() {
        path = new PluginPath(directory);
    }

    /// What is listed beside the dispatchers of this module, which are always there.
    private List<PluginInfo> foreign() throws Exception {
        return path.during(PluginCatalog::list).stream()
                .filter(one -> !one.module().equals("org.orcrt.core"))
                .toList();
    }

    @Test
    void without_plug_ins_the_list_has_our_own() throws Exception {
        List<PluginInfo> all = path.during(PluginCatalog::list);
        assertThat(all)
                .extracting(PluginInfo::name)
                .containsExactly(
                        "in-process", "thread-pool", "thread-per-call", "virtual-thread", "queueing", "inline");
        assertThat(all).allSatisfy(one -> {
            assertThat(one.point()).isIn("ControllerAccessProvider", "TaskDispatcherProvider");
            assertThat(one.module()).isEqualTo("org.orcrt.core");
            assertThat(one.available()).isEqualTo(!one.name().equals("queueing"));
            assertThat(one.reason().isEmpty()).isEqualTo(one.available());
        });
    }

    @Test
    void a_dispatcher_that_cannot_work_is_listed_with_its_reason() throws Exception {
        path.provide(TaskDispatcherProvider.class, PluginScripts.Dispatcher.class);
        path.dispatcherUnavailable = Optional.of("no spare cores");
        assertThat(foreign()).singleElement().satisfies(one -> {
            assertThat(one.point()).isEqualTo("TaskDispatcherProvider");
            assertThat(one.name()).isEqualTo("scripted");
            assertThat(one.available()).isFalse();
            assertThat(one.reason()).isEqualTo("no spare cores");
        });
    }

    @Test
    void everything_is_listed_by_point_with_where_it_is_from_and_nothing_is_installed() throws Exception {
        path.provide(ExecutorPlugin.class, PluginScripts.SecondPlugin.class, PluginScripts.Plugin.class)
                .provide(WrapperFunctionLinker.class, PluginScripts.Linker.class)
                .provide(MessageChannelProvider.class, PluginScripts.Transport.class)
                .provide(TaskDispatcherProvider.class, PluginScripts.Dispatcher.class);
        path.onInstall = setup -> {
            throw new AssertionError("installed");
        };
        List<PluginInfo> all = foreign();
        assertThat(all)
                .extracting(PluginInfo::point, PluginInfo::name)
                .containsExactly(
                        tuple("MessageChannelProvider", "scripted"),
                        tuple("WrapperFunctionLinker", "scripted-linker"),
                        tuple("ExecutorPlugin", "second"),
                        tuple("ExecutorPlugin", "scripted"),
                        tuple("TaskDispatcherProvider", "scripted"));
        assertThat(all).allSatisfy(one -> {
            assertThat(one.module()).isEqualTo("unnamed");
            assertThat(one.available()).isTrue();
            assertThat(one.reason()).isEmpty();
        });
    }

    @Test
    void what_cannot_work_is_listed_with_its_reason() throws Exception {
        path.provide(MessageChannelProvider.class, PluginScripts.Transport.class);
        path.transportUnavailable = Optional.of("no sockets on this machine");
        assertThat(foreign()).singleElement().satisfies(one -> {
            assertThat(one.name()).isEqualTo("scripted");
            assertThat(one.available()).isFalse();
            assertThat(one.reason()).isEqualTo("no sockets on this machine");
        });
    }

    @Test
    void what_cannot_be_made_or_found_is_listed_too_and_hides_nobody() throws Exception {
        path.provideByName(
                ExecutorPlugin.class,
                "org.example.Missing",
                PluginScripts.Broken.class.getName(),
                PluginScripts.Plugin.class.getName());
        List<PluginInfo> all = foreign();
        assertThat(all).extracting(PluginInfo::available).containsExactly(false, false, true);
        assertThat(all.get(0).reason()).contains("org.example.Missing");
        assertThat(all.get(1).name()).isEqualTo(PluginScripts.Broken.class.getName());
        assertThat(all.get(1).reason()).contains("cannot be made");
        assertThat(all.get(2).name()).isEqualTo("scripted");
    }

    @Test
    void a_service_file_that_makes_no_sense_does_not_go_on_for_ever() throws Exception {
        path.provideByName(ExecutorPlugin.class, "not a class name");
        assertThat(foreign()).isNotEmpty().hasSizeLessThanOrEqualTo(100).noneMatch(PluginInfo::available);
    }
}
