// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.OrcException;
import org.orcrt.api.ProcessInfo;
import org.orcrt.api.Session;
import org.orcrt.api.SessionException;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.ControllerAccess;
import org.orcrt.spi.ControllerAccessProvider;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.MessageChannel;
import org.orcrt.spi.MessageChannelListener;
import org.orcrt.spi.MessageChannelProvider;
import org.orcrt.spi.ResourceManagerProvider;
import org.orcrt.spi.WrapperFunctionLinker;
import org.orcrt.wire.Connection;
import org.orcrt.wire.Llvm22;
import org.orcrt.wire.Ours;
import org.orcrt.wire.Transports;
import org.orcrt.wire.TypeTables;

/// Builds sessions: finds the plug-ins, installs them, and connects to a controller.
public final class Sessions {

    /// The bootstrap value with the processor's features; orc-rt's name for it.
    private static final String SUBTARGET_FEATURES = "orc-rt.Executor.SubtargetFeatures";

    private Sessions() {}

    /// Ends the process after its sessions: see [org.orcrt.spi.WrapperFunctionLinker#endProcess]. Recordings
    /// of Flight Recorder that are to be written at exit are written before.
    ///
    /// @param status the exit code
    public static void endProcess(int status) {
        try {
            SessionEvents.processEnds();
        } finally {
            Plugins.linker(failure -> {}).endProcess(status);
        }
    }

    /// Begins to build a session.
    ///
    /// @return a builder with defaults for everything
    public static Builder builder() {
        return new Builder();
    }

    /// Collects what a session is made of. Not thread-safe.
    public static final class Builder {

        private final Map<String, String> options = new LinkedHashMap<>();
        private SessionLimits limits = SessionLimits.DEFAULT;
        private final List<ExecutorPlugin> plugins = new ArrayList<>();
        private @Nullable Consumer<Optional<OrcException>> onDisconnected;
        private Consumer<ConnectionSpec> onListening = spec -> {};
        private @Nullable TaskDispatcher dispatcher;
        private String dispatcherName = "thread-pool";
        private ErrorReporter reporter = failure ->
                System.getLogger("org.orcrt").log(System.Logger.Level.ERROR, "failure that nobody waits for", failure);

        private Builder() {}

        /// Sets an option that plug-ins read.
        ///
        /// @param name for example `memory.allow-write-execute`
        /// @param value its value
        /// @return this builder
        public Builder option(String name, String value) {
            options.put(name, value);
            return this;
        }

        /// Replaces the bounds.
        ///
        /// @param newLimits the bounds
        /// @return this builder
        public Builder limits(SessionLimits newLimits) {
            limits = newLimits;
            return this;
        }

        /// Says where failures go that nobody waits for; a logger of the platform unless told otherwise.
        ///
        /// @param newReporter called from many threads
        /// @return this builder
        public Builder errorReporter(ErrorReporter newReporter) {
            reporter = newReporter;
            return this;
        }

        /// Has a dispatcher run Java functions that are no leaves.
        ///
        /// @param newDispatcher owned by the session, which shuts it down at its end, also if no session
        ///     comes of it
        /// @return this builder
        public Builder dispatcher(TaskDispatcher newDispatcher) {
            dispatcher = newDispatcher;
            return this;
        }

        /// Chooses a dispatcher by name, as `orc-rt plugins` lists them; `thread-pool` unless told
        /// otherwise. It gets the
        /// session's bounds.
        ///
        /// @param name for example `virtual-thread`
        /// @return this builder
        public Builder dispatcher(String name) {
            dispatcher = null;
            dispatcherName = name;
            return this;
        }

        /// Adds a plug-in by hand, after those that are found on the module path.
        ///
        /// @param plugin installed into this session only
        /// @return this builder
        public Builder plugin(ExecutorPlugin plugin) {
            plugins.add(plugin);
            return this;
        }

        /// Says who hears of the end of the connection, before the resource managers do: exactly once in a
        /// session's life, also if there never was a controller. Without this, a failure goes to the error
        /// reporter.
        ///
        /// @param handler told of the failure, or of nothing after an orderly end; must not block
        /// @return this builder
        public Builder onDisconnected(Consumer<Optional<OrcException>> handler) {
            onDisconnected = handler;
            return this;
        }

        /// Says who hears where a session listens that waits for its controller, before it waits.
        ///
        /// @param handler told what the controller connects to, with a port that was free filled in
        /// @return this builder
        public Builder onListening(Consumer<ConnectionSpec> handler) {
            onListening = handler;
            return this;
        }

