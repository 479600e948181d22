// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.MessageChannel;
import org.orcrt.spi.MessageChannelListener;
import org.orcrt.spi.MessageChannelProvider;
import org.orcrt.testing.FaultSuite;
import org.orcrt.testing.FaultSweep;

/// The lives of sessions over descriptors: attach, calls in both directions, the end.
public final class AttachFaults implements FaultSuite {

    /// What [Transport] makes channels with.
    private static volatile SystemCalls calls = SystemCalls.real();

    /// For whoever has only the name.
    public AttachFaults() {}

    @Override
    public String name() {
        return "attach";
    }

    @Override
    public List<FaultSweep.Scenario> scenarios() {
        List<FaultSweep.Scenario> scenarios = new ArrayList<>();
        for (boolean socket : new boolean[] {false, true}) {
            for (boolean hangup : new boolean[] {false, true}) {
                scenarios.add(new AttachScenario(socket, hangup));
            }
        }
        return scenarios;
    }

    /// Does something while connections of the scheme `faulty` make these system calls.
    static void during(SystemCalls faulty, Runnable work) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        URL services = Objects.requireNonNull(AttachFaults.class.getResource("/faults/"), "no /faults/ here");
        try (URLClassLoader loader = new URLClassLoader(new URL[] {services}, AttachFaults.class.getClassLoader())) {
            thread.setContextClassLoader(loader);
            calls = faulty;
            work.run();
        } catch (IOException unclosed) {
            throw new AssertionError(unclosed);
        } finally {
            calls = SystemCalls.real();
            thread.setContextClassLoader(before);
        }
    }

    /// `faulty:IN,OUT`: our own transport over descriptors, with other system calls.
    public static final class Transport implements MessageChannelProvider {

        private final SocketProvider socket = new SocketProvider(() -> calls);

        /// For the service loader.
        public Transport() {}

        @Override
        public String name() {
            return "faulty";
        }

        @Override
        public Set<String> schemes() {
            return Set.of("faulty");
        }

        @Override
        public Optional<String> unavailable() {
            return Optional.empty();
        }

        @Override
        public MessageChannel connect(ConnectionSpec spec, Duration timeout) throws IOException {
            return socket.connect(new ConnectionSpec("fd", spec.target(), spec.options()), timeout);
        }

        @Override
        public MessageChannelListener listen(ConnectionSpec spec) throws IOException {
            return socket.listen(spec);
        }
    }
}
