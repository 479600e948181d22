// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.OrcException;
import org.orcrt.api.ResourceManager;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.SessionException;
import org.orcrt.api.TransportException;
import org.orcrt.api.type.Typed;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.ExecutorSetup;
import org.orcrt.spi.MessageChannelProvider;
import org.orcrt.spi.WrapperFunctionLinker;

/// Building a session: all of it, or nothing.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionsConnectTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final ConnectionSpec SPEC = ConnectionSpec.parse("scripted:somewhere?peer=llvm");

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final List<Throwable> reports = new CopyOnWriteArrayList<>();
    private final List<Long> addresses = new ArrayList<>();
    private final ScriptedChannel channel = new ScriptedChannel(false);

    @TempDir
    private Path directory;

    private PluginPath path;
    private @Nullable WrapperFunctionLinker linker;
    private @Nullable Session seen;

    @BeforeEach
    void put_a_transport_and_two_plug_ins_on_the_path() throws IOException {
        path = new PluginPath(directory)
                .provide(MessageChannelProvider.class, PluginScripts.Transport.class)
                .provide(ExecutorPlugin.class, PluginScripts.Plugin.class, PluginScripts.SecondPlugin.class);
        path.onInstall = setup -> install(setup, "first");
        path.onSecondInstall = setup -> install(setup, "second");
        path.onConnect = () -> {
            events.add("connect");
            return channel;
        };
    }

    private void install(ExecutorSetup setup, String name) {
        events.add("install " + name);
        linker = setup.linker();
        seen = setup.session();
        ExecutorAddress address = setup.function(name + ".f", (args, offset, length, reply) -> {});
        addresses.add(address.value());
        setup.resource(new ResourceManager() {
            @Override
            public void detach() {
                events.add("detach " + name);
            }

            @Override
            public void shutdown() {
                events.add("shutdown " + name);
            }
        });
    }

    private Session connect() throws Exception {
        return connect(SPEC);
    }

    private Session connect(ConnectionSpec spec) throws Exception {
        return path.during(() -> Sessions.builder()
                .errorReporter(reports::add)
                .option("scripted.colour", "green")
                .connect(spec, TIMEOUT));
    }

    /// Everything that was done is undone, and the session is clearly dead.
    private void assertUndone(String... expected) {
        assertThat(events).containsExactly(expected);
        for (long address : addresses) {
            assertThat(linker.boundAt(address)).isNull();
        }
        if (seen != null) {
            assertThat(seen.tryEnter()).isNull();
            assertThat(seen.shutdown(Duration.ZERO).isClean()).isTrue();
        }
    }

    @Test
    void a_session_is_built_from_every_plug_in_and_the_controller_is_told() throws Exception {
        try (Session session = connect()) {
            assertThat(events).containsExactly("install first", "install second", "connect");
            assertThat(session).isSameAs(seen);
            assertThat(session.bootstrapInfo().symbols()).containsOnlyKeys("first.f", "second.f");
            assertThat(channel.sent).hasSize(1);
            assertThat(new String(channel.sent.getFirst(), StandardCharsets.ISO_8859_1))
                    .contains(
                            "first.f",
                            "second.f",
                            session.bootstrapInfo().processInfo().triple());
            assertThat(channel.closes).hasValue(0);
        }
        assertUndone(
                "install first",
                "install second",
                "connect",
                "detach second",
                "detach first",
                "shutdown second",
                "shutdown first");
        assertThat(channel.closes).hasValue(1);
        assertThat(reports).isEmpty();
    }

    @Test
    void options_and_the_peer_reach_the_plug_ins() throws Exception {
        path.onInstall = setup -> {
            events.add(setup.option("scripted.colour").orElse("none"));
            events.add(setup.option("other").orElse("none"));
            events.add("llvm " + setup.isLlvmPeer());
            events.add("" + setup.processInfo().equals(ProcessDetection.detect()));
        };
        path.onSecondInstall = setup -> {};
        connect().close();
        assertThat(events).containsExactly("green", "none", "llvm true", "true", "connect");
    }

    @Test
    void limits_bound_the_calls_in_flight() throws Exception {
        SessionLimits limits = new SessionLimits(1, 1, 1 << 20, 2, 64, TIMEOUT);
        try (Session session = path.during(() ->
                Sessions.builder().limits(limits).errorReporter(reports::add).connect(SPEC, TIMEOUT))) {
            List<SendStatus> statuses = new ArrayList<>();
            for (int k = 0; k < 3; k++) {
                statuses.add(session.callController(
                        SessionOutgoingTest.TAG,
                        MemorySegment.NULL,
                        0,
                        0,
                        (status, bytes, offset, length, context) -> events.add("told " + context),
                        k,
                        Session.NO_TIMEOUT));
            }
            assertThat(statuses).containsExactly(SendStatus.SENT, SendStatus.SENT, SendStatus.BACK_PRESSURED);
            session.detach();
            assertThat(events).contains("told 0", "told 1").doesNotContain("told 2");
        }
    }

    @Test
    @Tag("CS-6")
    void an_unknown_scheme_is_an_unavailable_transport_and_the_error_lists_what_was_found() {
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> Sessions.builder().connect(ConnectionSpec.parse("carrier-pigeon:home"), TIMEOUT))
                .withMessage(
                        "no transport for 'carrier-pigeon' on the module path; add the jar of one that serves it; found: none")
                .satisfies(e -> assertThat(e.typeId()).isEqualTo(TransportException.UNAVAILABLE));
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> connect(ConnectionSpec.parse("carrier-pigeon:home")))
                .withMessageContaining("found: [scripted] (" + PluginScripts.Transport.class.getName() + ")");
        assertUndone();
    }

    @Test
    void a_peer_of_ours_is_served_too_and_told_what_llvm_is_not() throws Exception {
        path.onInstall = setup -> events.add("llvm " + setup.isLlvmPeer());
        path.onSecondInstall = setup -> {};
        try (Session session = connect(ConnectionSpec.parse("scripted:somewhere"))) {
            assertThat(events).containsExactly("llvm false", "connect");
            assertThat(session.bootstrapInfo().values()).containsKey("orc-rt.Executor.SubtargetFeatures");
        }
        assertThat(channel.sent).as("Setup and the hang-up").hasSize(2);
    }

    @Test
    @Tag("X5")
    void a_plug_in_that_cannot_work_here_stops_everything_and_says_why() {
        path.pluginUnavailable = Optional.of("needs a newer kernel");
        assertThatExceptionOfType(SessionException.class)
                .isThrownBy(this::connect)
                .withMessage("plug-in 'scripted' cannot work here: needs a newer kernel")
                .satisfies(e -> assertThat(e.typeId()).isEqualTo(SessionException.PLUGIN));
        assertUndone();
    }

    @Test
    @Tag("EP-6")
    @Tag("X5")
    void a_plug_in_that_throws_undoes_what_others_and_itself_had_added() {
        for (Throwable planted : List.of(new IllegalStateException("planted"), new AssertionError("planted"))) {
            events.clear();
            path.onSecondInstall = setup -> {
                install(setup, "second");
                DispatcherShutdownTest.<RuntimeException>sneak(planted);
            };
            assertThatThrownBy(this::connect).isSameAs(planted);
            assertUndone(
                    "install first",
                    "install second",
                    "detach second",
                    "detach first",
                    "shutdown second",
                    "shutdown first");
        }
        assertThat(reports).isEmpty();
    }

    @Test
    @Tag("X5")
    void plug_ins_that_disagree_about_a_name_undo_everything() {
        path.onSecondInstall = setup -> {
            install(setup, "second");
            setup.symbol("first.f", new ExecutorAddress(7));
        };
        assertThatExceptionOfType(SessionException.class)
                .isThrownBy(this::connect)
                .withMessageContainingAll("'first.f'", "'scripted'", "'second'");
        assertUndone(
                "install first",
                "install second",
                "detach second",
                "detach first",
                "shutdown second",
                "shutdown first");
    }

    @Test
    @Tag("X5")
    void a_controller_that_cannot_be_reached_undoes_everything() {
        path.onConnect = () -> {
            events.add("connect");
            throw new IOException("nobody listens");
        };
        assertThatExceptionOfType(IOException.class).isThrownBy(this::connect).withMessage("nobody listens");
        assertUndone(
                "install first",
                "install second",
                "connect",
                "detach second",
                "detach first",
                "shutdown second",
                "shutdown first");
    }

    @Test
    void of_a_connect_that_failed_the_caller_hears_why_and_the_owner_that_it_is_over() {
        List<Optional<OrcException>> heard = new ArrayList<>();
        path.onConnect = () -> {
            throw new IOException("no route");
        };
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> path.during(() -> Sessions.builder()
                        .errorReporter(reports::add)
                        .onDisconnected(heard::add)
                        .connect(SPEC, TIMEOUT)))
                .withMessage("no route");
        assertThat(heard).containsExactly(Optional.empty());
        assertThat(reports).isEmpty();
    }

    @Test
    @Tag("X5")
    void a_controller_that_goes_away_before_it_was_told_who_we_are_undoes_everything_and_closes_the_channel() {
        ScriptedChannel gone = new ScriptedChannel(true);
        path.onConnect = () -> {
            events.add("connect");
            return gone;
        };
        assertThatThrownBy(this::connect)
                .isInstanceOf(TransportException.class)
                .satisfies(e -> assertThat(((Typed) e).typeId()).isEqualTo(TransportException.PEER_GONE));
        assertUndone(
                "install first",
                "install second",
                "connect",
                "detach second",
                "detach first",
                "shutdown second",
                "shutdown first");
        assertThat(gone.closes).hasValueGreaterThanOrEqualTo(1);
        assertThat(gone.sent).isEmpty();
    }

    @Test
    void what_fails_while_undoing_is_reported_and_hides_nothing() {
        IllegalStateException planted = new IllegalStateException("planted");
        path.onSecondInstall = setup -> {
            setup.resource(new ResourceManager() {
                @Override
                public void detach() {}

                @Override
                public void shutdown() {
                    throw planted;
                }
            });
            throw new IllegalArgumentException("the first failure");
        };
        assertThatThrownBy(this::connect)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the first failure");
        assertThat(reports).containsExactly(planted);
        assertUndoneAfterFailure();
    }

    private void assertUndoneAfterFailure() {
        assertThat(events).containsExactly("install first", "detach first", "shutdown first");
        assertThat(linker.boundAt(addresses.getFirst())).isNull();
    }

    @Test
    @Tag("EP-8")
    void a_broken_plug_in_is_reported_and_the_session_is_built_without_it() throws Exception {
        path.provide(
                ExecutorPlugin.class,
                PluginScripts.Broken.class,
                PluginScripts.Plugin.class,
                PluginScripts.SecondPlugin.class);
        connect().close();
        assertThat(events).startsWith("install first", "install second", "connect");
        assertThat(reports)
                .singleElement()
                .satisfies(report -> assertThat(report).hasMessageContaining("PluginScripts$Broken"));
    }
}