        /// Builds a session on a connection that is there already, and starts to serve. If anything fails,
        /// everything is undone.
        ///
        /// @param access not attached yet; owned by the session from now on
        /// @return the running session; to be closed by the caller
        /// @throws org.orcrt.api.OrcException if the linker or a plug-in is missing or broken
        public Session attach(ControllerAccess access) {
            try {
                DefaultSession session = prepared(Plugins.linker(reporter), false);
                try {
                    session.events().reachedBy(access.getClass().getSimpleName());
                    session.attach(access);
                    return session;
                } catch (RuntimeException | Error failure) {
                    session.close();
                    throw failure;
                }
            } catch (RuntimeException | Error failure) {
                giveUpDispatcher();
                access.disconnect();
                throw failure;
            }
        }

        /// Connects to a controller, or waits for one, and starts to serve it. If anything fails, everything is
        /// undone.
        ///
        /// @param spec how to reach the controller, or where to wait for it; nobody listens there any more
        ///     when it has come
        /// @param timeout at most so long
        /// @return the running session; to be closed by the caller
        /// @throws IOException if the controller cannot be reached
        /// @throws org.orcrt.api.OrcException if a transport, the linker or a plug-in is missing or broken
        public Session connect(ConnectionSpec spec, Duration timeout) throws IOException {
            try {
                return connected(spec, timeout);
            } catch (IOException | RuntimeException | Error failure) {
                giveUpDispatcher();
                throw failure;
            }
        }

        private Session connected(ConnectionSpec spec, Duration timeout) throws IOException {
            // first, because without native access other plug-ins cannot work either, and this is what says so
            WrapperFunctionLinker linker = Plugins.linker(reporter);
            ControllerAccessProvider exotic = Plugins.access(spec, reporter);
            MessageChannelProvider transport = exotic == null ? Transports.forSpec(spec, reporter) : null;
            DefaultSession session = prepared(linker, spec.isLlvmPeer());
            session.events().reachedBy(spec.toString());
            try {
                session.attach(
                        transport == null
                                ? requireNonNull(exotic).connect(spec, timeout)
                                : new Connection(
                                        reach(transport, spec, timeout),
                                        spec.isLlvmPeer() ? Llvm22.DIALECT : Ours.DIALECT,
                                        limits.maxInFlight(),
                                        reporter));
                return session;
            } catch (IOException | RuntimeException | Error failure) {
                session.close();
                throw failure;
            }
        }

        /// One peer, and then nobody listens any more.
        private MessageChannel reach(MessageChannelProvider transport, ConnectionSpec spec, Duration timeout)
                throws IOException {
            if (!spec.isListening()) {
                return transport.connect(spec, timeout);
            }
            try (MessageChannelListener listener = transport.listen(spec)) {
                onListening.accept(listener.spec());
                return listener.accept(timeout);
            }
        }

        /// A session with all plug-ins installed, not attached.
        private DefaultSession prepared(WrapperFunctionLinker linker, boolean llvmPeer) {
            DefaultSession session =
                    new DefaultSession(limits, new SessionHooks(reporter, onDisconnected, ownDispatcher()), linker);
            try {
                ProcessInfo process = ProcessDetection.detect();
                List<ExecutorPlugin> all = new ArrayList<>(Plugins.executorPlugins(reporter));
                all.addAll(plugins);
                for (ExecutorPlugin plugin : all) {
                    install(plugin, new PluginSetup(session, plugin.name(), process, llvmPeer, options));
                }
                for (ResourceManagerProvider provider : Plugins.resourceManagers(reporter)) {
                    session.addResource(provider.create(session));
                }
                if (!llvmPeer) { // LLVM's own executor sends no values to LLVM
                    publish(process, session.parts());
                }
                session.parts().complete(process);
                return session;
            } catch (RuntimeException | Error failure) {
                session.close();
                throw failure;
            }
        }

        private TaskDispatcher ownDispatcher() {
            return dispatcher != null
                    ? dispatcher
                    : Plugins.dispatcher(dispatcherName, reporter).create(limits.ofDispatcher(), reporter);
        }

        /// The owner of a session that is not there has given its dispatcher away all the same.
        private void giveUpDispatcher() {
            if (dispatcher != null) {
                dispatcher.shutdown(Duration.ZERO);
            }
        }

        private static void publish(ProcessInfo process, SessionParts parts) {
            byte[] features = ProcessDetection.subtargetFeatures(process).getBytes(StandardCharsets.US_ASCII);
            parts.addValue(SUBTARGET_FEATURES, features, "core");
            parts.addValue(TypeTables.VALUE, TypeTables.write(parts.kinds()), "core");
        }

        private static void install(ExecutorPlugin plugin, PluginSetup setup) {
            plugin.unavailable().ifPresent(reason -> {
                throw new SessionException(
                        SessionException.PLUGIN, "plug-in '%s' cannot work here: %s".formatted(plugin.name(), reason));
            });
            plugin.install(setup);
        }
    }
}
