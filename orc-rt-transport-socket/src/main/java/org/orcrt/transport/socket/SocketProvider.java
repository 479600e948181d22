// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.orcrt.ffm.FfmLinker;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.MessageChannel;
import org.orcrt.spi.MessageChannelListener;
import org.orcrt.spi.MessageChannelProvider;

/// `fd:IN,OUT`: two descriptors that we inherited, pipes or sockets. `tcp://H:P`, `tcp-listen://H:P`,
/// `unix:///PATH` and `unix-listen:///PATH`: sockets that we make.
public final class SocketProvider implements MessageChannelProvider {

    private static final String INHERITED = "fd";

    private final Supplier<SystemCalls> calls;

    /// For the service loader.
    public SocketProvider() {
        this(SystemCalls::real);
    }

    /// @param calls asked when a connection is made: until then nothing native is needed
    SocketProvider(Supplier<SystemCalls> calls) {
        this.calls = calls;
    }

    @Override
    public String name() {
        return "socket";
    }

    @Override
    public Set<String> schemes() {
        return Set.of(INHERITED, "tcp", "tcp-listen", "unix", "unix-listen");
    }

    @Override
    public Optional<String> unavailable() {
        return new FfmLinker().unavailable();
    }

    @Override
    public MessageChannel connect(ConnectionSpec spec, Duration timeout) throws IOException {
        if (!spec.scheme().equals(INHERITED)) {
            if (spec.isListening()) {
                throw new IllegalArgumentException("cannot connect to '" + spec + "': an end that listens accepts");
            }
            return connector(spec).connect(System.nanoTime() + timeout.toNanos());
        }
        InheritedDescriptors descriptors = InheritedDescriptors.parse(spec);
        SystemCalls system = calls.get();
        descriptors.check(system);
        return new FdChannel(system, descriptors.in(), descriptors.out(), FdLimits.DEFAULT);
    }

    @Override
    public MessageChannelListener listen(ConnectionSpec spec) throws IOException {
        if (spec.scheme().equals(INHERITED)) {
            throw new IllegalArgumentException("cannot listen on '" + spec + "': inherited descriptors are connected");
        }
        if (!spec.isListening()) {
            throw new IllegalArgumentException(
                    "cannot listen on '" + spec + "'; write " + spec.scheme() + "-listen:" + spec.target());
        }
        return SocketListener.open(connector(spec));
    }

    private static SocketConnector connector(ConnectionSpec spec) throws IOException {
        return new SocketConnector(Sockets.real(), SocketSpec.parse(spec), FdLimits.DEFAULT);
    }
}
