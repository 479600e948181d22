// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ProcessInfo;
import org.orcrt.api.Session;
import org.orcrt.api.SessionException;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.MessageChannel;
import org.orcrt.spi.MessageChannelProvider;
import org.orcrt.wire.Connection;
import org.orcrt.wire.Llvm22;

/// Builds sessions: finds the plug-ins, installs them, and connects to a controller.
public final class Sessions {

    private Sessions() {}

    /// Ends the process after its sessions: see [org.orcrt.spi.WrapperFunctionLinker#endProcess].
    ///
    /// @param status the exit code
    public static void endProcess(int status) {
        Plugins.linker(failure -> {}).endProcess(status);
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

        /// Connects to a controller and starts to serve it. If anything fails, everything is undone.
        ///
        /// @param spec how to reach the controller
        /// @param timeout at most so long
        /// @return the running session; to be closed by the caller
        /// @throws IOException if the controller cannot be reached
        /// @throws org.orcrt.api.OrcException if a transport, the linker or a plug-in is missing or broken
        public Session connect(ConnectionSpec spec, Duration timeout) throws IOException {
            MessageChannelProvider transport = Plugins.transport(spec, reporter);
            if (!spec.isLlvmPeer()) {
                throw new SessionException(
                        SessionException.ATTACH,
                        "cannot attach to '" + spec + "': only peer=llvm is served so far; add the option peer=llvm");
            }
            DefaultSession session = new DefaultSession(limits, reporter, Plugins.linker(reporter));
            try {
                install(session, spec);
                MessageChannel channel = transport.connect(spec, timeout);
                session.attach(new Connection(channel, Llvm22.DIALECT, limits.maxInFlight(), reporter));
                return session;
            } catch (IOException | RuntimeException | Error failure) {
                session.close();
                throw failure;
            }
        }

        private void install(DefaultSession session, ConnectionSpec spec) {
            ProcessInfo process = ProcessDetection.detect();
            for (ExecutorPlugin plugin : Plugins.executorPlugins(reporter)) {
                plugin.unavailable().ifPresent(reason -> {
                    throw new SessionException(
                            SessionException.PLUGIN,
                            "plug-in '%s' cannot work here: %s".formatted(plugin.name(), reason));
                });
                plugin.install(new PluginSetup(session, plugin.name(), process, spec.isLlvmPeer(), options));
            }
            session.parts().complete(process);
        }
    }
}
