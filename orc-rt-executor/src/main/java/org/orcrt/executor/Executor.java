// SPDX-License-Identifier: Apache-2.0
package org.orcrt.executor;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.OrcException;
import org.orcrt.api.Session;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.core.SessionLimits;
import org.orcrt.core.Sessions;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.ExecutorPlugin;

/// An executor inside your own JVM: everything on the module path that plugs in, behind one connection.
///
/// ```java
/// try (Session session = Executor.builder().spec(args[0]).start()) {
///     session.awaitDetached(Duration.ofHours(1));
/// }
/// ```
public final class Executor {

    private Executor() {}

    /// Begins to build an executor.
    ///
    /// @return a builder with defaults for everything but the spec
    public static Builder builder() {
        return new Builder();
    }

    /// Collects what an executor is made of. Not thread-safe.
    public static final class Builder {

        private final Sessions.Builder session = Sessions.builder();
        private String spec = "";
        private Duration timeout = Duration.ofSeconds(30);

        private Builder() {}

        /// Says how to reach the controller.
        ///
        /// @param newSpec a connection spec, for example `filedescs=3,6`
        /// @return this builder
        public Builder spec(String newSpec) {
            spec = newSpec;
            return this;
        }

        /// Bounds the time to connect, or to wait for the controller; 30 seconds unless told otherwise.
        ///
        /// @param newTimeout at most so long
        /// @return this builder
        public Builder timeout(Duration newTimeout) {
            timeout = newTimeout;
            return this;
        }

        /// Sets an option that plug-ins read.
        ///
        /// @param name for example `memory.allow-write-execute`
        /// @param value its value
        /// @return this builder
        public Builder option(String name, String value) {
            session.option(name, value);
            return this;
        }

        /// Replaces the bounds of the session.
        ///
        /// @param limits the bounds
        /// @return this builder
        public Builder limits(SessionLimits limits) {
            session.limits(limits);
            return this;
        }

        /// Says where failures go that nobody waits for; a logger of the platform unless told otherwise.
        ///
        /// @param reporter called from many threads
        /// @return this builder
        public Builder errorReporter(ErrorReporter reporter) {
            session.errorReporter(reporter);
            return this;
        }

        /// Has a dispatcher run Java functions that are no leaves.
        ///
        /// @param dispatcher owned by the session, which shuts it down at its end
        /// @return this builder
        public Builder dispatcher(TaskDispatcher dispatcher) {
            session.dispatcher(dispatcher);
            return this;
        }

        /// Chooses a dispatcher by name, as `orc-rt plugins` lists them; `thread-pool` unless told otherwise.
        ///
        /// @param name for example `virtual-thread`
        /// @return this builder
        public Builder dispatcher(String name) {
            session.dispatcher(name);
            return this;
        }

        /// Adds a plug-in by hand, after those that are found on the module path.
        ///
        /// @param plugin installed into this executor only
        /// @return this builder
        public Builder plugin(ExecutorPlugin plugin) {
            session.plugin(plugin);
            return this;
        }

        /// Says who hears of the end of the connection, before the resource managers do: exactly once, also
        /// if there never was a controller. Without this, a failure goes to the error reporter.
        ///
        /// @param handler told of the failure, or of nothing after an orderly end; must not block
        /// @return this builder
        public Builder onDisconnected(Consumer<Optional<OrcException>> handler) {
            session.onDisconnected(handler);
            return this;
        }

        /// Says who hears where the executor listens, if its spec is one that listens, before it waits for
        /// its controller.
        ///
        /// @param handler told what the controller connects to, with a port that was free filled in
        /// @return this builder
        public Builder onListening(Consumer<ConnectionSpec> handler) {
            session.onListening(handler);
            return this;
        }

        /// Connects, or waits for the controller, and starts to serve. If anything fails, everything is undone.
        ///
        /// @return the running session, to be closed by the caller
        /// @throws IOException if the controller cannot be reached
        /// @throws IllegalArgumentException if the spec or an option is wrong
        /// @throws org.orcrt.api.OrcException if a transport, the linker or a plug-in is missing or broken
        public Session start() throws IOException {
            return session.connect(ConnectionSpec.parse(spec), timeout);
        }
    }
}
