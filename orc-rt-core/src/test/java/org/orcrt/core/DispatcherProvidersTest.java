// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.orcrt.api.SessionException;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.spi.DispatcherLimits;
import org.orcrt.spi.TaskDispatcherProvider;

/// How a dispatcher is chosen by its name, and within which bounds it is made.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DispatcherProvidersTest {

    private static final DispatcherLimits LIMITS = new DispatcherLimits(2, 3, 1 << 18);

    private final List<Throwable> reports = new ArrayList<>();

    @TempDir
    private Path directory;

    private PluginPath path;

    @BeforeEach
    void make_a_path() {
        path = new PluginPath(directory);
    }

    @ParameterizedTest
    @CsvSource({
        "thread-pool, org.orcrt.core.ThreadPoolTaskDispatcher",
        "thread-per-call, org.orcrt.core.ThreadPerCallTaskDispatcher",
        "virtual-thread, org.orcrt.core.VirtualThreadTaskDispatcher",
        "inline, org.orcrt.core.InlineTaskDispatcher"
    })
    void ours_are_found_by_name_and_make_what_they_say(String name, Class<?> type) throws Exception {
        TaskDispatcherProvider provider = path.during(() -> Plugins.dispatcher(name, reports::add));
        assertThat(provider.name()).isEqualTo(name);
        assertThat(provider.unavailable()).isEmpty();
        TaskDispatcher first = provider.create(LIMITS, reports::add);
        TaskDispatcher second = provider.create(LIMITS, reports::add);
        assertThat(first).isInstanceOf(type).isNotSameAs(second);
        assertThat(first.shutdown(Duration.ZERO)).isEmpty();
        assertThat(second.shutdown(Duration.ZERO)).isEmpty();
        assertThat(reports).isEmpty();
    }

    @Test
    void a_queue_that_nobody_could_get_at_is_refused_by_name_and_says_what_to_do() {
        assertThatExceptionOfType(SessionException.class)
                .isThrownBy(() -> path.during(() -> Plugins.dispatcher("queueing", reports::add)))
                .withMessageContaining("dispatcher 'queueing' cannot work here: it has no threads")
                .withMessageContaining("new QueueingTaskDispatcher(limits, reporter)");
    }

    @Test
    void one_of_a_third_party_is_found_by_its_name() throws Exception {
        path.provide(TaskDispatcherProvider.class, PluginScripts.Dispatcher.class);
        assertThat(path.during(() -> Plugins.dispatcher("scripted", reports::add))
                        .getClass()
                        .getName())
                .isEqualTo(PluginScripts.Dispatcher.class.getName());
    }

    @Test
    void a_name_that_nobody_has_is_an_error_that_lists_the_known_ones() throws Exception {
        path.provide(TaskDispatcherProvider.class, PluginScripts.Dispatcher.class);
        assertThatExceptionOfType(SessionException.class)
                .isThrownBy(() -> path.during(() -> Plugins.dispatcher("fork-join", reports::add)))
                .withMessage("no dispatcher 'fork-join' on the module path; name one that is there, or add its jar;"
                        + " known: inline, queueing, scripted, thread-per-call, thread-pool, virtual-thread")
                .satisfies(e -> assertThat(e.typeId()).isEqualTo(SessionException.PLUGIN));
    }

    @Test
    void two_of_one_name_are_an_error_that_names_both() throws Exception {
        path.provide(TaskDispatcherProvider.class, PluginScripts.RivalDispatcher.class);
        assertThatExceptionOfType(SessionException.class)
                .isThrownBy(() -> path.during(() -> Plugins.dispatcher("thread-pool", reports::add)))
                .withMessage("2 dispatchers claim the name 'thread-pool': org.orcrt.core, "
                        + PluginScripts.RivalDispatcher.class.getName() + "; leave one on the module path")
                .satisfies(e -> assertThat(e.typeId()).isEqualTo(SessionException.PLUGIN));
        assertThat(path.during(() -> Plugins.dispatcher("inline", reports::add)).name())
                .as("the other names are as usable as before")
                .isEqualTo("inline");
    }

    @Test
    void one_that_cannot_work_here_says_why() throws Exception {
        path.provide(TaskDispatcherProvider.class, PluginScripts.Dispatcher.class);
        path.dispatcherUnavailable = Optional.of("no spare cores");
        assertThatExceptionOfType(SessionException.class)
                .isThrownBy(() -> path.during(() -> Plugins.dispatcher("scripted", reports::add)))
                .withMessage("dispatcher 'scripted' cannot work here: no spare cores")
                .satisfies(e -> assertThat(e.typeId()).isEqualTo(SessionException.PLUGIN));
    }

    @Test
    void one_that_cannot_be_made_or_does_not_tell_its_name_is_reported_and_hides_nobody() throws Exception {
        path.provideByName(
                TaskDispatcherProvider.class,
                "org.example.Missing",
                PluginScripts.NamelessDispatcher.class.getName(),
                PluginScripts.Dispatcher.class.getName());
        assertThat(path.during(() -> Plugins.dispatcher("scripted", reports::add))
                        .name())
                .isEqualTo("scripted");
        assertThat(reports)
                .hasSize(2)
                .allSatisfy(report -> assertThat(report)
                        .isInstanceOf(SessionException.class)
                        .hasMessageStartingWith("passed over a broken plug-in: "));
        assertThat(reports.get(0)).hasMessageContaining("org.example.Missing");
        assertThat(reports.get(1)).hasMessageContaining("planted");
    }

    @Test
    void bounds_that_make_no_sense_are_refused_with_their_value() {
        assertThat(new DispatcherLimits(1, 0, 0)).isEqualTo(new DispatcherLimits(1, 0, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DispatcherLimits(0, 0, 0))
                .withMessage("maxRunning allows no task at all: 0; give at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DispatcherLimits(1, -1, 0))
                .withMessage("maxQueued is negative: -1; give 0 for no queue");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DispatcherLimits(1, 0, -5))
                .withMessage("stackBytes is negative: -5; give 0 for the default of the JVM");
    }
}
