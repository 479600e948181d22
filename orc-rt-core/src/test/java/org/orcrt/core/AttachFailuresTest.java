// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.ResourceManager;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.Task;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.api.WrapperFunction;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.ControllerAccessProvider;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.ExecutorSetup;
import org.orcrt.spi.MessageChannelProvider;
import org.orcrt.spi.ResourceManagerProvider;
import org.orcrt.spi.TaskDispatcherProvider;
import org.orcrt.spi.WrapperFunctionLinker;

/// Building a session fails at each of its steps: what was done is undone, and nothing of the system is kept.
@Tag("X5")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AttachFailuresTest {

    private static final int CYCLES = 20;
    private static final int PERIODS = 6;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int POINTS = 6;

    @TempDir
    private Path directory;

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final List<Throwable> reports = new CopyOnWriteArrayList<>();
    private final List<WrapperFunction> functions = new ArrayList<>();
    private final BrokenEnds ends = new BrokenEnds();
    private @Nullable WrapperFunctionLinker linker;
    private @Nullable Session seen;
    private List<Long> addresses = new ArrayList<>();
    private PluginPath path;

    /// A step that fails, and how.
    enum Step {
        LINKER_CANNOT_WORK(test -> {
            test.path.provide(WrapperFunctionLinker.class, PluginScripts.Linker.class);
            test.path.linkerUnavailable = Optional.of("planted");
        }),
        TWO_LINKERS(test -> test.path.provide(
                WrapperFunctionLinker.class, PluginScripts.Linker.class, PluginScripts.RivalLinker.class)),
        DISPATCHER_UNKNOWN(test -> test.dispatcher = "planted"),
        DISPATCHER_CANNOT_WORK(test -> {
            test.ownDispatcher();
            test.path.dispatcherUnavailable = Optional.of("planted");
        }),
        DISPATCHER_NOT_MADE(AttachFailuresTest::ownDispatcher),
        PLUGIN_CANNOT_WORK(test -> test.path.pluginUnavailable = Optional.of("planted")),
        MANAGER_CANNOT_WORK(test -> {
            test.path.provide(ResourceManagerProvider.class, PluginScripts.Manager.class);
            test.path.managerUnavailable = Optional.of("planted");
        }),
        MANAGER_NOT_MADE(test -> test.path.provide(ResourceManagerProvider.class, PluginScripts.Manager.class)),
        CONNECT_THROWS_IO(test -> test.path.onConnect = () -> {
            throw new IOException("planted");
        }),
        CONNECT_THROWS(test -> test.path.onConnect = () -> {
            throw new IllegalStateException("planted");
        }),
        CONNECT_BREAKS(test -> test.path.onConnect = () -> {
            throw new AssertionError("planted");
        }),
        ACCESS_NOT_OPENED(test -> {
            test.ownAccess();
            test.path.onAccess = () -> {
                throw new IOException("planted");
            };
        }),
        ACCESS_NOT_ATTACHED(test -> {
            test.ownAccess();
            test.path.onAccess = () -> test.ends.access();
        }),
        SETUP_TOO_LARGE(test -> test.breakSetup(BrokenEnds.Broken.TOO_LARGE)),
        SETUP_WITHOUT_ROOM(test -> test.breakSetup(BrokenEnds.Broken.NO_ROOM)),
        SETUP_TO_NOBODY(test -> test.breakSetup(BrokenEnds.Broken.GONE)),
        SETUP_NOT_COMMITTED(test -> test.breakSetup(BrokenEnds.Broken.COMMIT)),
        SETUP_NOT_FLUSHED(test -> test.breakSetup(BrokenEnds.Broken.FLUSH));

        /// Sets the scene.
        interface Plan {
            void on(AttachFailuresTest test) throws IOException;
        }

        private final Plan plan;

        Step(Plan plan) {
            this.plan = plan;
        }
    }

    private String dispatcher = "thread-pool";
    private String spec = "scripted:somewhere?peer=llvm";

    private void prepare() throws IOException {
        Path fresh = Files.createTempDirectory(directory, "path");
        path = new PluginPath(fresh)
                .provide(MessageChannelProvider.class, PluginScripts.Transport.class)
                .provide(ExecutorPlugin.class, PluginScripts.Plugin.class, PluginScripts.SecondPlugin.class);
        path.onInstall = setup -> install(setup, "first", POINTS);
        path.onSecondInstall = setup -> install(setup, "second", POINTS);
        path.onConnect = () -> ends.channel(BrokenEnds.Broken.FLUSH);
    }

    private void ownDispatcher() throws IOException {
        path.provide(TaskDispatcherProvider.class, PluginScripts.Dispatcher.class);
        dispatcher = "scripted";
    }

    private void ownAccess() throws IOException {
        path.provide(ControllerAccessProvider.class, PluginScripts.Access.class);
        spec = "scripted-access:somewhere?peer=llvm";
    }

    private void breakSetup(BrokenEnds.Broken how) {
        path.onConnect = () -> ends.channel(how);
    }

    /// A plug-in that adds one of everything, up to a point; if that is not the end, it throws there.
    private void install(ExecutorSetup setup, String name, int points) {
        linker = setup.linker();
        seen = setup.session();
        List<Runnable> all = List.of(
                () -> setup.resource(manager(name)),
                () -> {
                    WrapperFunction function = (args, offset, length, reply) -> {};
                    functions.add(function);
                    addresses.add(setup.function(name + ".f", function).value());
                },
                () -> setup.symbol(name + ".s", new ExecutorAddress(1)),
                () -> setup.alias(name + ".a", name + ".s"),
                () -> setup.value(name + ".v", new byte[4]),
                () -> setup.interceptor(call -> call.proceed(call.reply())));
        all.subList(0, points).forEach(Runnable::run);
        if (points < all.size()) {
            throw new IllegalStateException("planted");
        }
    }

    private ResourceManager manager(String name) {
        events.add("added " + name);
        return new ResourceManager() {
            @Override
            public void detach() {
                events.add("detach " + name);
            }

            @Override
            public void shutdown() {
                events.add("shutdown " + name);
            }
        };
    }

    private Session connect() throws Exception {
        return path.during(() -> Sessions.builder()
                .errorReporter(reports::add)
                .dispatcher(dispatcher)
                .connect(ConnectionSpec.parse(spec), TIMEOUT));
    }

    @ParameterizedTest
    @EnumSource
    void a_step_that_fails_undoes_the_ones_before_it(Step step) throws Exception {
        prepare();
        step.plan.on(this);
        Throwable failure = catchThrowable(this::connect);
        assertThat(failure).isNotNull();
        if (step != Step.TWO_LINKERS && step.ordinal() < Step.SETUP_TOO_LARGE.ordinal()) {
            assertThat(failure).hasMessageContaining("planted");
        }
        assertUndone();
        if (step.ordinal() >= Step.ACCESS_NOT_ATTACHED.ordinal()) {
            assertThat(ends.opened).as("the connection was there").hasValue(1);
        }
        assertThat(reports).isEmpty();
    }

    @Test
    void a_plug_in_that_fails_at_any_point_is_undone_as_far_as_it_came() throws Exception {
        for (boolean second : new boolean[] {false, true}) {
            for (int point = 0; point < POINTS; point++) {
                prepare();
                Consumer<ExecutorSetup> before = path.onSecondInstall;
                int points = point;
                if (second) {
                    path.onSecondInstall = setup -> install(setup, "second", points);
                } else {
                    path.onInstall = setup -> install(setup, "first", points);
                    path.onSecondInstall = before;
                }
                assertThatThrownBy(this::connect)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("planted");
                assertThat(addresses).hasSize((second ? 1 : 0) + (point > 1 ? 1 : 0));
                assertUndone();
            }
        }
        assertThat(ends.opened)
                .as("nobody connects a session that is not whole")
                .hasValue(0);
        assertThat(reports).isEmpty();
    }

    @Test
    void a_connection_that_was_handed_over_is_disconnected_whatever_fails() throws Exception {
        prepare();
        assertThatThrownBy(() -> path.during(() -> Sessions.builder().attach(ends.access())))
                .hasMessage("planted");
        assertUndone();
        path.onSecondInstall = setup -> install(setup, "second", 3);
        assertThatThrownBy(() -> path.during(() -> Sessions.builder().attach(ends.access())))
                .hasMessage("planted");
        assertUndone();
        path.linkerUnavailable = Optional.of("planted");
        path.provide(WrapperFunctionLinker.class, PluginScripts.Linker.class);
        assertThatThrownBy(() -> path.during(() -> Sessions.builder().attach(ends.access())))
                .hasMessageContaining("planted");
        assertUndone();
        assertThat(ends.opened).hasValue(3);
    }

    @Test
    void a_dispatcher_of_the_caller_is_shut_down_with_the_session_that_was_not_built() throws Exception {
        prepare();
        AtomicInteger shutdowns = new AtomicInteger();
        TaskDispatcher own = new TaskDispatcher() {
            @Override
            public boolean dispatch(Task task) {
                return false;
            }

            @Override
            public boolean runsOn(Thread thread) {
                return false;
            }

            @Override
            public List<String> shutdown(Duration bound) {
                shutdowns.incrementAndGet();
                return List.of();
            }
        };
        path.onSecondInstall = setup -> install(setup, "second", 2);
        assertThatThrownBy(() -> path.during(
                        () -> Sessions.builder().dispatcher(own).connect(ConnectionSpec.parse(spec), TIMEOUT)))
                .hasMessage("planted");
        assertThat(shutdowns).hasValueGreaterThanOrEqualTo(1);
        assertUndone();
    }

    @Test
    void failing_again_and_again_keeps_no_descriptor_no_thread_and_no_mapping() throws Exception {
        failAtEachStep(); // whatever the JVM loads, it loads now
        String grown = "";
        for (int period = 0; period < PERIODS; period++) { // the JVM itself takes some until it is warm
            Held before = Held.now();
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                failAtEachStep();
            }
            Held after = Held.now();
            if (after.isWithin(before)) {
                return;
            }
            grown += "\n" + before + " -> " + after;
        }
        throw new AssertionError("each %d failures of each step keep something:%s".formatted(CYCLES, grown));
    }

    private void failAtEachStep() throws Exception {
        for (Step step : Step.values()) {
            dispatcher = "thread-pool";
            spec = "scripted:somewhere?peer=llvm";
            prepare();
            step.plan.on(this);
            assertThat(catchThrowable(this::connect)).as("%s", step).isNotNull();
            assertUndone();
        }
    }

    /// What of the system this process holds: threads are counted by name, because those of the JVM come and go.
    private record Held(long descriptors, long threads, long mappings) {

        static Held now() throws IOException {
            long threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("orc-"))
                    .count();
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"));
                    Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
                return new Held(descriptors.count(), threads, mappings.count());
            }
        }

        /// One of anything in each step of each cycle would be far more.
        boolean isWithin(Held before) {
            return descriptors <= before.descriptors + 2
                    && threads <= before.threads
                    && mappings < before.mappings + CYCLES / 2;
        }
    }

    /// Managers heard of both ends in reverse order, no function has an address, the connection is closed, and the
    /// session says that it is dead.
    private void assertUndone() {
        List<String> added = events.stream()
                .filter(event -> event.startsWith("added "))
                .map(event -> event.substring("added ".length()))
                .toList()
                .reversed();
        List<String> expected = new ArrayList<>(
                added.reversed().stream().map(name -> "added " + name).toList());
        added.forEach(name -> expected.add("detach " + name));
        added.forEach(name -> expected.add("shutdown " + name));
        assertThat(events).isEqualTo(expected);
        for (long address : addresses) {
            assertThat(linker.boundAt(address)).isNull();
        }
        for (WrapperFunction function : functions) {
            assertThatThrownBy(() -> linker.unbind(function)).hasMessageContaining("not bound");
        }
        assertThat(ends.closed).as("connections closed of those opened").hasValue(ends.opened.get());
        if (seen != null) {
            assertThat(seen.tryEnter()).isNull();
            assertThat(seen.callController(
                            new HandlerTag(1),
                            MemorySegment.NULL,
                            0,
                            0,
                            (status, bytes, offset, length, context) -> {},
                            0,
                            Session.NO_TIMEOUT))
                    .isEqualTo(SendStatus.DISCONNECTED);
            assertThat(seen.shutdown(Duration.ZERO).isClean()).isTrue();
        }
        events.clear();
        addresses = new ArrayList<>();
        functions.clear();
        seen = null;
    }
}
